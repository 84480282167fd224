// Plays the same scenario by virtual players and by agents in step with them, viewer by viewer.

import { join } from 'node:path';
import type { AgreementCase, SeenCase } from '../../harness/model/agreement.ts';
import type { Plan } from '../../harness/model/plan.ts';
import type { Scenario } from '../../harness/model/scenario.ts';
import { listCases, readRun, readTimes, type SeenRun } from '../../harness/rehearsal/seenCases.ts';
import { simulateInto } from '../../harness/rehearsal/simulate.ts';
import { AGENT_PLAYERS } from '../../harness/rehearsal/agentPlayers.ts';
import { plan } from '../../harness/scenario/plan.ts';
import { firstTier } from '../../harness/simulate/agents/place.ts';
import { isBack, LOSS, LOSSES } from '../../harness/simulate/agents/crowd.ts';
import { simulateAgents, type Played } from '../../harness/simulate/agents/simulateAgents.ts';
import { makeLaunches } from '../../harness/simulate/launches.ts';
import { makeFolder } from './makeFolder.ts';

/** Gives a case for each viewer; the first of the two is the virtual player. */
export async function besideVirtualPlayers(
  scenario: Scenario,
  seed: number,
): Promise<AgreementCase[]> {
  const made = plan(scenario, { compress: 1, seed });
  const seen = await playVirtually(made);
  const times = readTimes(seen);
  const { startedAtEpochMs, viewers } = seen.recorded.run;
  const disrupt = seen.report.phases.find(({ phase }) => phase === 'disrupt')!;
  const played = simulateAgents({
    plan: made,
    players: AGENT_PLAYERS,
    agents: viewers.length,
    exact: false,
    capacities: {},
    epochMs: startedAtEpochMs + disrupt.fromMs,
    alongside: times,
  });
  const launches = makeLaunches({ plan: made, viewers });
  const free = new Set(Array.from({ length: played.kernel.crowd.size }, (_, agent) => agent));
  return listCases(seen, times.watchedMs).map(({ name, player, seen: real }, i) => {
    const { url, description } = launches[i]!;
    const agent = [...free].find((one) =>
      isAt(played, one, new URL(url).hostname, description.channel),
    )!;
    free.delete(agent);
    return { name, player, real, virtual: seenBy(played, agent) };
  });
}

/** Gives a case for each viewer: virtual players, and the same again with other chance in their page. */
export async function besideOtherChance(
  scenario: Scenario,
  seed: number,
): Promise<AgreementCase[]> {
  const made = plan(scenario, { compress: 1, seed });
  const one = await playVirtually(made);
  const other = await playVirtually(made, 1);
  const { watchedMs } = readTimes(one);
  const others = listCases(other, watchedMs);
  return listCases(one, watchedMs).map(({ name, player, seen }, i) => ({
    name,
    player,
    real: seen,
    virtual: others[i]!.seen,
  }));
}

async function playVirtually(made: Plan, page = 0): Promise<SeenRun> {
  using folder = makeFolder();
  const journal = join(folder.path, 'journal.ndjson');
  await simulateInto(made, journal, new AbortController().signal, { page });
  return readRun(journal);
}

function isAt({ kernel }: Played, agent: number, entry: string, channel: string): boolean {
  const place = kernel.places[kernel.crowd.place[agent]!]!;
  return firstTier(place).server.name === entry && place.channel === channel;
}

const GLITCH_MS = 200;

function seenBy({ kernel: { crowd }, toMs }: Played, agent: number): SeenCase {
  const of = (loss: keyof typeof LOSS) => Math.round(crowd.lostMs[agent * LOSSES + LOSS[loss]]!);
  const lost = {
    stalled: of('stalled'),
    filler: of('filler') + of('slate'),
    dead: of('dead'),
    starting: of('starting'),
  };
  const lostMs = lost.stalled + lost.filler + lost.dead + lost.starting;
  const back = lost.dead > 0 ? 'reloaded' : 'came back';
  const outcome = lostMs < GLITCH_MS ? 'unhurt' : isBack(crowd, agent, toMs) ? back : 'not back';
  return { outcome, lost, unmeasuredMs: 0 };
}
