// Finds the designs that are worth having: those that no other beats in everything.

import type { CaseSeen, DesignSeen, Figures, LimitSeen } from '../model/search.ts';
import { sumCosts, chooseWords, type Space } from './space.ts';

type Measured = Pick<DesignSeen, 'cost' | 'p99Ms' | 'originPerS' | 'latencyMs'>;

/** Less is better in each. */
const OBJECTIVES = ['cost', 'p99Ms', 'originPerS', 'latencyMs'] as const;

export function seenDesign(space: Space, design: number, figures: Figures): DesignSeen {
  const binding = bindingIn(figures.cases);
  return {
    ...figures,
    design,
    knobs: chooseWords(space, design),
    cost: sumCosts(space, design),
    holds: binding.verdict === 'pass',
    binding,
  };
}

const SEVERITY = { fail: 0, inconclusive: 1, pass: 2 } as const;

/** The limit that is broken, or has the least room. */
function bindingIn(cases: readonly CaseSeen[]): DesignSeen['binding'] {
  const all = cases.flatMap(({ name, limits }) =>
    limits.map((limit) => ({ ...limit, case: name })),
  );
  return all.toSorted(
    (a, b) => SEVERITY[a.verdict] - SEVERITY[b.verdict] || readSlackMs(a) - readSlackMs(b),
  )[0]!;
}

const readSlackMs = ({ slackMs = Infinity }: LimitSeen): number => slackMs;

const dominates = (a: Measured, b: Measured): boolean =>
  OBJECTIVES.every((key) => a[key] <= b[key]) && OBJECTIVES.some((key) => a[key] < b[key]);

/** Designs that no other of them dominates, the cheapest first; of equals the first. */
export function findFront(designs: readonly DesignSeen[]): DesignSeen[] {
  const isEqual = (a: Measured, b: Measured) => OBJECTIVES.every((key) => a[key] === b[key]);
  return designs
    .filter(
      (one, i) =>
        !designs.some((other, j) => dominates(other, one) || (j < i && isEqual(other, one))),
    )
    .toSorted((a, b) => a.cost - b.cost || a.p99Ms - b.p99Ms || a.design - b.design);
}

/** Designs from best to worst: those that hold by layers of the front, then those that fail least. */
export function ranked(designs: readonly DesignSeen[]): DesignSeen[] {
  const holding = designs.filter(({ binding }) => binding.verdict !== 'fail');
  const failing = designs
    .filter(({ binding }) => binding.verdict === 'fail')
    .toSorted((a, b) => shortfall(a) - shortfall(b) || a.cost - b.cost || a.design - b.design);
  const order: DesignSeen[] = [];
  for (let rest = holding; rest.length > 0;) {
    const layer = new Set(findFront(rest));
    order.push(...layer);
    rest = rest.filter((one) => !layer.has(one));
  }
  return [...order, ...failing];
}

/** Tells how far a design is from its limits: by time, and where that is not told by p99. */
const shortfall = ({ binding, p99Ms }: DesignSeen): number => -(binding.slackMs ?? -p99Ms);
