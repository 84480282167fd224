// Turns the YAML shape of faults and windows into the model. What is contradictory has been
// reported by checkFault.ts; here every fault has one place and one kind.

import type { Unplaced } from '../faults/kind.ts';
import { pathsAt as pathsOfAccess } from '../routing/work.ts';
import { KEYS } from '../faults/kinds.ts';
import { readHappening } from '../faults/path.ts';
import { withdrawalFaults } from '../faults/withdraw.ts';
import type { AccessPath, WorkTarget } from '../model/access.ts';
import { formatDuration } from '../kernel/duration.ts';
import { HarnessError } from '../model/errors.ts';
import { OPERATOR_STEPS, type HumanTime, type OperatorTimes } from '../model/fault.ts';
import { readTransport } from '../model/scenario.ts';
import type {
  Design,
  Disruption,
  Drawn,
  Fault,
  MaintenanceWindow,
  PathFault,
  Profile,
  TimedFault,
} from '../model/scenario.ts';
import { TARGET_KEYS, type FaultFile, type WindowFile } from './faultSchema.ts';
import type { Mapping } from '../fields/mapping.ts';

export type FaultFields = WindowFile['work'] | FaultFile;

const AT_ONCE: Drawn = { fromMs: 0, toMs: 0 };

export function toTimedFault(file: FaultFile, design: Design): TimedFault {
  return {
    name: file.name,
    start: file.after ? { kind: 'after', ...file.after } : { kind: 'at', at: file.at ?? AT_ONCE },
    length: file.for ?? AT_ONCE,
    repeat: file.every && { every: file.every, untilMs: file.until, times: file.times },
    profile: resolveProfile(file),
    fault: file.withdraw
      ? { kind: 'withdraw', parts: withdrawalFaults(file.withdraw, design) }
      : toDisruption(file, design),
  };
}

function resolveProfile({ flap, ramp, fall }: FaultFile): Profile {
  if (flap) return { kind: 'flap', onMs: flap.on, offMs: flap.off };
  const back = fall && { overMs: fall.over, steps: fall.steps, toKbps: fall.to };
  if (!ramp) return back ? { kind: 'fall', fall: back } : { kind: 'steady' };
  const { over, steps, from } = ramp;
  const way = { kind: 'ramp', overMs: over, steps, fromKbps: from } as const;
  return back ? { ...way, fall: back } : way;
}

export function toWindow(file: WindowFile, design: Design): MaintenanceWindow {
  const { work, announced, drain, restore, rollback } = file;
  const target = resolveTarget(work);
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
    ...(file.operator && { operator: file.operator }),
    restore: {
      order: Array.isArray(restore.order) ? restore.order : design.channels,
      shuffled: restore.order === 'random',
      paceMs: restore.pace,
    },
  };
}

function resolveTarget({ target }: FaultFields): WorkTarget | undefined {
  const kind = TARGET_KEYS.find((key) => target?.[key] !== undefined);
  return kind && { kind, name: target?.[kind] ?? '' };
}

/**
 * The fault of a file in which no mistake was found: it has one place and one kind.
 * @throws HarnessError INTERNAL when it has not.
 */
function toDisruption(file: FaultFields, design: Design): Disruption {
  const { links, stages, direction, channels = design.channels } = file;
  if (!links && !stages) return toPathFault(file, design);
  const what = readKind(file);
  const at = links
    ? { links, channels, ...(direction && { direction }), ...transportOn(links, design) }
    : { stages, channels, links: [] };
  return { ...what, ...at } as Fault;
}

function transportOn(names: readonly string[], { links }: Design): { readonly transport?: 'udp' } {
  const named = links.filter(({ name }) => names.includes(name));
  return named.every((link) => readTransport(link) === 'udp') ? { transport: 'udp' } : {};
}

function toPathFault(file: FaultFields, design: Design): PathFault {
  const happens = readHappening(file);
  if (!happens) throw letThrough('state, degraded');
  return { kind: 'path', paths: file.paths ?? findPaths(file, design), happens };
}

function readKind(file: FaultFields): Unplaced<Fault> {
  const values: Mapping = file;
  const found = KEYS.find(({ key }) => values[key] !== undefined);
  if (!found) throw letThrough(KEYS.map(({ key }) => key).join(', '));
  return found.writing.read(values[found.key]);
}

const letThrough = (keys: string): HarnessError =>
  new HarnessError('INTERNAL', `a fault without any of ${keys} was let through`);

function findPaths(file: FaultFields, design: Design): readonly string[] {
  const target = resolveTarget(file);
  return target ? pathsAt(design, target).map(({ name }) => name) : [];
}

/** Every path of a design that has this device, location, operator or country. */
export const pathsAt = (design: Design, target: WorkTarget): readonly AccessPath[] =>
  pathsOfAccess({ paths: accessPaths(design) }, [target]);

export const accessPaths = (design: Design): AccessPath[] =>
  (design.accesses ?? []).flatMap((access) => access.paths);

/** Times of people have no source but the scenario's own: whoever uses them is told. */
export const operatorAssumption = (window: string, operator: OperatorTimes): string =>
  `People end ${window}: ${OPERATOR_STEPS.map((step) => `${step} ${timeText(operator[step])}`).join(', ')}; drawn from the seed.`;

function timeText(time: HumanTime): string {
  if ('p50Ms' in time)
    return `half within ${formatDuration(time.p50Ms)} and nine of ten within ${formatDuration(time.p90Ms)}`;
  const [from, to] = [formatDuration(time.fromMs), formatDuration(time.toMs)];
  return from === to ? from : `${from} to ${to}`;
}
