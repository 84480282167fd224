// Bytes that passed from one country to another, by the counters of the links between them, and what
// no counter saw. Contents are not looked at.

import { findCarrier } from '../design/countedLinks.ts';
import { listDataFlows } from '../design/dataFlows.ts';
import { findHops, type Hop } from '../design/hops.ts';
import type { Phase } from '../model/plan.ts';
import type { BorderResult, InterfaceResult } from '../model/border.ts';
import type { Design } from '../model/scenario.ts';
import { readInterfaces } from './interfaces.ts';
import type { Recorded } from './recorded.ts';

/** One way of a connection between two stages. */
interface Way {
  readonly hop: Hop;
  readonly from: string;
  readonly to: string;
  /** `link connect-up`, or the stages that are joined directly. */
  readonly says: string;
  /** Undefined where no counter saw it to the end. */
  readonly bytes: number | undefined;
  readonly phases: readonly { readonly phase: Phase; readonly bytes: number }[];
}

export interface Passed {
  /** Bytes that arrived at stages outside, and what may have without being counted. */
  outside(about: string): { readonly bytes: number; readonly unseen: readonly string[] };
  readonly rows: readonly BorderResult[];
  readonly interfaces: readonly InterfaceResult[];
}

export function passedIn(recorded: Recorded): Passed {
  const { design } = recorded.run.plan.scenario;
  const interfaces = readInterfaces(recorded);
  const ways = findHops(design).flatMap((hop) => listWays(hop, recorded));
  return {
    outside: (about) => {
      const { classes, countries } = scopeCalled(design, about);
      const isOut = (country: string) => !countries.includes(country);
      const outward = classes.includes('media') ? ways.filter(({ to }) => isOut(to)) : [];
      return {
        bytes: outward.reduce((sum, { bytes = 0 }) => sum + bytes, 0),
        unseen: [
          ...outward.filter(({ bytes }) => bytes === undefined).map(({ says }) => says),
          ...interfaces.flatMap(unseenAt),
          ...pathsOutside(design, isOut),
          ...notPlayed(design, { classes, isOut }),
        ],
      };
    },
    rows: ways
      .filter(({ from, to }) => from !== to)
      .map(({ from, to, says, bytes, phases }) => ({
        class: 'media',
        from,
        to,
        over: says,
        bytes,
        phases,
      })),
    interfaces,
  };
}

const unseenAt = ({ stage, way, doubt }: InterfaceResult): readonly string[] =>
  doubt === undefined ? [] : [`bytes ${way} by stage ${stage}: ${doubt}`];

/** A scope of the design, or a country for what a run carries. */
function scopeCalled(design: Design, about: string) {
  const scope = design.residency?.find(({ name }) => name === about);
  return scope ?? { classes: ['media'] as const, countries: [about] };
}

function listWays(hop: Hop, recorded: Recorded): readonly Way[] {
  const { from, to, client, link } = hop;
  const { name } = findCarrier(hop);
  const says = link ? `link ${name}` : `${name}, joined directly`;
  const counts = (stream: 'forward' | 'backward') => listCounts(name, stream, recorded);
  const [there, back] =
    client === from
      ? [counts('forward'), counts('backward')]
      : [counts('backward'), counts('forward')];
  return [
    { hop, says, from: from.country, to: to.country, ...there },
    { hop, says: `${says}, back`, from: to.country, to: from.country, ...back },
  ];
}

/** Sums the flows of a link; in each phase, what was counted since the one before. */
function listCounts(
  link: string,
  stream: 'forward' | 'backward',
  { records, run }: Recorded,
): Pick<Way, 'bytes' | 'phases'> {
  const flows = Map.groupBy(
    records.filter((record) => record.type === 'passed'),
    ({ flow }) => flow,
  );
  const own = [...flows].filter(([flow]) => flow === link || flow.startsWith(`${link}.`));
  const expected = run.plan.scenario.design.channels.map((channel) => `${link}.${channel}`);
  const isWhole =
    (own.some(([flow]) => flow === link) || expected.every((flow) => flows.has(flow))) &&
    own.every(([, counted]) => counted.at(-1)!.last);
  const total = own.reduce((sum, [, counted]) => sum + counted.at(-1)![stream], 0);
  const begun = records.filter((record) => record.type === 'phase');
  const phaseAt = (atMs: number): Phase =>
    begun.findLast((phase) => phase.atMs <= atMs)?.phase ?? 'provision';
  const byPhase = new Map<Phase, number>();
  for (const [, counted] of own)
    counted.forEach((one, i) => {
      const phase = one.last ? 'recover' : phaseAt(one.atMs);
      const bytes = one[stream] - (counted[i - 1]?.[stream] ?? 0);
      byPhase.set(phase, (byPhase.get(phase) ?? 0) + bytes);
    });
  const phases = [...byPhase].map(([phase, bytes]) => ({ phase, bytes }));
  return { bytes: isWhole ? total : undefined, phases };
}

/** A rehearsal plays the paths of an access over one link: which one a byte took is not counted. */
const pathsOutside = ({ accesses = [] }: Design, isOut: (country: string) => boolean) =>
  accesses.flatMap(({ paths }) =>
    paths.filter(({ country }) => isOut(country)).map(({ name }) => `path ${name}`),
  );

/** Data of services and of other classes than media is in no run. */
const notPlayed = (
  design: Design,
  {
    classes,
    isOut,
  }: { readonly classes: readonly string[]; readonly isOut: (country: string) => boolean },
) =>
  listDataFlows(design, [])
    .filter((flow) => flow.class !== 'media' && classes.includes(flow.class))
    .flatMap((flow) =>
      flow.holders
        .filter(({ place }) => isOut(place.country))
        .map(({ kind, name }) => `${flow.class} at ${kind} ${name}`),
    );
