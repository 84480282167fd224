// The way through a space: all designs with few agents, then fewer designs with more agents. Along a knob
// that was checked to be monotone only those values are played that can be worth having.

import type { DesignSeen, Figures, Rung, SearchResult } from '../model/search.ts';
import { findFront, ranked, seenDesign } from './front.ts';
import { toDigits, type Space } from './space.ts';

export interface Hunting {
  readonly space: Space;
  /** Numbers of the designs that differ. */
  readonly designs: readonly number[];
  /** Agents of each round; the last is what the result is told from. */
  readonly agents: readonly number[];
  /** Plays designs; gives their figures in the same order. */
  readonly play: (designs: readonly number[], agents: number) => Promise<readonly Figures[]>;
  /** Plays these alone, and what all must know to choose among them; absent: all. */
  readonly own?: ReadonlySet<number>;
}

export interface Hunted {
  readonly rungs: readonly Rung[];
  readonly played: number;
  readonly bisected: SearchResult['bisected'];
  /** Seen with the most agents. */
  readonly seen: readonly DesignSeen[];
}

/** A round keeps such a share, and so many at least; what no other beats is kept in any case. */
const KEPT_SHARE = 0.25;
const KEPT_LEAST = 8;

export async function hunt(hunting: Hunting): Promise<Hunted> {
  const { designs, agents, space, own } = hunting;
  const [first = 0, ...more] = designs.length > KEPT_LEAST ? agents : agents.slice(-1);
  const { seen: known, bisected } = await playFirst(hunting, first);
  const all = own ? known.filter(({ design }) => own.has(design)) : known;
  let seen = all;
  const rungs: Rung[] = [];
  let before = first;
  for (const next of more) {
    const kept = best(seen);
    rungs.push({ agents: before, designs: seen.length, kept: kept.length });
    const figures = await hunting.play(kept, next);
    seen = figures.map((one, i) => seenDesign(space, kept[i]!, one));
    before = next;
  }
  rungs.push({ agents: before, designs: seen.length, kept: seen.length });
  return { rungs, played: all.length, bisected, seen };
}

function best(seen: readonly DesignSeen[]): number[] {
  const order = ranked(seen);
  const front = findFront(order.filter(({ binding }) => binding.verdict !== 'fail')).length;
  const count = Math.max(front, KEPT_LEAST, Math.ceil(seen.length * KEPT_SHARE));
  return order
    .slice(0, count)
    .map(({ design }) => design)
    .toSorted((a, b) => a - b);
}

interface First {
  readonly seen: readonly DesignSeen[];
  readonly bisected: Hunted['bisected'];
}

/** Designs that differ in one knob only, in the order of its values. */
type Ladder = readonly number[];

/** With fewer values there is nothing to skip. */
const BISECTED_MIN = 5;
const CONTEXTS = 3;

async function playFirst(hunting: Hunting, agents: number): Promise<First> {
  const { space, designs, play, own } = hunting;
  const isOwn = (design = -1) => own?.has(design) ?? true;
  const known = new Map<number, DesignSeen>();
  const look = async (some: readonly number[]) => {
    const fresh = some.filter((design) => !known.has(design));
    const figures = await play(fresh, agents);
    for (const [i, design] of fresh.entries())
      known.set(design, seenDesign(space, design, figures[i]!));
  };
  const done = (bisected: Hunted['bisected']): First => ({
    seen: [...known.values()].toSorted((a, b) => a.design - b.design),
    bisected,
  });
  const at = longestKnob(space);
  const ladders = listLadders(space, designs);
  if (at === undefined || ladders.length <= CONTEXTS) {
    await look(designs.filter(isOwn));
    return done(undefined);
  }
  const checked = Array.from(
    { length: CONTEXTS },
    (_, i) => ladders[Math.round((i * (ladders.length - 1)) / (CONTEXTS - 1))]!,
  );
  await look(checked.flat());
  if (!areMonotone(checked.map((ladder) => ladder.map((design) => known.get(design)!)))) {
    await look(designs.filter(isOwn));
    return done(undefined);
  }
  await bisect(
    ladders.filter(([lowest]) => isOwn(lowest)),
    known,
    look,
  );
  const { name: knob } = space.knobs[at]!;
  return done({ knob, contexts: CONTEXTS, saved: designs.length - known.size });
}

function longestKnob({ knobs }: Space): number | undefined {
  const lengths = knobs.map(({ values }) => values.length);
  const longest = Math.max(0, ...lengths);
  return longest < BISECTED_MIN ? undefined : lengths.indexOf(longest);
}

/** Deals designs into those that must be played by one machine, since a knob of theirs may be bisected. */
export function listLadders(space: Space, designs: readonly number[]): readonly Ladder[] {
  const at = longestKnob(space);
  if (at === undefined) return designs.map((design) => [design]);
  const ladders = new Map<string, number[]>();
  for (const design of designs) {
    const context = toDigits(space, design).toSpliced(at, 1).join(' ');
    ladders.set(context, [...(ladders.get(context) ?? []), design]);
  }
  return [...ladders.values()];
}

const VERDICTS = { fail: 2, inconclusive: 1, pass: 0 } as const;

/** The sizes that must go one way only along a ladder for a value between two others to lie between them. */
const listSizes = (one: DesignSeen): number[] => [
  one.cost,
  one.p99Ms,
  one.originPerS,
  one.latencyMs,
  ...one.cases.flatMap(({ limits }) => limits.map(({ verdict }) => VERDICTS[verdict])),
];

/** True where each of them rises in no ladder, or falls in none. */
export function areMonotone(ladders: readonly (readonly DesignSeen[])[]): boolean {
  const steps = ladders.flatMap((ladder) =>
    ladder.slice(1).map((one, i) => {
      const before = listSizes(ladder[i]!);
      return listSizes(one).map((size, k) => size - before[k]!);
    }),
  );
  const [first = []] = steps;
  return first.every(
    (_, k) => steps.every((step) => step[k]! <= 0) || steps.every((step) => step[k]! >= 0),
  );
}

interface Gap {
  readonly ladder: Ladder;
  readonly from: number;
  readonly to: number;
}

async function bisect(
  ladders: readonly Ladder[],
  known: ReadonlyMap<number, DesignSeen>,
  look: (designs: readonly number[]) => Promise<void>,
): Promise<void> {
  await look(ladders.flatMap((ladder) => [ladder[0]!, ladder.at(-1)!]));
  let gaps: Gap[] = ladders.map((ladder) => ({ ladder, from: 0, to: ladder.length - 1 }));
  const between = ({ from, to }: Gap) => Math.floor((from + to) / 2);
  while (gaps.length > 0) {
    const open = gaps.filter(({ ladder, from, to }) => {
      const [a, b] = [known.get(ladder[from]!)!, known.get(ladder[to]!)!];
      return to - from > 1 && !failsAlike(a, b) && !isAlike(a, b);
    });
    await look(open.map((gap) => gap.ladder[between(gap)]!));
    gaps = open.flatMap((gap) => [
      { ...gap, to: between(gap) },
      { ...gap, from: between(gap) },
    ]);
  }
}

/** Both break the same limit under the same fault: so does whatever is between them. */
const failsAlike = (a: DesignSeen, b: DesignSeen): boolean =>
  a.cases.some(({ limits }, i) =>
    limits.some(
      ({ verdict }, k) => verdict === 'fail' && b.cases[i]!.limits[k]!.verdict === 'fail',
    ),
  );

/** Whatever is between them is like both, and no cheaper than one of them. */
const isAlike = (a: DesignSeen, b: DesignSeen): boolean =>
  listSizes(a)
    .slice(1)
    .every((size, k) => size === listSizes(b)[k + 1]!);
