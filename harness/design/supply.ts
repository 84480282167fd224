// Tells who stands behind an operator, and which laws reach what it runs.

import type { Place, Supplied, Supplier } from '../model/scenario.ts';

/** An operator and every supplier without whom it can do nothing, itself first. */
export function suppliersBehind({ suppliers = [] }: Supplied, operator: string): readonly string[] {
  const behind = [operator];
  for (const name of behind) {
    const { parent, reliesOn = [] } = supplierCalled(suppliers, name) ?? {};
    const next = parent === undefined ? reliesOn : [parent, ...reliesOn];
    behind.push(...next.filter((one) => !behind.includes(one)));
  }
  return behind;
}

const supplierCalled = (all: readonly Supplier[], name: string): Supplier | undefined =>
  all.find((one) => one.name === name);

/** The laws that reach what stands at a place: its own, else its supplier's, and of all behind it. */
export function lawsOver(design: Supplied, place: Omit<Place, 'zone'>): readonly string[] {
  const [, ...others] = suppliersBehind(design, place.operator);
  const own = place.law ?? lawOf(design, place.operator) ?? [place.country];
  return distinct([...own, ...others.flatMap((name) => lawOf(design, name) ?? [])]);
}

const lawOf = ({ suppliers = [] }: Supplied, name: string): readonly string[] | undefined =>
  supplierCalled(suppliers, name)?.law;

/** The laws that can make somebody hand over what is held at a place, each with the reason. */
export function exposureAt(
  design: Supplied,
  place: Omit<Place, 'zone'>,
): ReadonlyMap<string, readonly string[]> {
  const reasons = new Map<string, readonly string[]>();
  const add = (laws: readonly string[], why: string) => {
    for (const law of laws) reasons.set(law, [...(reasons.get(law) ?? []), why]);
  };
  const holder = place.keyHolder;
  // Whoever holds no key holds nothing that can be read.
  if (holder === undefined) add(lawsOver(design, place), `${place.operator} holds it in clear`);
  else add(lawsOver(design, keyPlace(design, place, holder)), `${holder} holds the key`);
  if (holder === undefined) add(place.adminFrom ?? [], 'it is administered from there');
  return reasons;
}

/** A key holder that nobody describes stands where the place stands. */
const keyPlace = (design: Supplied, { country }: Pick<Place, 'country'>, operator: string) => {
  const service = design.services?.find((one) => one.operator === operator);
  return service ?? { operator, country };
};

export const distinct = <T>(all: readonly T[]): readonly T[] => [...new Set(all)];
