// Finds what is wrong with who is said to be behind a design.

import { listDataFlows } from '../design/dataFlows.ts';
import type { DesignMistake } from '../design/mistakes.ts';
import { lawsOver, suppliersBehind } from '../design/supply.ts';
import type {
  Design,
  FailureRate,
  LabelKind,
  ResidencyScope,
  Service,
  Supplier,
} from '../model/scenario.ts';
import { unknownName } from './suggest.ts';
import type { Path } from './sourceFile.ts';

export const supplyMistakes = (design: Design): readonly DesignMistake[] => [
  ...(design.suppliers ?? []).flatMap((one) => supplierMistakes(one, design)),
  ...(design.services ?? []).flatMap((one) => serviceMistakes(one, design)),
  ...(design.residency ?? []).flatMap((one) => scopeMistakes(one, design)),
  ...(design.failures ?? []).flatMap((one, i) => failureMistakes(one, i, design)),
];

/** Names of all who run something or hold a key. */
const operatorsIn = ({ stages, accesses = [], services = [] }: Design): readonly string[] =>
  [...stages, ...accesses.flatMap(({ paths }) => paths), ...services].flatMap(
    ({ operator, keyHolder }) => (keyHolder === undefined ? [operator] : [operator, keyHolder]),
  );

const namedBy = ({ parent, reliesOn = [] }: Supplier): readonly string[] =>
  parent === undefined ? reliesOn : [parent, ...reliesOn];

function supplierMistakes(one: Supplier, design: Design): DesignMistake[] {
  const at = ['suppliers', one.name];
  const all = design.suppliers ?? [];
  const operators = operatorsIn(design);
  const known = [...new Set([...operators, ...all.map(({ name }) => name)])];
  const unknown = namedBy(one).filter((name) => !known.includes(name));
  const isUsed = [...operators, ...all.flatMap(namedBy)].includes(one.name);
  const circle = circleFrom(one, all);
  return [
    ...unknown.map((name) => ({ at, message: unknownName('supplier', name, known) })),
    ...(isUsed
      ? []
      : [{ at, message: unknownName('operator', one.name, [...new Set(operators)]) }]),
    ...(circle ? [{ at, message: `suppliers in a circle: ${circle.join(' -> ')}` }] : []),
  ];
}

/** The way from a supplier back to itself, told of the first of the circle alone. */
function circleFrom(start: Supplier, all: readonly Supplier[]): readonly string[] | undefined {
  const later = all.slice(all.indexOf(start));
  const ways: (readonly string[])[] = [[start.name]];
  const seen = new Set<string>();
  for (const way of ways) {
    const last = later.find(({ name }) => name === way.at(-1));
    for (const next of last ? namedBy(last) : []) {
      if (next === start.name) return [...way, next];
      if (!seen.has(next)) ways.push([...way, next]);
      seen.add(next);
    }
  }
  return undefined;
}

function serviceMistakes({ name, neededBy, takes }: Service, { stages }: Design): DesignMistake[] {
  const at = ['services', name];
  const known = stages.map((stage) => stage.name);
  const lists: (readonly [Path, readonly string[]])[] = [
    [['neededBy'], neededBy],
    ...Object.entries(takes).map(([key, names]) => [['takes', key], names] as const),
  ];
  if (lists.every(([, names]) => names.length === 0))
    return [{ at, message: 'expected neededBy or takes: nothing has to do with it' }];
  return lists.flatMap(([key, names]) =>
    names.flatMap((stage, i) =>
      known.includes(stage)
        ? []
        : [{ at: [...at, ...key, i], message: unknownName('stage', stage, known) }],
    ),
  );
}

/** A promise about data that nobody has would always be kept. */
function scopeMistakes({ name, classes }: ResidencyScope, design: Design): DesignMistake[] {
  const flowing = listDataFlows(design, []).map((flow) => flow.class);
  if (classes.some((one) => flowing.includes(one))) return [];
  const message = `no ${classes.join(' or ')} flows in the design, only ${flowing.join(', ')}: say in services: who takes it`;
  return [{ at: ['residency', name, 'classes'], message }];
}

function failureMistakes(
  { kind, name }: FailureRate,
  index: number,
  design: Design,
): DesignMistake[] {
  const known = [...new Set(namesByKind(design)[kind])];
  const first = design.failures?.findIndex((one) => one.kind === kind && one.name === name);
  if (first !== index)
    return [{ at: ['failures', index, kind], message: `${kind} ${name} has a rate already` }];
  if (known.includes(name)) return [];
  return [{ at: ['failures', index, kind], message: unknownName(kind, name, known) }];
}

/** A circuit that one path alone has goes away with the device of that path. */
function namesByKind(design: Design): Readonly<Record<LabelKind, readonly string[]>> {
  const { stages, services = [], accesses = [] } = design;
  const paths = accesses.flatMap((access) => access.paths);
  const circuits = paths.flatMap((path) => path.circuits);
  const places = [...stages, ...paths, ...services];
  return {
    stage: stages.map((stage) => stage.name),
    service: services.map((service) => service.name),
    circuit: circuits.filter((circuit, i) => circuits.indexOf(circuit) !== i),
    device: paths.map(({ device }) => device),
    location: paths.map(({ location }) => location),
    zone: stages.map(({ zone }) => zone),
    operator: places.flatMap(({ operator }) => suppliersBehind(design, operator)),
    country: places.map(({ country }) => country),
    law: places.flatMap((place) => lawsOver(design, place)),
    technology: places.flatMap(({ technology }) => technology?.vendor ?? []),
  };
}
