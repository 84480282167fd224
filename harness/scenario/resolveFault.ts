// Turns the YAML shape of faults and windows into the model. What is contradictory has been
// reported by checkFault.ts; here every fault has one place and one kind.

import type { AccessPath, WorkTarget } from '../model/access.ts';
import { HarnessError } from '../model/errors.ts';
import type {
  Design,
  Disruption,
  Drawn,
  Fault,
  HttpAnswer,
  HttpCycleStep,
  LinkFault,
  MaintenanceWindow,
  OnStageFault,
  PathHappening,
  Profile,
  Repeat,
  SingleHttpAnswer,
  TimedFault,
} from '../model/scenario.ts';
import {
  STEP_KEYS,
  TARGET_KEYS,
  type FaultFile,
  type LINK_KEYS,
  type PATH_KEYS,
  type PLACE_KEYS,
  type STAGE_KEYS,
  type WindowFile,
} from './faultSchema.ts';

export type FaultFields = WindowFile['work'] | FaultFile;

const AT_ONCE: Drawn = { fromMs: 0, toMs: 0 };

export function toTimedFault(file: FaultFile, design: Design): TimedFault {
  return {
    name: file.name,
    start: file.after ? { kind: 'after', ...file.after } : { kind: 'at', at: file.at ?? AT_ONCE },
    length: file.for,
    repeat: repeatOf(file),
    profile: profileOf(file),
    fault: toDisruption(file, design),
  };
}

function repeatOf({ every, until, times }: FaultFile): Repeat | undefined {
  return every && { every, untilMs: until, times };
}

function profileOf({ flap, ramp }: FaultFile): Profile {
  if (flap) return { kind: 'flap', onMs: flap.on, offMs: flap.off };
  if (ramp) return { kind: 'ramp', overMs: ramp.over, steps: ramp.steps, fromKbps: ramp.from };
  return { kind: 'steady' };
}

export function toWindow(file: WindowFile, design: Design): MaintenanceWindow {
  const { work, announced, drain, restore, rollback } = file;
  const target = targetOf(work);
  return {
    name: file.name,
    owner: file.owner,
    ...(target ? { target } : {}),
    announcedOn: announced?.on,
    announcedFromMs: announced?.from ?? work.at,
    announcedForMs: announced?.for ?? work.for ?? 0,
    drain: { style: drain?.style ?? 'none', leadMs: drain?.lead ?? 0 },
    work: { atMs: work.at, forMs: work.for ?? 0, fault: toDisruption(work, design) },
    overrunMs: file.overrun,
    rollback: rollback && { afterMs: rollback.after, takesMs: rollback.takes },
    restore: {
      order: Array.isArray(restore.order) ? restore.order : design.channels,
      shuffled: restore.order === 'random',
      paceMs: restore.pace,
    },
  };
}

/** A meaning for every key; a kind without one is refused by the compiler. */
type Meanings<F, K extends keyof F, T> = {
  readonly [P in K]-?: (value: NonNullable<F[P]>) => T;
};

/**
 * The meaning of the one key that is there: checkFault.ts has seen to it that there is exactly one.
 * @throws HarnessError INTERNAL when there is none.
 */
function theOne<F extends object, K extends keyof F & string, T>(
  file: F,
  meanings: Meanings<F, K, T>,
): T {
  const keys = Object.keys(meanings) as K[];
  const key = keys.find((one) => file[one] !== undefined);
  if (key === undefined)
    throw new HarnessError('INTERNAL', `a fault without any of ${keys.join(', ')} was let through`);
  return meanings[key](file[key] as NonNullable<F[K]>);
}

function httpOf({ of, rung, every, ratio, ...answer }: NonNullable<FaultFields['http']>) {
  return { match: { of, rung, every, ratio }, answer: answerOf(answer) };
}

const WRONG = {
  hang: 'hang',
  stale: 'stale',
  empty: 'empty',
  'sequence-reset': 'sequenceReset',
  'no-discontinuity': 'noDiscontinuity',
} as const;

type AnswerFile = Omit<NonNullable<FaultFields['http']>, 'of' | 'rung' | 'every' | 'ratio'>;
type StepFile = Omit<NonNullable<AnswerFile['cycle']>[number], 'for'>;

function answerOf({ cycle, ...single }: AnswerFile): HttpAnswer {
  if (!cycle) return theOne(single, ANSWERS);
  const steps = cycle.map(({ for: forMs, ...step }): HttpCycleStep => {
    const healthy = STEP_KEYS.every((key) => step[key] === undefined);
    return healthy ? { forMs } : { forMs, answer: theOne(step, ANSWERS) };
  });
  return { kind: 'cycle', steps };
}

const ANSWERS: Meanings<StepFile, (typeof STEP_KEYS)[number], SingleHttpAnswer> = {
  status: (status) => ({ kind: 'status', status }),
  slow: (delayMs) => ({ kind: 'slow', delayMs }),
  truncated: (share) => ({ kind: 'truncated', share }),
  corrupt: (share) => ({ kind: 'corrupt', share }),
  gap: (every) => ({ kind: 'gap', every }),
  wrong: (wrong) => ({ kind: WRONG[wrong] }),
};

type WithoutPlace<F extends Fault> = F extends Fault
  ? Omit<F, 'links' | 'stages' | 'channels' | 'direction'>
  : never;

const ON_STAGES: Meanings<FaultFields, (typeof STAGE_KEYS)[number], WithoutPlace<OnStageFault>> = {
  stage: (does) => ({ kind: 'stage', does }),
  squeeze: (limits) => ({ kind: 'squeeze', limits: limitsOf(limits) }),
  content: (shows) => ({ kind: 'content', shows }),
  timestampJump: (byMs) => ({ kind: 'content', shows: 'timestamp-jump', byMs }),
  resolution: (size) => ({ kind: 'content', shows: 'resolution', ...size }),
  codec: (codec) => ({ kind: 'content', shows: 'codec', codec }),
  clockSkew: (byMs) => ({ kind: 'clock-skew', byMs }),
  disk: () => ({ kind: 'full-disk' }),
  http: (http) => ({ kind: 'http', ...httpOf(http) }),
};

const ON_LINKS: Meanings<FaultFields, (typeof LINK_KEYS)[number], WithoutPlace<LinkFault>> = {
  cut: (effect) => ({ kind: 'cut', effect }),
  latency: ({ delay, jitter }) => ({ kind: 'latency', delayMs: delay, jitterMs: jitter }),
  bandwidth: (rateKbps) => ({ kind: 'bandwidth', rateKbps }),
  loss: (loss) => ({ kind: 'loss', ...lossOf(loss) }),
  slice: ({ bytes, delay }) => ({ kind: 'slice', pieceBytes: bytes, delayMs: delay }),
};

const limitsOf = ({ cpus, memory }: NonNullable<FaultFields['squeeze']>) => ({
  ...(cpus === undefined ? {} : { cpus }),
  ...(memory === undefined ? {} : { memoryMb: memory }),
});

function targetOf({ target }: FaultFields): WorkTarget | undefined {
  const kind = TARGET_KEYS.find((key) => target?.[key] !== undefined);
  return kind && { kind, name: target?.[kind] ?? '' };
}

function toDisruption(file: FaultFields, design: Design): Disruption {
  const channels = file.channels ?? design.channels;
  const { direction } = file;
  return theOne<FaultFields, (typeof PLACE_KEYS)[number], Disruption>(file, {
    links: (names) => ({
      ...theOne(file, ON_LINKS),
      ...{ links: names, channels, ...(direction ? { direction } : {}) },
    }),
    stages: (stages) => ({ ...theOne(file, ON_STAGES), stages, channels, links: [] }),
    paths: (paths) => ({ kind: 'path', paths, happens: happeningOf(file) }),
    target: () => ({
      kind: 'path',
      paths: pathsOfTarget(file, design),
      happens: happeningOf(file),
    }),
  });
}

function pathsOfTarget(file: FaultFields, design: Design): readonly string[] {
  const target = targetOf(file);
  return target ? pathsAt(design, target).map(({ name }) => name) : [];
}

/** Every path of a design that has this device, location, operator or country. */
export function pathsAt(design: Design, { kind, name }: WorkTarget): AccessPath[] {
  const paths = pathsOf(design);
  switch (kind) {
    case 'device':
    case 'location':
    case 'operator':
    case 'country':
      return paths.filter((path) => path[kind] === name);
    case 'path':
      return paths.filter((path) => path.name === name);
    case 'stage':
    case 'zone':
      return [];
  }
}

export const pathsOf = (design: Design): AccessPath[] =>
  (design.accesses ?? []).flatMap((access) => access.paths);

const happeningOf = (file: FaultFields): PathHappening =>
  theOne<FaultFields, (typeof PATH_KEYS)[number], PathHappening>(file, {
    degraded: ({ loss, capacity }) => ({
      kind: 'degraded',
      lossShare: loss,
      capacityShare: capacity,
    }),
    state: (state) => stateOf(state, file.members),
  });

function stateOf(
  state: NonNullable<FaultFields['state']>,
  members: FaultFields['members'],
): PathHappening {
  switch (state) {
    case 'advertises-nothing':
    case 'drops-traffic':
      return { kind: 'filtered', filter: state };
    case 'dark':
    case 'withdrawn':
    case 'tested':
      return { kind: state };
    case 'down':
      return members === undefined ? { kind: 'down' } : { kind: 'down', members };
  }
}

const lossOf = ({ share, roundTrip, burst }: NonNullable<FaultFields['loss']>) => ({
  ...{ share, roundTripMs: roundTrip },
  ...(burst === undefined ? {} : { burstMs: burst }),
});
