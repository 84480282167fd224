// From the YAML shape of faults and windows to the model. What is contradictory has been reported
// by checkFault.ts; here every fault has one place and one kind.

import type { AccessPath, WorkTarget } from '../model/access.ts';
import type {
  ContentWrong,
  Design,
  Disruption,
  Drawn,
  Fault,
  HttpAnswer,
  HttpCycleStep,
  MaintenanceWindow,
  PathHappening,
  Profile,
  Repeat,
  SingleHttpAnswer,
  TimedFault,
} from '../model/scenario.ts';
import { STEP_KEYS, TARGET_KEYS, type FaultFile, type WindowFile } from './faultSchema.ts';

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
  if (!cycle) return singleAnswerOf(single);
  const steps = cycle.map(({ for: forMs, ...step }): HttpCycleStep => {
    const healthy = STEP_KEYS.every((key) => step[key] === undefined);
    return healthy ? { forMs } : { forMs, answer: singleAnswerOf(step) };
  });
  return { kind: 'cycle', steps };
}

function singleAnswerOf(file: StepFile): SingleHttpAnswer {
  const { status, slow, truncated, corrupt, gap, wrong } = file;
  if (status !== undefined) return { kind: 'status', status };
  if (slow !== undefined) return { kind: 'slow', delayMs: slow };
  if (truncated !== undefined) return { kind: 'truncated', share: truncated };
  if (corrupt !== undefined) return { kind: 'corrupt', share: corrupt };
  if (gap !== undefined) return { kind: 'gap', every: gap };
  return { kind: WRONG[wrong ?? 'hang'] };
}

/** What is done to stages, without the stages. */
function onStages(file: FaultFields) {
  const { http, squeeze, clockSkew, disk, stage = 'kill' } = file;
  if (http) return { kind: 'http' as const, ...httpOf(http) };
  if (squeeze) return { kind: 'squeeze' as const, limits: limitsOf(squeeze) };
  if (clockSkew !== undefined) return { kind: 'clock-skew' as const, byMs: clockSkew };
  if (disk) return { kind: 'full-disk' as const };
  const wrong = contentOf(file);
  if (wrong) return { kind: 'content' as const, ...wrong };
  return { kind: 'stage' as const, does: stage };
}

function contentOf({
  content,
  timestampJump,
  resolution,
  codec,
}: FaultFields): ContentWrong | undefined {
  if (timestampJump !== undefined) return { shows: 'timestamp-jump', byMs: timestampJump };
  if (resolution) return { shows: 'resolution', ...resolution };
  if (codec) return { shows: 'codec', codec };
  return content && { shows: content };
}

const limitsOf = ({ cpus, memory }: NonNullable<FaultFields['squeeze']>) => ({
  ...(cpus === undefined ? {} : { cpus }),
  ...(memory === undefined ? {} : { memoryMb: memory }),
});

function targetOf({ target }: FaultFields): WorkTarget | undefined {
  const kind = TARGET_KEYS.find((key) => target?.[key] !== undefined);
  return kind && { kind, name: target?.[kind] ?? '' };
}

function toDisruption(file: FaultFields, design: Design): Disruption {
  if (file.links) return toFault({ ...file, links: file.links }, design);
  if (file.stages) {
    const channels = file.channels ?? design.channels;
    const where = { stages: file.stages, channels, links: [] };
    return { ...onStages(file), ...where };
  }
  const target = targetOf(file);
  return {
    kind: 'path',
    paths: target ? pathsAt(design, target).map(({ name }) => name) : (file.paths ?? []),
    happens: happeningOf(file),
  };
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

function happeningOf({ state, degraded, members }: FaultFields): PathHappening {
  if (degraded)
    return { kind: 'degraded', lossShare: degraded.loss, capacityShare: degraded.capacity };
  switch (state) {
    case 'advertises-nothing':
    case 'drops-traffic':
      return { kind: 'filtered', filter: state };
    case 'dark':
    case 'withdrawn':
    case 'tested':
      return { kind: state };
    case 'down':
    case undefined:
      return members === undefined ? { kind: 'down' } : { kind: 'down', members };
  }
}

function toFault(file: FaultFields & { links: readonly string[] }, design: Design): Fault {
  const where = {
    links: file.links,
    channels: file.channels ?? design.channels,
    ...(file.direction ? { direction: file.direction } : {}),
  };
  const { cut, latency, loss, slice } = file;
  if (cut) return { kind: 'cut', effect: cut, ...where };
  if (latency)
    return { kind: 'latency', delayMs: latency.delay, jitterMs: latency.jitter, ...where };
  if (loss) return { kind: 'loss', ...lossOf(loss), ...where };
  if (slice) return { kind: 'slice', pieceBytes: slice.bytes, delayMs: slice.delay, ...where };
  return { kind: 'bandwidth', rateKbps: file.bandwidth ?? 0, ...where };
}

const lossOf = ({ share, roundTrip, burst }: NonNullable<FaultFields['loss']>) => ({
  ...{ share, roundTripMs: roundTrip },
  ...(burst === undefined ? {} : { burstMs: burst }),
});
