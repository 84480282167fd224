// The origin: takes uploads and serves HLS.

import { choice, span } from '../../fields/fields.ts';
import type { OriginStage } from '../../model/scenario.ts';
import { role } from '../role.ts';

const keys = {
  whenStale: choice('Answer for a playlist older than staleAfter.', [
    'serve',
    '404',
    '503',
    'hang',
  ]).default('serve'),
  staleAfter: span('Age at which a playlist is stale.').prefault('10s'),
};

export const origin = role<OriginStage, typeof keys>({
  role: 'origin',
  word: 'Takes uploads, serves HLS.',
  about: 'Takes uploads and serves HLS.',
  follows: ['transcoder'],
  connects: 'the one before',
  inputs: 'one',
  transports: ['tcp'],
  carriesPicture: true,
  carriesFrames: false,
  perChannel: false,
  servesViewers: true,
  count: [1, Infinity],
  program: 'origin',
  memoryMb: 1536,
  commands: ['disk', 'http', 'alertsInPlaylist'],
  tells: ['requests', 'bytesIn', 'bytesOut', 'programmeCounter'],
  keys,
  read: ({ whenStale, staleAfter }) => ({ whenStale, staleAfterMs: staleAfter }),
  check: ({ stage, written }) =>
    stage.whenStale === 'serve' && written['staleAfter'] !== undefined
      ? [{ key: 'staleAfter', message: 'goes with another whenStale than serve: 404, 503 or hang' }]
      : [],
});
