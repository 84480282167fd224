// Plays one simulation for each kind of fault of the catalogue, or sees it refused by name.

import { describe, expect, test } from 'vitest';
import * as catalogue from '../../harness/faults/catalogue.ts';
import { requirePlayable } from '../../harness/rehearsal/simulate.ts';
import { findDesigns, loadScenario, parseScenario } from '../../harness/scenario/load.ts';
import { plan } from '../../harness/scenario/plan.ts';
import { simulatedPlan } from '../support/simulated.ts';

/** The part of a fault that says what it does, and the loss that most of its black screen is. */
const PLAYED: Readonly<Record<string, readonly (readonly [fault: object, loss: string])[]>> = {
  bandwidth: [[{ links: ['connect-down'], bandwidth: '40k' }, 'stalled']],
  'clock-skew': [[{ stages: ['transcoder'], clockSkew: '-1h' }, 'none']],
  content: [
    [{ stages: ['playout'], content: 'black' }, 'black'],
    [{ stages: ['playout'], content: 'frozen' }, 'frozen'],
    [{ stages: ['playout'], content: 'silent' }, 'none'],
    [{ stages: ['playout'], content: 'wrong-channel' }, 'slate'],
  ],
  cut: [
    [{ links: ['connect-up'], cut: 'hold' }, 'black'],
    [{ links: ['connect-down'], cut: 'hold' }, 'stalled'],
    [{ links: ['connect-down'], cut: 'drop' }, 'stalled'],
    [{ links: ['connect-down'], cut: 'refuse' }, 'stalled'],
    [{ links: ['connect-down'], cut: 'reset' }, 'stalled'],
  ],
  'full-disk': [[{ stages: ['origin'], disk: 'full' }, 'stalled']],
  http: [
    [{ stages: ['edge'], http: { status: 404 } }, 'dead'],
    [{ stages: ['edge'], http: { status: 503 } }, 'dead'],
    [{ stages: ['edge'], http: { slow: '9s' } }, 'stalled'],
    [{ stages: ['edge'], http: { truncated: '50%' } }, 'dead'],
    [{ stages: ['edge'], http: { gap: 3 } }, 'stalled'],
    [{ stages: ['edge'], http: { wrong: 'hang' } }, 'stalled'],
    [{ stages: ['edge'], http: { of: 'playlist', wrong: 'stale' } }, 'stalled'],
    [{ stages: ['edge'], http: { of: 'playlist', wrong: 'empty' } }, 'dead'],
    [{ stages: ['edge'], http: { of: 'playlist', wrong: 'sequence-reset' } }, 'none'],
    [{ stages: ['edge'], http: { of: 'playlist', wrong: 'no-discontinuity' } }, 'none'],
    [{ stages: ['origin'], http: { of: 'upload', status: 503 } }, 'stalled'],
  ],
  latency: [[{ links: ['connect-down'], latency: { delay: '200ms', jitter: '20ms' } }, 'none']],
  loss: [[{ links: ['connect-down'], loss: { share: '5%', roundTrip: '20ms' } }, 'none']],
  slice: [[{ links: ['connect-down'], slice: { bytes: 100, delay: '20ms' } }, 'stalled']],
  stage: [
    [{ stages: ['edge'], stage: 'kill' }, 'dead'],
    [{ stages: ['transcoder'], stage: 'stop' }, 'stalled'],
    [{ stages: ['transcoder'], stage: 'restart' }, 'stalled'],
    [{ stages: ['edge'], stage: 'pause' }, 'stalled'],
    [{ stages: ['origin'], stage: 'disconnect' }, 'stalled'],
  ],
};

const REFUSED: Readonly<Record<string, readonly (readonly [fault: object, said: RegExp])[]>> = {
  squeeze: [[{ stages: ['transcoder'], squeeze: { cpus: 0.2 } }, /processor or memory/]],
  content: [
    [{ stages: ['playout'], timestampJump: '1h' }, /real decoder/],
    [{ stages: ['playout'], resolution: '640x360' }, /real decoder/],
    [{ stages: ['playout'], codec: 'mpeg2' }, /real decoder/],
  ],
  http: [[{ stages: ['edge'], http: { of: 'segment', corrupt: '10%' } }, /real decoder/]],
  duplicate: [[{ links: ['connect-tv'], duplicate: { share: '5%' } }, /datagrams/]],
  reorder: [[{ links: ['connect-tv'], reorder: { share: '5%', by: 3 } }, /datagrams/]],
  bandwidth: [[{ links: ['connect-up'], bandwidth: '40k' }, /damages pictures/]],
};

const planWith = (fault: object, design = 'single-access') =>
  plan(
    parseScenario(
      JSON.stringify({
        name: 'one-fault',
        title: 'One fault of 24 s',
        kind: 'drill',
        design,
        viewers: { count: 1, policy: { onFatal: 'none' } },
        faults: [{ name: 'fault', at: '2s', for: '24s', ...fault }],
        recover: { within: '20s' },
        expect: ['p50(blackScreen) <= 1h'],
      }),
      'scenarios/one-fault.yaml',
      findDesigns('scenarios/incidents/one-fault.yaml'),
    ),
    { compress: 1, seed: 1 },
  );

const flat = <T>(table: Readonly<Record<string, readonly (readonly [object, T])[]>>) =>
  Object.entries(table).flatMap(([kind, rows]) =>
    rows.map(([fault, then]) => ({ kind, fault, then, words: JSON.stringify(fault) })),
  );

describe('a simulation', () => {
  test.each(flat(PLAYED))('plays $words: $then', async ({ fault, then }) => {
    const { report } = await simulatedPlan(planWith(fault));
    expect(report.run.ended).toBe('complete');
    const [{ ledger }] = report.viewers as [(typeof report.viewers)[number]];
    const [most, ms] = Object.entries(ledger)
      .filter(([look]) => look !== 'programme' && look !== 'left')
      .reduce((a, b) => (b[1] > a[1] ? b : a));
    expect(ms > 500 ? most : 'none').toBe(then);
  });

  test.each(flat(REFUSED))('refuses $words by name', ({ fault, then }) => {
    const made = planWith(fault, 'single-access-tv');
    const unread = { ...made, scenario: { ...made.scenario, file: '' } };
    expect(() => requirePlayable(unread)).toThrow(then);
  });

  test('refuses a player that has no virtual form by name, at its place in the file', async () => {
    const file = 'scenarios/drills/zap-storm.yaml';
    const made = plan(await loadScenario(file), { compress: 1, seed: 1 });
    expect(() => requirePlayable(made)).toThrow(
      expect.objectContaining({
        code: 'SCENARIO_INVALID',
        message: expect.stringMatching(
          /zap-storm\.yaml:\d+:\d+.*settopbox has no virtual form; there is: hls\.js/s,
        ) as string,
      }) as Error,
    );
  });

  test('knows every kind of fault', () => {
    const kinds = Object.values(catalogue).map(({ kind }) => kind);
    expect([...new Set(Object.keys({ ...PLAYED, ...REFUSED }))].toSorted()).toEqual(
      kinds.toSorted(),
    );
  });
});
