// A design, an access and windows for tests of checks to vary.

import { NATIONAL_EVENING } from '../../../harness/check/audience.ts';
import type { AnnouncedWindow, CheckInput } from '../../../harness/check/input.ts';
import type { Access, AccessPath } from '../../../harness/model/access.ts';
import type { Design } from '../../../harness/model/scenario.ts';
import { connection, FAST, NATIONAL } from '../routing/builders.ts';

export const PARIS = 'Europe/Paris';
export const at = (text: string): number => {
  const epochMs = Date.parse(text);
  if (Number.isNaN(epochMs)) throw new Error(`${text} is no time`);
  return epochMs;
};
export const HOUR = 3_600_000;

export function designOf(): Pick<Design, 'name' | 'stages' | 'links'> {
  const head = { zone: 'head-end', operator: 'broadcaster', country: 'FR' };
  const cloud = { zone: 'cloud', operator: 'cloud', country: 'IE' };
  return {
    name: 'test-design',
    stages: [
      {
        ...head,
        name: 'playout',
        role: 'playout',
        source: { kind: 'synthetic' },
        sendBufferMs: 1,
        reconnectMs: 1,
        gopMs: 1,
      },
      {
        ...cloud,
        name: 'transcoder',
        role: 'transcoder',
        inputLoss: { repeatMs: 1, blackMs: 1, then: 'black' },
        failBackMs: 1,
        inputLossAction: 'emit',
        upload: { timeoutMs: 1, retries: 1, retryDelayMs: 1, maxAgeMs: 1 },
      },
      { ...head, name: 'origin', role: 'origin', whenStale: 'serve', staleAfterMs: 1 },
      {
        ...head,
        name: 'edge',
        role: 'edge',
        playlistTtlMs: 1,
        segmentTtlMs: 1,
        errorTtlMs: 1,
        staleIfError: false,
        collapse: true,
        originTimeoutMs: 1,
      },
    ] as Design['stages'],
    links: [
      { name: 'connect-up', from: 'playout', to: 'transcoder' },
      { name: 'connect-down', from: 'transcoder', to: 'origin' },
    ],
  };
}

export const accessOf = (paths: readonly AccessPath[], changes: Partial<Access> = {}): Access => ({
  name: 'connect',
  links: [
    { link: 'connect-up', direction: 'in' },
    { link: 'connect-down', direction: 'back' },
  ],
  demandMbps: NATIONAL,
  paths,
  probe: undefined,
  failBack: { holdDownMs: 0 },
  ...changes,
});

export const TWO_PATHS = [
  connection('a', 200, { session: FAST }),
  connection('b', 100, { session: FAST, operator: 'second carrier' }),
];

/** Planned work on connection a, in the small hours, drained, announced three weeks before. */
export const windowOf = (
  name: string,
  changes: Partial<AnnouncedWindow> = {},
): AnnouncedWindow => ({
  name,
  owner: 'carrier',
  kind: 'planned',
  targets: [{ kind: 'path', name: 'a' }],
  fromEpochMs: at('2025-09-10T00:00:00Z'),
  toEpochMs: at('2025-09-10T04:00:00Z'),
  overrunMs: 0,
  drain: { style: 'graceful-shutdown', leadMs: 600_000 },
  noticedAtEpochMs: at('2025-08-20T00:00:00Z'),
  clock: { zone: PARIS, text: '2025-09-10T02:00' },
  source: 'windows.yaml:3',
  ...changes,
});

export const inputOf = (changes: Partial<CheckInput> = {}): CheckInput => ({
  design: designOf(),
  accesses: [accessOf(TWO_PATHS)],
  windows: [windowOf('night')],
  events: [],
  zone: PARIS,
  audience: NATIONAL_EVENING,
  nowEpochMs: at('2025-09-01T00:00:00Z'),
  ownerRules: [],
  ...changes,
});
