// A scenario as what is judged: its windows on the clock that its disrupt phase stands for.

import { mostlyOverMs } from '../kernel/humanTime.ts';
import { findTraits } from '../faults/kinds.ts';
import type { Access, AccessPath, WorkTarget } from '../model/access.ts';
import { HarnessError } from '../model/errors.ts';
import { PLAYERS, type KnownPlayers } from '../../players/registry.ts';
import {
  listGroups,
  isOnStages,
  type Disruption,
  type MaintenanceWindow,
  type OnStageFault,
  type PathFault,
  type Scenario,
  type TimedFault,
  type WithdrawFault,
} from '../model/scenario.ts';
import { NATIONAL_EVENING } from './audience.ts';
import { listAccesses } from './implicitAccess.ts';
import type { AnnouncedWindow, CheckInput } from './input.ts';

export interface ScenarioCheckOptions {
  /** IANA time zone of the audience. */
  readonly zone?: string;
  readonly nowEpochMs: number | undefined;
}

const players: KnownPlayers = PLAYERS;

/** The audience of the curve lives there. */
export const ZONE = 'Europe/Paris';

/**
 * Windows, and failover tests among the faults. A re-enactment is not asked whether it is past.
 * @throws HarnessError SCENARIO_INVALID for windows without a clock to put them on.
 */
export function makeCheckInput(
  scenario: Scenario,
  { zone = scenario.zone ?? ZONE, nowEpochMs }: ScenarioCheckOptions,
): CheckInput {
  const { design, windows, faults, clock } = scenario;
  if (clock === undefined && windows.length > 0)
    throw new HarnessError('SCENARIO_INVALID', `${scenario.name} has windows and no clock`, {
      target: scenario.file || scenario.name,
      hint: 'say which time the disrupt phase stands for: clock: "2025-09-12T22:15:00+02:00"',
    });
  const startEpochMs = Date.parse(clock ?? '1970-01-01T00:00:00Z');
  const accesses = listAccesses(design).map((access) => withFilters(access, faults));
  const source = scenario.file || scenario.name;
  const place = { startEpochMs, clock: clock ?? '', source, accesses };
  return {
    design,
    accesses,
    windows: [
      ...windows.map((window) => toAnnounced(window, place)),
      ...faults.flatMap((fault) => toTest(fault, place) ?? []),
    ],
    events: [],
    zone,
    audience: NATIONAL_EVENING,
    nowEpochMs: scenario.kind === 'incident' ? undefined : nowEpochMs,
    ownerRules: [],
    ...watchersIn(scenario),
  };
}

/** Groups by their weights; a scenario without weights does not say for how many they stand. */
function watchersIn(scenario: Scenario): Pick<CheckInput, 'watchers'> {
  const groups = listGroups(scenario);
  if (groups.every(({ weight }) => weight === undefined)) return {};
  return {
    watchers: groups.map(({ name, count, weight = 1, player }) => ({
      says: name === undefined ? 'all viewers' : `the group ${name}`,
      carriage: players[player]?.carriage ?? 'ott',
      heads: Math.round(count * weight),
    })),
  };
}

/** A filter that shows only when the path is needed is there before anybody needs it. */
function withFilters(access: Access, faults: readonly TimedFault[]): Access {
  const filterOf = ({ name, filter }: AccessPath) =>
    faults.reduce((known, { fault }) => {
      const hits = fault.kind === 'path' && fault.paths.includes(name);
      return hits && fault.happens.kind === 'filtered' ? fault.happens.filter : known;
    }, filter);
  return { ...access, paths: access.paths.map((path) => ({ ...path, filter: filterOf(path) })) };
}

interface Place {
  readonly startEpochMs: number;
  readonly clock: string;
  readonly source: string;
  readonly accesses: readonly Access[];
}

function toAnnounced(window: MaintenanceWindow, place: Place): AnnouncedWindow {
  const { announcedFromMs, announcedForMs, work, overrunMs, rollback, operator } = window;
  const announcedToMs = announcedFromMs + announcedForMs;
  const planned = rollback ? rollback.afterMs + rollback.takesMs : work.forMs + overrunMs;
  const workedToMs = work.atMs + (operator ? mostlyOverMs(operator) : planned);
  return {
    name: window.name,
    owner: window.owner,
    kind: isTest(work.fault) ? 'failover-test' : 'planned',
    targets: window.target ? [window.target] : listTargets(work.fault, place),
    fromEpochMs: place.startEpochMs + announcedFromMs,
    toEpochMs: place.startEpochMs + announcedToMs,
    overrunMs: Math.max(0, workedToMs - announcedToMs),
    drain: window.drain,
    noticedAtEpochMs: window.announcedOn === undefined ? undefined : Date.parse(window.announcedOn),
    clock: writeClock(place, announcedFromMs),
    source: place.source,
  };
}

/** A failover test that is not a window is still one; a drawn or dependent time is taken at its earliest. */
function toTest(
  { name, start, length, fault }: TimedFault,
  place: Place,
): AnnouncedWindow | undefined {
  if (!isTest(fault) || start.kind !== 'at') return undefined;
  const fromEpochMs = place.startEpochMs + start.at.fromMs;
  return {
    name,
    owner: 'failover test',
    kind: 'failover-test',
    targets: listTargets(fault, place),
    fromEpochMs,
    toEpochMs: fromEpochMs + length.toMs,
    overrunMs: 0,
    drain: { style: 'none', leadMs: 0 },
    noticedAtEpochMs: 0,
    clock: writeClock(place, start.at.fromMs),
    source: place.source,
  };
}

const isTest = (fault: Disruption | WithdrawFault): fault is PathFault =>
  fault.kind === 'path' && fault.happens.kind === 'tested';

/** Work on a link takes every path that the link can run over; work on stages takes those away. */
function listTargets(fault: Disruption, { accesses }: Place): readonly WorkTarget[] {
  if (takesStages(fault)) return fault.stages.map((name) => ({ kind: 'stage', name }));
  const names =
    fault.kind === 'path'
      ? fault.paths
      : accesses
          .filter(({ links }) => links.some(({ link }) => fault.links.includes(link)))
          .flatMap(({ paths }) => paths.map(({ name }) => name));
  return names.map((name) => ({ kind: 'path', name }));
}

const takesStages = (fault: Disruption): fault is OnStageFault =>
  fault.kind !== 'path' && isOnStages(fault) && findTraits(fault).nature === 'life';

/** The offset of the clock is kept: it is how the scenario was written. */
function writeClock({ startEpochMs, clock }: Place, atMs: number): AnnouncedWindow['clock'] {
  const offset = /(Z|[+-]\d\d:\d\d)$/.exec(clock)?.[1] ?? 'Z';
  const [, sign = '+', hours = '0', minutes = '0'] = /^([+-])(\d\d):(\d\d)$/.exec(offset) ?? [];
  const offsetMs = (Number(hours) * 60 + Number(minutes)) * 60_000 * (sign === '-' ? -1 : 1);
  const local = new Date(startEpochMs + atMs + offsetMs).toISOString().slice(0, 16);
  return { zone: offset === 'Z' ? 'UTC' : `UTC${offset}`, text: `${local}${offset}` };
}
