// One simulation for each thing that a fault can do: virtual players play it and lose what it takes
// from them, or it is refused by its name.

import { describe, expect, test } from 'vitest';
import { KINDS } from '../../../harness/faults/kinds.ts';
import { requirePlayable } from '../../../harness/rehearsal/simulate.ts';
import { findDesigns, parseScenario } from '../../../harness/scenario/load.ts';
import { plan } from '../../../harness/scenario/plan.ts';
import { simulated } from '../../support/simulated.ts';

const FOR_MS = 20_000;
const DESIGNS = findDesigns('scenarios/drills/one-edge-lost.yaml');

const scenarioWith = (fault: string, design: string) =>
  parseScenario(
    `
name: one-fault
title: One fault
kind: drill
design: ${design}
seed: 3
viewers: { count: 1, policy: { onFatal: reload, delay: 1s, jitter: 0s } }
faults:
  - { name: it, at: 4s, for: ${FOR_MS}ms, ${fault} }
recover: { within: 90s }
expect: [recovered == 100%]
`,
    '',
    DESIGNS,
  );

const UP = 'links: [connect-up]';
const DOWN = 'links: [connect-down]';
const PLAYOUT = 'stages: [playout]';
const TRANSCODER = 'stages: [transcoder]';
const EDGE = 'stages: [edge]';

/** The fault, and whether viewers lose at least half of its length. */
const PLAYED: readonly (readonly [fault: string, loses: boolean])[] = [
  [`${UP}, cut: hold`, true],
  [`${UP}, cut: drop`, true],
  [`${UP}, cut: refuse`, true],
  [`${DOWN}, cut: hold`, true],
  [`${DOWN}, cut: refuse`, true],
  [`${UP}, latency: { delay: 200ms, jitter: 20ms }`, false],
  [`${DOWN}, latency: { delay: 100ms }`, false],
  [`${UP}, bandwidth: 20M`, false],
  [`${DOWN}, bandwidth: 20k`, true],
  [`${UP}, loss: { share: 1%, roundTrip: 20ms }`, false],
  [`${DOWN}, slice: { bytes: 1400, delay: 0ms }`, false],
  [`${PLAYOUT}, stage: kill`, true],
  [`${TRANSCODER}, stage: stop`, true],
  [`${TRANSCODER}, stage: pause`, true],
  [`${EDGE}, stage: kill`, true],
  [`${PLAYOUT}, content: black`, true],
  [`${PLAYOUT}, content: frozen`, true],
  [`${PLAYOUT}, content: silent`, false],
  [`${PLAYOUT}, content: wrong-channel`, true],
  [`stages: [origin], disk: full`, true],
  [`${TRANSCODER}, clockSkew: -1h`, false],
  [`${EDGE}, http: { of: any, status: 404 }`, true],
  [`${EDGE}, http: { of: playlist, status: 503 }`, true],
  [`${EDGE}, http: { of: segment, wrong: hang }`, true],
  [`${EDGE}, http: { of: any, wrong: stale }`, true],
  [`${EDGE}, http: { of: segment, wrong: empty }`, true],
  [`${EDGE}, http: { of: segment, truncated: 50% }`, true],
  [`${EDGE}, http: { of: playlist, slow: 200ms }`, false],
];

const REFUSED: readonly (readonly [fault: string, says: RegExp])[] = [
  [`${UP}, bandwidth: 100k`, /damages pictures/],
  [`${TRANSCODER}, squeeze: { cpus: 0.2 }`, /less processor/],
  [`${PLAYOUT}, timestampJump: 1h`, /real decoder/],
  [`${PLAYOUT}, codec: mpeg2`, /real decoder/],
  [`${EDGE}, http: { of: segment, corrupt: 10% }`, /real decoder/],
];

describe('a fault in virtual time', () => {
  test.each(PLAYED)(
    '%s is played',
    async (fault, loses) => {
      const { report } = await simulated(scenarioWith(fault, 'single-access'));
      expect(report.findings.filter(({ verdict }) => verdict === 'inconclusive')).toEqual([]);
      for (const { blackScreenMs, ledger, recovered } of report.viewers) {
        expect(blackScreenMs + ledger.slate >= FOR_MS / 2).toBe(loses);
        expect(recovered).toBe(true);
      }
    },
    60_000,
  );

  test.each(REFUSED)('%s is refused', (fault, says) => {
    const refuse = () =>
      requirePlayable(plan(scenarioWith(fault, 'single-access'), { compress: 1, seed: 1 }));
    expect(refuse).toThrow(says);
    expect(refuse).toThrow(expect.objectContaining({ code: 'SCENARIO_INVALID' }));
  });

  test('is here in every kind that a link by TCP or a stage can have', () => {
    const kinds = [...PLAYED, ...REFUSED].flatMap(([fault]) =>
      plan(scenarioWith(fault, 'single-access'), { compress: 1, seed: 1 }).actions.map(
        (action) => action.fault.kind,
      ),
    );
    const missing = KINDS.filter((kind) => !kinds.includes(kind.kind)).map(({ kind }) => kind);
    expect(missing).toEqual(['duplicate', 'reorder']);
  });
});
