// Turns the YAML shape of who is behind a design into the model.

import type { z } from 'zod';
import { keysThere } from '../fields/mapping.ts';
import { LABEL_KINDS, type FailureRate, type Supplied, type Supply } from '../model/scenario.ts';
import type { DesignFile } from './designSchema.ts';
import { supplyFields } from './supplySchema.ts';

type SupplyFile = z.output<z.ZodObject<typeof supplyFields>>;

const KEYS = Object.keys(supplyFields) as readonly (keyof SupplyFile)[];

/** The keys of it that were written. */
export const toSupply = (file: SupplyFile): Supply =>
  Object.fromEntries(keysThere(file, KEYS).map((key) => [key, file[key]]));

export function toSupplied({ suppliers, services, residency, failures }: DesignFile): Supplied {
  const [companies, others, scopes] = [named(suppliers), named(services), named(residency)];
  return {
    ...(companies.length > 0 && { suppliers: companies }),
    ...(others.length > 0 && { services: others }),
    ...(scopes.length > 0 && { residency: scopes }),
    ...(failures.length > 0 && { failures: failures.map(toRate) }),
  };
}

function toRate(file: DesignFile['failures'][number]): FailureRate {
  const [kind = 'stage'] = keysThere(file, LABEL_KINDS);
  return { kind, name: file[kind] ?? '', everyMs: file.every, forMs: file.for };
}

const named = <T extends object>(all: Readonly<Record<string, T>>) =>
  Object.entries(all).map(([name, one]) => ({ name, ...one }));
