// One simulated rehearsal, phase by phase, in virtual time: the same plan, the same records, the same
// questions of steady state and recovery as in a run. The viewers come in as an argument.

import { seededRandom } from '../kernel/random.ts';
import { sleepOn } from '../kernel/virtualClock.ts';
import { listCounters } from '../model/counters.ts';
import { HarnessError } from '../model/errors.ts';
import { ageOfCounterMs } from '../model/frameClock.ts';
import type { ViewerDescription } from '../model/history.ts';
import { findLatecomers, type Phase, type Plan, type PlannedAction } from '../model/plan.ts';
import type {
  MediaAnswer,
  VirtualStream,
  VirtualTimers,
  VirtualViewers,
} from '../model/virtualWorld.ts';
import type { RealTimes } from '../model/agreement.ts';
import type { Emit, ViewerLaunch } from '../model/world.ts';
import { isPlaylist } from './answers.ts';
import { issueAlerts } from './alerts.ts';
import { restOfSteadyMs, waitForPhase } from './alongside.ts';
import { bytesIn } from './bytes.ts';
import { startChain, type Chain } from './chain.ts';
import { readContent, createContents } from './contents.ts';
import { TIMES } from './constants.ts';
import { createForce, type Force } from './force.ts';
import { makeLaunches } from './launches.ts';
import { startPeople } from './people.ts';
import { provision } from './provision.ts';

export interface SimulateOptions {
  readonly plan: Plan;
  readonly viewers: readonly ViewerDescription[];
  /** Its time is the start of the run. */
  readonly timers: VirtualTimers;
  readonly emit: Emit;
  readonly openViewers: (
    stream: VirtualStream,
    fail: (error: unknown) => void,
  ) => Promise<VirtualViewers>;
  readonly signal: AbortSignal;
  /** The real run that is played again, in step with it. */
  readonly alongside?: RealTimes | undefined;
  /** Those of the viewers who are played here, where others are played beside; all when absent. */
  readonly part?: Part | undefined;
}

/** A part of the viewers, on a chain of its own that is the same as that of every other part. */
export interface Part {
  readonly viewers: ReadonlySet<string>;
  /** Tells when this part came so far; resolves with the moment at which the last part did. */
  readonly meet: (epochMs: number) => Promise<number>;
}

/** The stages of a run report as often. */
const STATS_EVERY_MS = 250;
const LOOK_EVERY_MS = 100;
/** The judge counts pictures, of which the last may be one look old: viewers are watched on. */
const SEEN_LONGER_MS = 1_000;

/** Rejects with STEADY_STATE_NOT_REACHED, INTERRUPTED, or an INTERNAL error of the model. */
export async function simulate(options: SimulateOptions): Promise<void> {
  const { plan, emit, timers, alongside } = options;
  const running = await begin(options);
  const { enter, waitFor, pass } = running;
  await provision(running);
  if (alongside) await waitForPhase(running, alongside);
  const joinedEpochMs = timers.epochMs();
  enter('steady');
  const late = findLatecomers(plan);
  join(
    running,
    launchesHere(options).filter(({ description: { id } }) => !late.has(id)),
  );
  const { steady, design } = plan.scenario;
  const { withinMs, holdMs } = steady;
  const waiting = () => waitingFor(running, holdMs);
  if (!(await waitFor(() => waiting().length === 0, withinMs)))
    throw new HarnessError(
      'STEADY_STATE_NOT_REACHED',
      `no steady state within ${withinMs / 1000} s of virtual time: ${waiting().join(', ')} did not show the programme for ${holdMs / 1000} s without a break`,
      { hint: 'play it by `ecran-noir run` too: if that becomes steady, the model is wrong' },
    );
  await meetOthers(running);
  if (alongside)
    await pass(restOfSteadyMs(timers.epochMs() - joinedEpochMs, alongside, design.media));
  enter('disrupt');
  playTimeline(running);
  const alerts = issueAlerts(running);
  await pass(plan.disruptMs);
  await alerts;
  enter('recover');
  if (alongside) await pass(alongside.watchedMs - plan.disruptMs);
  else {
    await waitFor(() => waiting().length === 0, plan.recoverWithinMs);
    await meetOthers(running);
    await pass(SEEN_LONGER_MS);
  }
  await running.wall.leave();
  enter('teardown');
  emit({ type: 'end', reason: 'complete' });
}

interface Running extends SimulateOptions {
  readonly chain: Chain;
  readonly force: Force;
  readonly wall: VirtualViewers;
  /** The time of the journal counts from here. */
  readonly startEpochMs: number;
  /** Viewers who are there now. */
  readonly present: Set<string>;
  /** When the last action on a channel was done. */
  readonly doneEpochMs: Map<string, number>;
  readonly enter: (phase: Phase) => void;
  readonly pass: (ms: number) => Promise<void>;
  /** False when it has not become true within so long. */
  readonly waitFor: (isSo: () => boolean, withinMs: number) => Promise<boolean>;
}

async function begin(options: SimulateOptions): Promise<Running> {
  const { plan, timers, emit, signal, openViewers, alongside } = options;
  const { design } = plan.scenario;
  const clock = sleepOn(timers);
  const contents = createContents();
  const failing = new AbortController();
  const fail = (error: unknown) => failing.abort(error);
  const either = AbortSignal.any([signal, failing.signal]);
  let phaseNow: Phase = 'provision';
  const enter = (phase: Phase) => {
    phaseNow = phase;
    emit({ type: 'phase', phase });
  };
  enter('provision');
  const random = seededRandom(plan.seed).fork('chain');
  const chain = startChain({ design, clock, random, contents, fail });
  for (const stage of chain.lives.keys()) emit({ type: 'stage', stage, event: 'ready' });
  timers.every(STATS_EVERY_MS, () => report(chain, emit));
  const pass = (ms: number) => timers.passUntil(timers.epochMs() + ms, either);
  const place = placesOfUrls();
  const wall = await openViewers(
    {
      timers,
      fps: design.media.fps,
      startEpochMs: timers.epochMs(),
      startUpMs: () =>
        phaseNow === 'steady' && alongside
          ? alongside.startUpMs * TIMES.startUpShare
          : TIMES.startUpMs,
      content: contents.get,
      request: async (url, ending) => {
        const { hostname, pathname } = place(url);
        // A listener for the end of each request would cost more than the moment that passes.
        await clock.sleep(isPlaylist(pathname) ? TIMES.playlistMs : TIMES.segmentMs);
        ending.throwIfAborted();
        return ask({ chain, plan }, { hostname, pathname, ending });
      },
    },
    fail,
  );
  const waitFor = async (isSo: () => boolean, withinMs: number) => {
    const untilEpochMs = timers.epochMs() + withinMs;
    while (!isSo() && timers.epochMs() < untilEpochMs) await pass(LOOK_EVERY_MS);
    return isSo();
  };
  return {
    ...options,
    chain,
    wall,
    enter,
    pass,
    waitFor,
    force: createForce(design, chain, plan.seed),
    present: new Set(),
    doneEpochMs: new Map(),
    startEpochMs: timers.epochMs(),
  };
}

const KEPT_URLS = 2_000;

/** Gives the host and the path of a URL: playlists are asked for again and again. */
function placesOfUrls(): (url: string) => Pick<URL, 'hostname' | 'pathname'> {
  const known = new Map<string, Pick<URL, 'hostname' | 'pathname'>>();
  return (url) => {
    const place = known.get(url);
    if (place) return place;
    if (known.size === KEPT_URLS) known.clear();
    const { hostname, pathname } = new URL(url);
    known.set(url, { hostname, pathname });
    return { hostname, pathname };
  };
}

interface AskedUrl {
  readonly hostname: string;
  readonly pathname: string;
  readonly ending: AbortSignal;
}

async function ask(
  { chain, plan }: { readonly chain: Chain; readonly plan: Plan },
  { hostname, pathname, ending }: AskedUrl,
): Promise<MediaAnswer> {
  const asks = chain.servers.get(hostname)?.ask ?? chain.ways.get(hostname);
  if (!asks) return { status: 0, body: '' };
  const answer = await asks({ method: 'GET', path: pathname, signal: ending });
  const { status, body } = answer;
  if (typeof body === 'string' || body.length === 0) return { status, body: String(body) };
  const bytes = bytesIn(pathname, answer, plan.scenario.design);
  return { status, body: { content: readContent(body), bytes } };
}

function report(chain: Chain, emit: Emit): void {
  for (const { stage, figures } of chain.stats()) {
    const { fill } = figures;
    emit({ type: 'stats', stage, counters: listCounters(figures), ...(fill && { fill }) });
  }
}

/** Waits until the other parts of the viewers came so far. */
async function meetOthers({ part, pass, timers }: Running): Promise<void> {
  if (part) await pass((await part.meet(timers.epochMs())) - timers.epochMs());
}

/** Deals all viewers over the entries, and gives those who are played here. */
const launchesHere = (options: SimulateOptions): readonly ViewerLaunch[] =>
  makeLaunches(options).filter(({ description: { id } }) => isHere(options, id));

const isHere = ({ part }: SimulateOptions, viewer: string): boolean =>
  part?.viewers.has(viewer) ?? true;

/** Sets the time of every action and of everybody who comes or goes. */
function playTimeline(running: Running): void {
  const { plan, timers } = running;
  for (const action of plan.actions) timers.after(action.atMs, () => carryOut(running, action));
  const launches = new Map(launchesHere(running).map((one) => [one.description.id, one]));
  const people = startPeople({
    ...running,
    launches,
    join: (launch) => join(running, [launch]),
    leave: (viewer) => leave(running, viewer),
  });
  for (const { viewer, does, atMs } of plan.audience ?? []) {
    if (!isHere(running, viewer)) continue;
    timers.after(atMs, () => {
      people.moved(viewer, does === 'join');
      if (does === 'leave') leave(running, viewer);
      else join(running, [launches.get(viewer)!]);
    });
  }
}

function join({ wall, present }: Running, launches: readonly ViewerLaunch[]): void {
  for (const { description } of launches) present.add(description.id);
  wall.join(launches);
}

function leave({ wall, present }: Running, viewer: string): void {
  present.delete(viewer);
  void wall.leave([viewer]);
}

function carryOut(running: Running, action: PlannedAction): void {
  const { plan, timers, emit, force, doneEpochMs, startEpochMs } = running;
  const targets = force.apply(action);
  const { id, does, fault, expect } = action;
  const channels = fault.channels.length > 0 ? fault.channels : plan.scenario.design.channels;
  for (const channel of channels) doneEpochMs.set(channel, timers.epochMs());
  const atMs = timers.epochMs() - startEpochMs;
  emit({ type: 'action', action: id, does, plannedAtMs: atMs, doneAtMs: atMs });
  for (const target of targets)
    emit({
      type: 'proof',
      action: id,
      target,
      by: 'model',
      proven: true,
      witness: 'model',
      observed: expect,
    });
}

/** Those who have not seen programme made after the last action for long enough. */
function waitingFor(running: Running, holdMs: number): readonly string[] {
  const { viewers, present, wall, timers, doneEpochMs, plan } = running;
  const { fps } = plan.scenario.design.media;
  const now = timers.epochMs();
  return viewers
    .filter(({ id, channel }) => {
      if (!present.has(id)) return false;
      const seeing = wall.seeing(id);
      if (!seeing) return true;
      const madeEpochMs =
        seeing.sinceEpochMs - ageOfCounterMs(seeing.counter, seeing.sinceEpochMs, fps);
      const early = Math.max(0, (doneEpochMs.get(channel) ?? 0) - madeEpochMs);
      return now - (seeing.sinceEpochMs + early) < holdMs;
    })
    .map(({ id }) => id);
}
