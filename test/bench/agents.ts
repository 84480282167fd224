// Holds agents against virtual players over drawn cases, and measures what audiences of millions cost.
// `npm run bench agents`; COSTS=1 measures costs alone, PLAYERS=shaka,video.js compares these alone,
// SCENARIOS=80 fewer of each, FROM=320 as many others, FIT=1 those that numbers are fitted on. With WRITE=1 the
// agreement of the package is replaced. CHANCE=1 holds virtual players against themselves, with other chance in
// their page: no model that is not told what a player draws is nearer than that.

import { readFileSync, writeFileSync } from 'node:fs';
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
import { harnessVersion } from '../../harness/rehearsal/version.ts';
import { loadScenario } from '../../harness/scenario/load.ts';
import { judgeAgreements } from '../../harness/simulate/agreement.ts';
import { besideOtherChance, besideVirtualPlayers } from '../support/besideVirtualPlayers.ts';
import { costs } from './agents/costs.ts';

const IS_CHANCE = process.env['CHANCE'] === '1';
const GOAL = { equalOutcomes: 0.95, meanAbsoluteMs: 500 };
/** Scenarios of each player: half of them are what the model was fitted on; the figures are of the other half. */
const SCENARIOS = { 'hls.js': 320, shaka: 320, 'video.js': 320 } as const;
type Player = keyof typeof SCENARIOS;

export async function main(): Promise<void> {
  if (process.env['PLAYERS'] === undefined) await costs(say);
  if (process.env['COSTS'] !== '1') await agreement();
}

async function agreement(): Promise<void> {
  const asked = process.env['PLAYERS']?.split(',') ?? Object.keys(SCENARIOS);
  const tables: PlayerAgreement[] = [];
  for (const player of asked as Player[]) tables.push(await agreementOf(player));
  if (process.env['WRITE'] !== '1' || IS_CHANCE) return;
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
  const from = Number(process.env['FROM'] ?? 0);
  const most = Number(process.env['SCENARIOS'] ?? SCENARIOS[player]);
  for (let i = process.env['FIT'] === '1' ? 2 : 1; i < most; i += 2)
    runs.push(await runOf(await drawScenario(from + i, player), from + i));
  const players = playerVersions([player]);
  const measured = { version: AGREEMENT_VERSION, madeAt: '', harness: '', players, runs } as const;
  const [table] = judgeAgreements(measured);
  if (!table) throw new Error('no case was compared');
  const { cases, equalOutcomes, blackScreen } = table;
  say(`cases, ${IS_CHANCE ? 'other chance' : 'agents'} beside ${player}`, String(cases));
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
  const cases = await (IS_CHANCE ? besideOtherChance : besideVirtualPlayers)(scenario, seed);
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

const say = (what: string, value: string): void => console.log(`${what.padEnd(48)} ${value}`);
