// Holds agents against virtual players over drawn cases, and measures what audiences of millions cost.
// `npm run bench agents`; COSTS=1 measures costs alone, PLAYERS=shaka,video.js compares these alone,
// SCENARIOS=80 fewer of each, FIT=1 those that numbers are fitted on; COSTS=memory prints the memory of
// everybody alone. With WRITE=1 the agreement of the
// package is replaced.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  AGREEMENT_VERSION,
  type AgreementRun,
  type PlayerAgreement,
} from '../../harness/model/agreement.ts';
import type { Fault, PlayerPolicy, Scenario, TimedFault } from '../../harness/model/scenario.ts';
import { seededRandom, type Random } from '../../harness/kernel/random.ts';
import {
  AGENTS_AGREEMENT_FILE,
  type AgentsAgreement,
} from '../../harness/rehearsal/agentsAgreement.ts';
import { playerVersions } from '../../harness/rehearsal/simulated.ts';
import { rehearseAgents } from '../../harness/rehearsal/simulateAgents.ts';
import { harnessVersion } from '../../harness/rehearsal/version.ts';
import { loadScenario } from '../../harness/scenario/load.ts';
import { plan } from '../../harness/scenario/plan.ts';
import { judgeAgreements } from '../../harness/simulate/agreement.ts';
import { besideVirtualPlayers } from '../support/besideVirtualPlayers.ts';
import { playedByAgents, type ByAgents } from '../support/simulatedByAgents.ts';

const NIGHT = 'scenarios/incidents/orange-2025-09-12.yaml';
const GOAL = { equalOutcomes: 0.95, meanAbsoluteMs: 500 };
/** Scenarios of each player: half of them are what the model was fitted on; the figures are of the other half. */
const SCENARIOS = { 'hls.js': 320, shaka: 320, 'video.js': 320 } as const;
type Player = keyof typeof SCENARIOS;

export async function main(): Promise<void> {
  if (process.env['COSTS'] === 'memory') return measureMemory();
  if (process.env['PLAYERS'] === undefined) await costs();
  if (process.env['COSTS'] !== '1') await agreement();
}

async function agreement(): Promise<void> {
  const asked = process.env['PLAYERS']?.split(',') ?? Object.keys(SCENARIOS);
  const tables: PlayerAgreement[] = [];
  for (const player of asked as Player[]) tables.push(await agreementOf(player));
  if (process.env['WRITE'] !== '1') return;
  const before = JSON.parse(readFileSync(AGENTS_AGREEMENT_FILE, 'utf8')) as AgentsAgreement;
  const others = before.tables.filter((one) => tables.every(({ player }) => player !== one.player));
  const kept: AgentsAgreement = {
    harness: harnessVersion(),
    tables: [...others, ...tables.map((table) => ({ ...table, madeAt: new Date().toISOString() }))],
  };
  writeFileSync(AGENTS_AGREEMENT_FILE, `${JSON.stringify(kept, null, 2)}\n`);
}

/** The odd seeds; with FIT=1 the even ones, which numbers are fitted on. */
async function agreementOf(player: Player): Promise<PlayerAgreement> {
  const runs: AgreementRun[] = [];
  const most = Number(process.env['SCENARIOS'] ?? SCENARIOS[player]);
  for (let i = process.env['FIT'] === '1' ? 2 : 1; i < most; i += 2)
    runs.push(await runOf(await drawScenario(i, player), i));
  const players = playerVersions([player]);
  const measured = { version: AGREEMENT_VERSION, madeAt: '', harness: '', players, runs } as const;
  const [table] = judgeAgreements(measured);
  if (!table) throw new Error('no case was compared');
  const { cases, equalOutcomes, blackScreen } = table;
  say(`cases, agents beside ${player}`, String(cases));
  say('  equal outcomes', `${(equalOutcomes * 100).toFixed(1)} %`);
  say('  mean absolute error', `${blackScreen.meanAbsolute} ms, bias ${blackScreen.bias} ms`);
  say('  worst', `${blackScreen.worst} ms (${blackScreen.worstCase})`);
  const isReached =
    equalOutcomes >= GOAL.equalOutcomes && blackScreen.meanAbsolute <= GOAL.meanAbsoluteMs;
  say('  goal', `${isReached ? 'reached' : 'NOT REACHED'}: 95 %, 500 ms`);
  if (!isReached) process.exitCode = 1;
  return table;
}

async function runOf(scenario: Scenario, seed: number): Promise<AgreementRun> {
  const cases = await besideVirtualPlayers(scenario, seed);
  if (process.env['VERBOSE'] === '1')
    for (const { name, real, virtual } of cases)
      console.log(name, JSON.stringify([real.outcome, real.lost, virtual.outcome, virtual.lost]));
  return {
    scenario: scenario.name,
    file: '',
    seed,
    playedAt: new Date().toISOString(),
    browser: 'virtual',
    times: { joinPhaseMs: 0, startUpMs: 0, steadyMs: 0, watchedMs: 0 },
    cases,
  };
}

const DESIGNS = ['single-access', 'stale-404', 'stale-503', 'paused-output'] as const;
const LENGTHS_S = [3, 5, 8, 12, 18, 26, 40, 70] as const;

/** One outage a channel, drawn: a link, a stage or wrong answers. Waits of applications have no chance. */
async function drawScenario(seed: number, player: Player): Promise<Scenario> {
  const random = seededRandom(seed);
  const design = pick(random, DESIGNS);
  const base = await loadScenario('scenarios/agreement/filler-1.yaml', { design });
  const delayMs = Math.round(2_000 + 6_000 * random.next());
  const policy = pick<PlayerPolicy>(random, [
    { onFatal: 'none' },
    { onFatal: 'reload', delayMs, jitterMs: 0 },
    { onFatal: 'startLoad', delayMs, jitterMs: 0 },
  ]);
  const faults = base.design.channels.map((channel) => drawFault(random, base, channel));
  const kinds = faults.map(({ name }) => name).join('-');
  return {
    ...base,
    name: `${seed}-${design}-${policy.onFatal}-${kinds}`,
    viewers: { count: 2, player, policy, config: {} },
    recover: { withinMs: 40_000 },
    faults,
    expectations: [],
  };
}

function drawFault(random: Random, { faults }: Scenario, channel: string): TimedFault {
  const lengthS = pick(random, LENGTHS_S);
  const startMs = Math.round(1_500 + 3_000 * random.next());
  const on = { channels: [channel] };
  const effect = pick(random, ['hold', 'drop', 'refuse', 'reset'] as const);
  const match = { of: 'playlist', rung: undefined, every: undefined, ratio: 1 } as const;
  const stages = [pick(random, ['edge', 'origin'] as const)];
  const choices: readonly (readonly [string, Fault])[] = [
    ['up', { kind: 'cut', effect, links: ['connect-up'], ...on }],
    ['down', { kind: 'cut', effect, links: ['connect-down'], ...on }],
    ['both', { kind: 'cut', effect, links: ['connect-up', 'connect-down'], ...on }],
    ['down', { kind: 'cut', effect, links: ['connect-down'], ...on }],
    [
      '404',
      { kind: 'http', match, answer: { kind: 'status', status: 404 }, stages, links: [], ...on },
    ],
    [
      '503',
      { kind: 'http', match, answer: { kind: 'status', status: 503 }, stages, links: [], ...on },
    ],
    ['hang', { kind: 'http', match, answer: { kind: 'hang' }, stages: ['edge'], links: [], ...on }],
    [
      'stale',
      { kind: 'http', match, answer: { kind: 'stale' }, stages: ['edge'], links: [], ...on },
    ],
    ['kill', { kind: 'stage', does: 'kill', stages: ['transcoder'], links: [], ...on }],
  ];
  const [name, fault] = pick(random, choices);
  return {
    ...faults[0]!,
    name: `${name}-${fault.kind === 'cut' ? fault.effect : ''}${lengthS}s-${channel}`,
    start: { kind: 'at', at: { fromMs: startMs, toMs: startMs } },
    length: { fromMs: lengthS * 1000, toMs: lengthS * 1000 },
    fault,
  };
}

const pick = <T>(random: Random, of: readonly T[]): T => of[Math.floor(random.next() * of.length)]!;

const COSTS = {
  nightCpuS: 0.5,
  stormCpuS: 1,
  exactCpuS: 10,
  exactMb: 200,
  apartS: 0.25,
  reportMb: 3,
};

/** The night for 10.3 million viewers of 110 channels behind two classes of edges, 6 s segments. */
async function costs(): Promise<void> {
  const base = await bigNight('single-access');
  const sample = timed('the night, 4000 agents', () =>
    playedByAgents(base, { audience: 10_300_000 }),
  );
  judge('  its processor time, s', sample.cpuMs / 1000, COSTS.nightCpuS);
  const exact = timed('  everybody', () =>
    playedByAgents(base, { audience: 10_300_000, exact: true }),
  );
  judge('  its processor time, s', exact.cpuMs / 1000, COSTS.exactCpuS);
  judge('  its memory, MB', memoryOfEverybody(), COSTS.exactMb);
  say('  agents of everybody', String(exact.played.kernel.crowd.size));
  const more = timed('  16 000 agents', () =>
    playedByAgents(base, { audience: 10_300_000, agents: 16_000 }),
  );
  say('  work, 16 000 / 4000', (more.cpuMs / sample.cpuMs).toFixed(1));
  const apartS = Math.abs(p99(more.played) - p99(sample.played)) / 1000;
  judge('  p99 of 4000 less p99 of 16 000, s', apartS, COSTS.apartS);
  say(
    '  p99 sampled and exact',
    `${(p99(sample.played) / 1000).toFixed(2)} s, ${(p99(exact.played) / 1000).toFixed(2)} s`,
  );
  const storm = await bigNight('stale-503');
  const reloads = timed('a storm of reloads, 4000 agents', () =>
    playedByAgents(storm, { audience: 10_300_000 }),
  );
  judge('  its processor time, s', reloads.cpuMs / 1000, COSTS.stormCpuS);
  const whole = timed('  everybody', () =>
    playedByAgents(storm, { audience: 10_300_000, exact: true }),
  );
  judge('  its processor time, s', whole.cpuMs / 1000, COSTS.exactCpuS);
  await measureReport(base);
}

/** The memory of a process that has played nothing else. */
function memoryOfEverybody(): number {
  const args = [join(import.meta.dirname, 'run.ts'), 'agents'];
  const env = { ...process.env, COSTS: 'memory' };
  const text = execFileSync(process.execPath, args, { env, encoding: 'utf8' });
  return Number(/memory, MB +([\d.]+)/.exec(text)?.[1]);
}

async function measureMemory(): Promise<void> {
  const night = await bigNight('single-access');
  say('modules alone, MB', (process.memoryUsage().rss / 1e6).toFixed(1));
  playedByAgents(night, { audience: 10_300_000, exact: true });
  say('memory, MB', (process.memoryUsage().rss / 1e6).toFixed(1));
}

/** The size of the page of everybody, of 110 channels. */
async function measureReport(scenario: Scenario): Promise<void> {
  const out = mkdtempSync(join(tmpdir(), 'ecran-noir-bench-'));
  const choices = { audience: 10_300_000, agents: undefined, exact: true, capacities: {} };
  const { files } = await rehearseAgents(plan(scenario, { compress: 1, seed: 1 }), choices, out);
  const page = files.find((file) => file.endsWith('report.html'))!;
  judge('the report of everybody, MB', statSync(page).size / 1e6, COSTS.reportMb);
  rmSync(out, { recursive: true });
}

function judge(what: string, figure: number, most: number): void {
  const isReached = figure <= most;
  say(what, `${figure.toFixed(2)}, goal ${most}: ${isReached ? 'reached' : 'NOT REACHED'}`);
  if (!isReached) process.exitCode = 1;
}

async function bigNight(design: string): Promise<Scenario> {
  const scenario = await loadScenario(NIGHT, { design });
  const channels = Array.from({ length: 110 }, (_, i) => `c${i + 1}`);
  const edges = (['edge-a', 'edge-b'] as const).flatMap((name) =>
    scenario.design.stages.filter(({ role }) => role === 'edge').map((edge) => ({ ...edge, name })),
  );
  const [window] = scenario.windows;
  const { fault } = window!.work;
  return {
    ...scenario,
    recover: { withinMs: 20 * 60_000 },
    windows: [
      {
        ...window!,
        restore: { order: [], shuffled: false, paceMs: 2_000 },
        work: { ...window!.work, fault: { ...fault, channels } as typeof fault },
      },
    ],
    design: {
      ...scenario.design,
      channels,
      media: { ...scenario.design.media, segmentMs: 6_000 },
      stages: [...scenario.design.stages.filter(({ role }) => role !== 'edge'), ...edges],
    },
  };
}

function timed(what: string, play: () => ByAgents) {
  const before = process.cpuUsage();
  const played = play();
  const { user, system } = process.cpuUsage(before);
  const cpuMs = (user + system) / 1000;
  say(what, `${played.kernel.events} events`);
  return { played, cpuMs };
}

function p99({ lostMs, kernel }: ByAgents): number {
  const { crowd } = kernel;
  const order = lostMs.map((_, agent) => agent).sort((a, b) => lostMs[a]! - lostMs[b]!);
  const total = order.reduce((sum, agent) => sum + crowd.count[agent]!, 0);
  let before = 0;
  return lostMs[order.find((agent) => (before += crowd.count[agent]!) >= 0.99 * total)!]!;
}

const say = (what: string, value: string): void => console.log(`${what.padEnd(38)} ${value}`);
