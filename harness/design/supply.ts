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
  const own = place.law ?? findLaw(design, place.operator) ?? [place.country];
  return distinct([...own, ...others.flatMap((name) => findLaw(design, name) ?? [])]);
}

/** The laws over a company that runs nothing here itself, such as one that holds keys. */
export const lawsOverCompany = (design: Supplied, name: string): readonly string[] =>
  distinct(suppliersBehind(design, name).flatMap((one) => findLaw(design, one) ?? []));

const findLaw = ({ suppliers = [] }: Supplied, name: string): readonly string[] | undefined =>
  supplierCalled(suppliers, name)?.law;

export const distinct = <T>(all: readonly T[]): readonly T[] => [...new Set(all)];
