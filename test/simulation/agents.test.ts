// Tests whole audiences played by agents: their report, what never changes, and what is refused.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { judgeJournal } from '../../harness/measure/judgeJournal.ts';
import type { Report } from '../../harness/model/report.ts';
import type { Scenario } from '../../harness/model/scenario.ts';
import type { AgentChoices } from '../../harness/model/simulated.ts';
import { playInto, rehearseAgents } from '../../harness/rehearsal/simulateAgents.ts';
import { loadScenario } from '../../harness/scenario/load.ts';
import { plan } from '../../harness/scenario/plan.ts';
import { isBack } from '../../harness/simulate/agents/crowd.ts';
import { requestsIn } from '../../harness/simulate/agents/loads.ts';
import { makePopulations } from '../../harness/simulate/agents/results.ts';
import { renderConsole } from '../../reports/console.ts';
import { renderHtml } from '../../reports/html.ts';
import { replayCommand } from '../../reports/replay.ts';
import { playedByAgents } from '../support/simulatedByAgents.ts';
import { makeFolder } from '../support/makeFolder.ts';

const NIGHT = 'scenarios/incidents/orange-2025-09-12.yaml';
const MILLIONS: AgentChoices = { audience: 10_300_000, agents: 400, exact: false, capacities: {} };

function journalOf(scenario: Scenario, choices: AgentChoices, seed = 1): string {
  using folder = makeFolder();
  const file = join(folder.path, 'journal.ndjson');
  playInto(plan(scenario, { compress: 1, seed }), choices, file);
  return readFileSync(file, 'utf8');
}

const judged = (journal: string) => judgeJournal(journal.trimEnd().split('\n'), 'journal');

/** A cut of the uploads at an origin that answers so, with an application that acts so. */
async function outage(
  design: string,
  forMs: number,
  onFatal: 'none' | 'reload' = 'reload',
): Promise<Scenario> {
  const scenario = await loadScenario('scenarios/agreement/filler-1.yaml', { design });
  const [fault] = scenario.faults;
  const policy = onFatal === 'none' ? { onFatal } : { onFatal, delayMs: 4_000, jitterMs: 2_000 };
  return {
    ...scenario,
    viewers: { count: 1_000, player: 'hls.js', policy, config: {} },
    faults: [
      {
        ...fault!,
        length: { fromMs: forMs, toMs: forMs },
        fault: { kind: 'cut', effect: 'drop', links: ['connect-down'], channels: ['one', 'two'] },
      },
    ],
  };
}

describe('the night of 12 September 2025, for ten million viewers', () => {
  let night: Scenario;
  let journal: string;
  let report: Report;

  beforeAll(async () => {
    night = await loadScenario(NIGHT);
    journal = journalOf(night, MILLIONS);
    report = judged(journal);
  });

  test('is judged as a run is, and every viewer is counted', () => {
    expect(report.verdict).toBe('pass');
    expect(report.audience.viewers).toBe(10_300_000);
    expect(report.audience.recovered).toBe(10_300_000);
    expect(report.audience.blackScreenMs.p50 / 60_000).toBeCloseTo(39.05, 1);
    expect(
      report.cohorts?.map(({ blackScreenMs }) => Math.round(blackScreenMs!.p50 / 60_000)),
    ).toEqual([38, 40]);
    expect(Math.max(...report.tail!.dark)).toBe(10_300_000);
    expect(report.tail!.lost).toBe(0);
    expect(report.tail!.p999Ms).toBeUndefined();
    const edge = report.loads!.find(({ stage }) => stage === 'edge')!;
    // A live viewer of 2 s segments asks for a playlist and a segment every two seconds.
    expect(edge.perMinute.at(-1)).toBeGreaterThan(5e6);
    expect(report.loads!.find(({ stage }) => stage === 'origin')!.peakPerS).toBeLessThan(100);
  });

  test('is the same again with the same seed, and another with another', () => {
    expect(journalOf(night, MILLIONS)).toBe(journal);
    expect(journalOf(night, MILLIONS, 4)).not.toBe(journal);
  });

  test('says in every output who played it, and shows the curves', () => {
    const text = renderConsole(report, { columns: 200, colour: false } as never);
    expect(text).toContain('by the engine agents (hls.js 1.');
    expect(text).toMatch(/Held against the engine virtual-player|was not compared/);
    expect(text).toMatch(/edge: .* requests, at most/);
    expect(renderHtml(report)).toContain('Without the programme, at the end of each minute');
    expect(renderHtml(report)).toContain('--engine agents --audience 10300000 --agents 400 --seed');
  });
});

test('the command that plays it again says every choice', async () => {
  const scenario = await loadScenario(NIGHT, { design: 'stale-503', variant: 'on-time' });
  const choices = { ...MILLIONS, agents: undefined, exact: true, capacities: { edge: 2_000_000 } };
  expect(replayCommand(judged(journalOf(scenario, { ...choices, audience: 40 })))).toBe(
    `ecran-noir simulate ${NIGHT} --design stale-503 --variant on-time --engine agents --audience 40 --exact --capacity edge=2000000 --seed 1`,
  );
});

describe('what never changes', () => {
  test.each([
    ['single-access', 30_000],
    ['stale-404', 40_000],
    ['stale-503', 40_000],
    ['stale-503', 5_000],
  ])(
    'of %s cut for %i ms: losses fit in the session, and everybody is back',
    async (design, forMs) => {
      const { kernel, lostMs, fromMs, toMs } = playedByAgents(await outage(design, forMs));
      const { crowd } = kernel;
      for (const [agent, lost] of lostMs.entries()) {
        expect(lost).toBeGreaterThanOrEqual(0);
        expect(lost).toBeLessThanOrEqual(toMs - fromMs);
        expect(crowd.sinceMs[agent]).toBe(toMs);
        expect(isBack(crowd, agent, toMs)).toBe(true);
      }
    },
  );

  test('players that gave up stay dark where nothing acts on it', async () => {
    const { kernel, toMs } = playedByAgents(await outage('stale-404', 40_000, 'none'));
    const { crowd } = kernel;
    for (let agent = 0; agent < crowd.size; agent++) expect(isBack(crowd, agent, toMs)).toBe(false);
  });

  test('a longer cut never costs less', async () => {
    const means = [];
    for (const forMs of [2_000, 6_000, 12_000, 30_000]) {
      const { lostMs } = playedByAgents(await outage('single-access', forMs));
      means.push(lostMs.reduce((sum, ms) => sum + ms, 0) / lostMs.length);
    }
    expect(means).toEqual(means.toSorted((a, b) => a - b));
    expect(means.at(-1)! - means.at(-2)!).toBeCloseTo(18_000, -4);
  });

  test('no class of edges serves more than it can, and less capacity costs no less', async () => {
    const scenario = await outage('stale-503', 40_000);
    const means = [];
    for (const perS of [1_500, 500, 250]) {
      const { world, lostMs, kernel } = playedByAgents(scenario, { capacities: { edge: perS } });
      const served = requestsIn(world.entries[0]!.load);
      for (const requests of served) expect(requests).toBeLessThanOrEqual(2 * perS);
      const seconds = served.length;
      expect(served.reduce((sum, requests) => sum + requests, 0)).toBeLessThanOrEqual(
        perS * (seconds + 1),
      );
      means.push(lostMs.reduce((sum, ms) => sum + ms, 0) / kernel.crowd.size);
    }
    expect(means[1]).toBeGreaterThanOrEqual(means[0]!);
    expect(means[2]).toBeGreaterThan(means[0]!);
  });

  test('an error that is not kept costs the origin a request for every viewer', async () => {
    const kept = { ...(await outage('stale-503', 40_000)) };
    const stages = kept.design.stages.map((stage) =>
      stage.role === 'edge' ? { ...stage, errorTtlMs: 5_000 } : stage,
    );
    const peakOf = (scenario: Scenario) =>
      Math.max(
        ...requestsIn(
          playedByAgents(scenario, { audience: 1e6, agents: 400 }).world.origins[0]!.load,
        ),
      );
    expect(peakOf(kept)).toBeGreaterThan(100_000);
    expect(peakOf({ ...kept, design: { ...kept.design, stages } })).toBeLessThan(1_000);
  });
});

describe('everybody played', () => {
  test('agrees with a sample of them, and counts whole viewers', async () => {
    const scenario = await outage('stale-404', 16_000);
    const of = (choices: Partial<AgentChoices>, isSample: boolean) => {
      const played = playedByAgents(scenario, choices);
      const populations = makePopulations(played, played.plan, isSample);
      const heads = populations.reduce((sum, { weight }) => sum + weight, 0);
      const mean =
        played.lostMs.reduce((sum, ms, agent) => sum + ms * played.kernel.crowd.count[agent]!, 0) /
        heads;
      return { played, populations, heads, mean };
    };
    const exact = of({ audience: 5_000, exact: true }, false);
    const sample = of({ audience: 5_000, agents: 500 }, true);
    expect(exact.heads).toBe(5_000);
    expect(sample.heads).toBeCloseTo(5_000, 3);
    const { crowd } = exact.played.kernel;
    expect(crowd.count.subarray(0, crowd.size).every(Number.isInteger)).toBe(true);
    expect(exact.populations.every(({ sampled }) => sampled === undefined)).toBe(true);
    expect(Math.abs(exact.mean - sample.mean)).toBeLessThan(250);
  });
});

describe('what agents cannot play', () => {
  test.each([
    ['scenarios/drills/one-origin-lost.yaml', /edge has several origins/],
    ['scenarios/drills/zap-storm.yaml', /loss of the datagrams of connect-tv/],
    ['scenarios/drills/slow-link.yaml', /late by more than 150 ms/],
    ['scenarios/drills/edge-in-cycles.yaml', /cycle as a wrong answer/],
    ['scenarios/drills/sick-edge.yaml', /single segments/],
    ['scenarios/drills/full-disk-wrong-clock.yaml', /a full disk/],
    ['scenarios/drills/bursts-of-loss.yaml', /loss in bursts/],
    ['scenarios/drills/low-latency-cut.yaml', /latency: low has no virtual form/],
  ])('%s is refused by name', async (file, message) => {
    const made = plan(await loadScenario(file), { compress: 1, seed: 1 });
    await expect(rehearseAgents(made, MILLIONS, '/nowhere')).rejects.toMatchObject({
      code: 'SCENARIO_INVALID',
      message: expect.stringMatching(message) as unknown,
    });
  });

  test('everybody played has no chance in it, so nobody may come, go or act by it', async () => {
    const file = 'scenarios/drills/switched-on-in-the-outage.yaml';
    const made = plan(await loadScenario(file), { compress: 1, seed: 1 });
    await expect(rehearseAgents(made, { ...MILLIONS, exact: true }, '/nowhere')).rejects.toThrow(
      '--exact: ',
    );
  });

  test('a capacity of a stage that no viewer reaches is refused', async () => {
    const made = plan(await loadScenario(NIGHT), { compress: 1, seed: 1 });
    const choices = { ...MILLIONS, capacities: { playout: 5 } };
    await expect(rehearseAgents(made, choices, '/nowhere')).rejects.toMatchObject({
      code: 'ARGUMENT_INVALID',
    });
  });
});
