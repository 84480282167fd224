// Finds what a scenario asks for that virtual players cannot play: it is refused by name, and never
// played nearly.

import { carriageCalled } from '../alerts/catalogue.ts';
import {
  listGroups,
  isOnStages,
  readTransport,
  type Fault,
  type Scenario,
} from '../model/scenario.ts';
import { findRole } from '../design/roles.ts';
import { findKind } from '../faults/kinds.ts';
import type { Plan } from '../model/plan.ts';

export interface Refusal {
  /** The place in the scenario file. */
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** A decoder needs a little more than the nominal rate of the contribution. */
const CONTRIBUTION_HEADROOM = 1.15;

/** `players` are those that have a virtual form; `playsGroups` where multicast has one, and who switches. */
export function findRefusals(
  plan: Plan,
  players: readonly string[],
  playsGroups = false,
): Refusal[] {
  const { scenario } = plan;
  return [
    ...refusedContainer(scenario),
    ...refusedFaults(plan, (fault) => refused(fault, scenario, playsGroups)),
    ...refusedGroups(scenario, players),
    ...(playsGroups ? [] : refusedSwitching(scenario)),
    ...refusedCarriages(scenario),
  ];
}

/** Gives one refusal for each fault or window that cannot be played. */
export function refusedFaults(
  { scenario, actions }: Plan,
  why: (fault: Fault, scenario: Scenario) => string | undefined,
): Refusal[] {
  const byFault = new Map(
    actions.flatMap(({ of, window, fault }) => {
      const message = why(fault, scenario);
      return message === undefined
        ? []
        : [[of, { path: findPlace(window ?? of, scenario), message }] as const];
    }),
  );
  return [...byFault.values()];
}

function refusedContainer({ design }: Scenario): Refusal[] {
  const { container, latency } = design.media;
  const named = latency ? `latency: ${latency}` : container && `container: ${container}`;
  return named ? [{ path: ['design'], message: `${named} has no virtual form; ${NEEDS_RUN}` }] : [];
}

function refusedGroups(scenario: Scenario, players: readonly string[]): Refusal[] {
  const groups = listGroups(scenario);
  const one = 'count' in scenario.viewers;
  return groups.flatMap(({ player }, index): Refusal | Refusal[] =>
    players.includes(player)
      ? []
      : {
          path: one ? ['viewers', 'player'] : ['viewers', index, 'player'],
          message: `${player} has no virtual form; there is: ${players.join(', ')}`,
        },
  );
}

const refusedSwitching = (scenario: Scenario): Refusal[] =>
  listGroups(scenario).flatMap(({ switches }, index) =>
    switches
      ? {
          path: ['viewers', index, 'switches'],
          message: 'a virtual player stays what it is: leave `--engine virtual-player` out',
        }
      : [],
  );

const refusedCarriages = (scenario: Scenario): Refusal[] =>
  (scenario.alerts ?? []).flatMap(({ carriages }, at) =>
    carriages.flatMap((name): Refusal[] => {
      const { players = [], virtually = players } = carriageCalled(name) ?? {};
      const other = listGroups(scenario).find(
        ({ player }) => players.includes(player) && !virtually.includes(player),
      );
      if (!other) return [];
      const message = `${name} has no virtual form in ${other.player}; ${NEEDS_RUN}`;
      return [{ path: ['alerts', at, 'carriage'], message }];
    }),
  );

function findPlace(name: string, { faults, windows }: Scenario): Refusal['path'] {
  const fault = faults.findIndex((one) => one.name === name);
  if (fault >= 0) return ['faults', fault];
  const window = windows.findIndex((one) => one.name === name);
  return window >= 0 ? ['windows', window, 'work'] : [];
}

const NEEDS_RUN = 'virtual players cannot play this: use `ecran-noir run`';

/** Undefined for what can be played. */
function refused(fault: Fault, scenario: Scenario, playsGroups: boolean): string | undefined {
  if (!isOnStages(fault)) return refusedRate(fault, scenario, playsGroups);
  const { limits } = findKind(fault).numbers(fault);
  if (limits) return `less processor or memory has no numeric effect; ${NEEDS_RUN}`;
  if (fault.kind === 'content' && !PICTURES.includes(fault.shows))
    return `${fault.shows} is a matter for a real decoder; ${NEEDS_RUN}`;
  if (fault.kind === 'http') {
    const { answer } = fault;
    const kinds =
      answer.kind === 'cycle' ? answer.steps.map((step) => step.answer?.kind) : [answer.kind];
    if (kinds.includes('corrupt'))
      return `noise in media is a matter for a real decoder; ${NEEDS_RUN}`;
  }
  return undefined;
}

const PICTURES: readonly string[] = ['black', 'frozen', 'silent', 'wrong-channel'];

/** A contribution that does not fit loses packets of its pictures, and a decoder shows what is left. */
function refusedRate(
  fault: Exclude<Fault, { stages: readonly string[] }>,
  { design }: Scenario,
  playsGroups: boolean,
) {
  const onLinks = design.links.filter(({ name }) => fault.links.includes(name));
  const datagrams = onLinks.find((link) => readTransport(link) === 'udp');
  if (datagrams && !playsGroups)
    return `${datagrams.name} carries datagrams, to boxes alone; ${NEEDS_RUN}`;
  const { passes, rateKbps = Infinity, piece } = findKind(fault).numbers(fault);
  if (!passes) return undefined;
  const pieceKbps = piece && piece.delayMs > 0 ? (piece.bytes * 8) / piece.delayMs : Infinity;
  const neededKbps = design.media.contributionKbps * CONTRIBUTION_HEADROOM;
  if (Math.min(rateKbps, pieceKbps) >= neededKbps) return undefined;
  const playouts = design.stages
    .filter((stage) => findRole(stage).follows.length === 0)
    .map(({ name }) => name);
  const narrow = onLinks.find(({ from }) => playouts.includes(from));
  if (!narrow || fault.direction === 'backward') return undefined;
  return `${narrow.name} carries less than its contribution of ${design.media.contributionKbps} kbit/s, which damages pictures; ${NEEDS_RUN}`;
}
