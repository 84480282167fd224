// The server that tells players which edges there are, and which to prefer.

import { z } from 'zod';
import { duration, share, span } from '../../fields/fields.ts';
import type { SteeringStage } from '../../model/scenario.ts';
import { role } from '../role.ts';

const SHARES = 'expected a share for each edge, such as { edge-a: 70%, edge-b: 30% }';

const keys = {
  ttl: span('Players ask again after this long; not said = they are never steered.').optional(),
  checkEvery: duration(
    'The time between two requests to an edge for a playlist; 0 = none are made.',
    '1h',
  ).prefault('1s'),
  shares: z
    .record(z.string(), share('Its share of viewers.'), { error: SHARES })
    .describe(
      'The share of viewers that each edge comes first for; the first for all when not said.',
    )
    .optional(),
};

const percent = (share: number): string => `${Math.round(share * 1e4) / 100}%`;

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
  keys,
  read: ({ ttl, checkEvery, shares }) => ({
    ttlMs: ttl,
    checkEveryMs: checkEvery,
    ...(shares && { shares }),
  }),
  check: ({ stage: { shares = {} } }) => {
    const sum = Object.values(shares).reduce((all, one) => all + one, 0);
    return Object.keys(shares).length === 0 || Math.abs(sum - 1) < 1e-9
      ? []
      : [{ key: 'shares', message: `expected shares of 100% together, got ${percent(sum)}` }];
  },
});
