// The server that tells players which edges there are, and which to prefer.

import { duration, span } from '../../fields/fields.ts';
import type { SteeringStage } from '../../model/scenario.ts';
import { ENGINES, role } from '../role.ts';

const keys = {
  ttl: span('Players ask again after this long; not said = they are never steered.').optional(),
  checkEvery: duration(
    'The time between two requests to an edge for a playlist; 0 = none are made.',
    '1h',
  ).prefault('1s'),
};

export const steering = role<SteeringStage, typeof keys>({
  role: 'steering',
  word: 'Tells players which edges there are.',
  about: 'Serves redundant playlists over all edges and steers players between them.',
  follows: ['edge'],
  connects: 'itself',
  inputs: 'each stage',
  transports: [],
  carriesPicture: false,
  carriesFrames: false,
  perChannel: false,
  servesViewers: true,
  count: [0, 1],
  program: 'steering',
  memoryMb: 512,
  commands: [],
  tells: ['requests', 'bytesOut'],
  engines: ENGINES,
  keys,
  read: ({ ttl, checkEvery }) => ({ ttlMs: ttl, checkEveryMs: checkEvery }),
});
