// Tests whole simulations by virtual players: what the journal says, and that it says so again.

import { beforeAll, describe, expect, test } from 'vitest';
import { loadScenario } from '../../harness/scenario/load.ts';
import type { ViewerResult } from '../../harness/model/report.ts';
import { describeRun, marginText } from '../../reports/sentence.ts';
import { simulated, type SimulatedReport } from '../support/simulated.ts';

const NIGHT = 'scenarios/incidents/orange-2025-09-12.yaml';
const blackS = ({ blackScreenMs }: ViewerResult) => blackScreenMs / 1000;

const shortNight = async (seed: number) =>
  simulated(await loadScenario(NIGHT), { compress: 120, seed });

describe('the night of 12 September 2025', () => {
  let short: SimulatedReport;

  beforeAll(async () => {
    short = await shortNight(3);
  });

  test('takes at full length what the link was away, from each channel its own time', async () => {
    const { report } = await simulated(await loadScenario(NIGHT));
    expect(report.verdict).toBe('pass');
    const of = (channel: string) => report.viewers.filter((viewer) => viewer.channel === channel);
    for (const viewer of of('one')) expect(blackS(viewer)).toBeCloseTo(38 * 60 + 3, -1);
    for (const viewer of of('two')) expect(blackS(viewer)).toBeCloseTo(40 * 60 + 3, -1);
    for (const { ledger, sessionMs } of report.viewers) {
      expect(ledger.unmeasured).toBe(0);
      expect(Object.values(ledger).reduce((sum, ms) => sum + ms, 0)).toBe(sessionMs);
    }
  });

  test('is the same again with the same seed, and another with another', async () => {
    expect((await shortNight(3)).journal).toBe(short.journal);
    expect((await shortNight(4)).journal).not.toBe(short.journal);
  });

  test('says in every output that nobody watched it', () => {
    const { report } = short;
    expect(describeRun(report)).toContain('Simulated in virtual time by the engine virtual-player');
    expect(marginText(report)).toMatch(
      /^Held against hls.js 1\.\d+\.\d+ in a real browser|was not compared/,
    );
    expect(report.run.simulated?.players['hls.js']).toMatch(/^1\.\d+\.\d+$/);
  });
});

test('drained traffic notices nothing of emergency work', async () => {
  const scenario = await loadScenario('scenarios/windows/drained-emergency.yaml');
  const { report } = await simulated(scenario, { compress: 120 });
  expect(report.verdict).toBe('pass');
  expect(Math.max(...report.viewers.map(blackS))).toBe(0);
});
