// Records of a running run -> what the live view shows. Approximate on purpose: it sees a record
// when it is written, a quarter of a second late, and looks at the last frame only. The judge
// computes the truth afterwards from the same records.

import { listFlows, type Flow } from '../harness/design/flows.ts';
import type { HistoryRecord } from '../harness/model/history.ts';
import { occurrenceId, type Plan, type PlannedAction } from '../harness/model/plan.ts';
import type { Fault } from '../harness/model/scenario.ts';
import type { LiveEvent, LiveLane, LiveView } from './live.ts';
import { describeRecord } from './liveEvent.ts';
import { createStageTrack, createTrack, type LiveTrack } from './liveTrack.ts';
import { createViewerTrack, type ViewerTrack } from './liveViewer.ts';

export interface LiveModel {
  /** Takes every record in the order it was written; cheap enough for hundreds a second. */
  readonly record: (record: HistoryRecord) => void;
  readonly view: (atMs: number) => LiveView;
}

const EVENTS_MAX = 6;

export function createLiveModel(plan: Plan): LiveModel {
  const state: State = {
    plan,
    phase: undefined,
    startedAtEpochMs: 0,
    endMs: undefined,
    done: new Set(),
    links: new Map(listFlows(plan.scenario.design).map((flow) => [flow.id, linkTrack(flow)])),
    stages: new Map(),
    viewers: new Map(),
    beside: new Map(),
    events: [],
  };
  return { record: (record) => take(state, record), view: (atMs) => viewState(state, atMs) };
}

interface State {
  readonly plan: Plan;
  phase: LiveView['phase'];
  startedAtEpochMs: number;
  /** The latest end of the run, as soon as its faults have begun. */
  endMs: number | undefined;
  readonly done: Set<string>;
  readonly links: Map<string, LinkTrack>;
  readonly stages: Map<string, ReturnType<typeof createStageTrack>>;
  readonly viewers: Map<string, ViewerTrack>;
  /** Viewers who are imitated: their group, and what they show. */
  readonly beside: Map<string, { readonly group: string; shows: string }>;
  events: LiveEvent[];
}

function take(state: State, record: HistoryRecord): void {
  const imitated = 'viewer' in record ? state.beside.get(record.viewer) : undefined;
  if (imitated) {
    if (record.type === 'shown') imitated.shows = record.look;
    if (record.type === 'viewer' && record.event === 'leave') imitated.shows = 'left';
    return;
  }
  const line = describeRecord(record);
  if (line) state.events = [...state.events, { ...line, atMs: record.atMs }].slice(-EVENTS_MAX);
  const take = TAKES[record.type] as Take<HistoryRecord> | undefined;
  take?.(state, record);
}

type Take<R extends HistoryRecord> = (state: State, record: R) => void;

/** The records that change what is shown. */
const TAKES: {
  readonly [T in HistoryRecord['type']]?: Take<Extract<HistoryRecord, { readonly type: T }>>;
} = {
  run: (state, { startedAtEpochMs, viewers }) => {
    state.startedAtEpochMs = startedAtEpochMs;
    for (const { id, imitates, group = 'everybody' } of viewers) {
      if (imitates === undefined) viewerTrack(state, id);
      else state.beside.set(id, { group: `${group}, imitating ${imitates}`, shows: 'left' });
    }
  },
  phase: (state, { phase, atMs }) => {
    state.phase = { name: phase, sinceMs: atMs };
    state.endMs = latestEndMs(state.plan, state.phase) ?? state.endMs;
  },
  stage: (state, record) => stageTrack(state, record.stage).record(record),
  stats: (state, record) => stageTrack(state, record.stage).record(record),
  action: (state, { error, action, doneAtMs }) => {
    if (error === undefined) act(state, action, doneAtMs);
  },
  viewer: (state, record) => viewerTrack(state, record.viewer).record(record),
  frames: (state, record) => viewerTrack(state, record.viewer).record(record),
};

function latestEndMs(plan: Plan, { name, sinceMs }: NonNullable<LiveView['phase']>) {
  if (name === 'disrupt') return sinceMs + plan.disruptMs + plan.recoverWithinMs;
  return name === 'recover' ? sinceMs + plan.recoverWithinMs : undefined;
}

const viewerTrack = (state: State, id: string): ViewerTrack =>
  kept(state.viewers, id, createViewerTrack);

const stageTrack = (state: State, id: string) => kept(state.stages, id, createStageTrack);

function kept<V>(map: Map<string, V>, key: string, create: () => V): V {
  const found = map.get(key) ?? create();
  map.set(key, found);
  return found;
}

function act({ plan, done, links }: State, id: string, atMs: number): void {
  const action = plan.actions.find((each) => each.id === id);
  if (!action || done.has(id)) return;
  done.add(id);
  for (const { flow, forced, track } of links.values()) {
    if (!concerns(action.fault, flow)) continue;
    if (action.does === 'inject') forced.add(occurrenceId(action));
    else forced.delete(occurrenceId(action));
    track.set(atMs, forced.size > 0 ? 'faulted' : 'up');
  }
}

interface LinkTrack {
  readonly flow: Flow;
  /** Occurrences of faults in force on it. */
  readonly forced: Set<string>;
  readonly track: LiveTrack;
}

function linkTrack(flow: Flow): LinkTrack {
  const track = createTrack();
  track.set(0, 'up');
  return { flow, forced: new Set(), track };
}

const concerns = (fault: Fault, { link, channel }: Flow): boolean =>
  fault.links.includes(link) &&
  (channel === undefined || fault.channels.length === 0 || fault.channels.includes(channel));

function viewState(state: State, atMs: number): LiveView {
  const { plan, phase, events, endMs, startedAtEpochMs } = state;
  return {
    title: plan.scenario.title,
    compress: plan.compress,
    seed: plan.seed,
    atMs,
    end: endMs === undefined ? undefined : { atMs: endMs, epochMs: startedAtEpochMs + endMs },
    phase,
    next: nextAction(state, atMs),
    lanes: liveLanes(state, atMs),
    events,
    beside: besideLines(state),
  };
}

/** One line for each group: hundreds have no lanes. */
const besideLines = ({ beside }: State): readonly string[] =>
  [...Map.groupBy(beside.values(), ({ group }) => group)].map(([group, members]) => {
    const here = members.filter(({ shows }) => shows !== 'left');
    const counts = [...Map.groupBy(here, ({ shows }) => shows)];
    const shown = counts.map(([look, some]) => `${some.length} ${look}`).join(', ');
    return `${group}: ${here.length} of ${members.length} there, ${shown || 'nothing shown yet'}`;
  });

function nextAction({ plan, phase, done }: State, atMs: number): LiveView['next'] {
  if (plan.actions.length === 0 && phase?.name !== 'recover') return undefined;
  const action = plan.actions.find(({ id }) => !done.has(id));
  switch (phase?.name) {
    case undefined:
    case 'provision':
      return { text: 'steady state, when every stage is ready', inMs: undefined };
    case 'steady':
      return { text: 'the first fault, when every viewer plays', inMs: undefined };
    case 'disrupt':
      return action && { text: actionText(action), inMs: phase.sinceMs + action.atMs - atMs };
    case 'recover':
      return { text: 'deadline to recover', inMs: phase.sinceMs + plan.recoverWithinMs - atMs };
    case 'judge':
    case 'teardown':
      return undefined;
  }
}

const actionText = ({ does, of, expect }: PlannedAction): string => `${does} ${of}, ${expect}`;

function liveLanes({ links, stages, viewers }: State, atMs: number): LiveLane[] {
  const lane = (kind: LiveLane['kind'], id: string, track: LiveTrack) => ({
    kind,
    id,
    class: track.now(atMs),
    spans: track.spans(atMs),
  });
  return [
    ...[...links].map(([id, { track }]) => lane('link', id, track)),
    ...[...stages].map(([id, { track }]) => lane('stage', id, track)),
    ...[...viewers].map(([id, viewer]) => ({
      ...lane('viewer', id, viewer.track),
      blackScreenMs: viewer.blackScreenMs(atMs),
    })),
  ];
}
