// Services of a CycloneDX document, into a design: what has the name of a stage, path or service of
// the design gets its provider; what stages need, or send data to, becomes a service of the design.

import { parseDocument, type Document } from 'yaml';
import { z } from 'zod';
import { HarnessError } from '../../model/errors.ts';
import { DATA_CLASSES, type DataClass, type Design } from '../../model/scenario.ts';
import { invalid } from '../../scenario/invalid.ts';
import { parseDesign } from '../../scenario/load.ts';
import { shape } from '../../scenario/shape.ts';
import { valueAt } from '../../scenario/sourceFile.ts';
import { countriesIn } from '../countries.ts';
import type { MadeText, Importer, ImportInput } from '../format.ts';
import { readJson } from '../readJson.ts';
import { toSlug } from '../slug.ts';
import { PROPERTY, type PartKind } from './write.ts';

export const cyclonedxImport: Importer = { takes: ['country'], read };

const named = z.string({ error: 'expected a name' }).min(1, { error: 'expected a name' });
const references = z.array(z.string(), { error: 'expected a list of references' }).default([]);

const flatService = z.object({
  'bom-ref': z.string().optional(),
  name: named,
  provider: z.object({ name: named.optional() }).optional(),
  data: z
    .array(
      z.object({
        classification: z.string({ error: 'expected a classification' }),
        source: references,
        destination: references,
      }),
      { error: 'expected a list of data flows' },
    )
    .default([]),
  properties: z.array(z.object({ name: z.string(), value: z.string().default('') })).default([]),
});
const service = flatService.extend({ services: z.array(flatService).default([]) });
const bom = z.object({
  bomFormat: z.literal('CycloneDX', { error: 'expected CycloneDX' }),
  specVersion: z
    .string({ error: 'expected a version such as "1.6"' })
    .regex(/^1\.[4-7]$/, { error: 'expected a version from 1.4 to 1.7' }),
  services: z.array(service, { error: 'expected a list of services' }).default([]),
  dependencies: z
    .array(z.object({ ref: z.string(), dependsOn: references }), {
      error: 'expected a list of dependencies',
    })
    .default([]),
});

type BomService = z.output<typeof flatService>;
type Bom = z.output<typeof bom>;

const PAGE = 'docs/suppliers.md says what is read of it';

function readBom({ files }: ImportInput): readonly [Bom, string] {
  const [file] = files;
  if (!file || files.length > 1)
    throw new HarnessError('ARGUMENT_INVALID', `expected one document, got ${files.length}`, {
      hint: 'name the file, and not the folder that it is in',
    });
  const { value, problems } = shape(bom, readJson(file, PAGE));
  if (!value) throw invalid(file.file, problems, PAGE);
  return [value, file.file];
}

function read(input: ImportInput): MadeText {
  const { design: base, name, options } = input;
  const [{ services, dependencies }, file] = readBom(input);
  const design = parseDesign(base.text, base.file);
  const document = parseDocument(base.text);
  const remarks: string[] = [];
  const countryOf = countriesIn(options.country);
  const all = services.flatMap((one) => [one, ...one.services]);
  const parts = listParts(design);
  const stageOf = stagesByReference(all, parts);
  const taken = all.filter((one) => {
    const part = findPart(one, parts);
    if (part) setSupply(document, part, one);
    const isService = part === undefined || part.kind === 'service';
    const added =
      isService && setService(document, one, { dependencies, stageOf, countryOf, remarks });
    if (!part && !added)
      remarks.push(
        `${one.name} is left out: no stage, path or service is called so, and no stage has to do with it`,
      );
    return part !== undefined || added;
  });
  if (taken.length === 0) throw matchesNothing(all.length, file, [design.name, parts]);
  document.set('name', name);
  document.set('title', `${design.title} (services: ${file})`);
  const text = document.toString({ lineWidth: 100 });
  parseDesign(text, `${name}.yaml`);
  return { text, remarks };
}

interface Part {
  readonly kind: PartKind;
  readonly name: string;
  /** Where the design says it. */
  readonly at: readonly string[];
}

const listParts = ({ stages, accesses = [], services = [] }: Design): readonly Part[] => [
  ...stages.map(({ name }) => ({ kind: 'stage', name, at: ['stages', name] }) as const),
  ...accesses.flatMap((access) =>
    access.paths.map(
      ({ name }) => ({ kind: 'path', name, at: ['access', access.name, 'paths', name] }) as const,
    ),
  ),
  ...services.map(({ name }) => ({ kind: 'service', name, at: ['services', name] }) as const),
];

/** By the reference that our own export has, else by its name as a name of a design. */
const findPart = (one: BomService, parts: readonly Part[]): Part | undefined =>
  parts.find(({ kind, name }) => one['bom-ref'] === `${kind}:${name}`) ??
  parts.find(({ name }) => name === toSlug(one.name));

/** Stages by every reference that a data flow or a dependency can have to them. */
function stagesByReference(all: readonly BomService[], parts: readonly Part[]) {
  const known = new Map(
    all.flatMap((one) => {
      const part = findPart(one, parts);
      return part?.kind === 'stage' ? [[one['bom-ref'] ?? one.name, part.name] as const] : [];
    }),
  );
  return (reference: string): readonly string[] => {
    const stage =
      known.get(reference) ??
      parts.find(
        ({ kind, name }) => kind === 'stage' && [name, `stage:${name}`].includes(reference),
      )?.name;
    return stage === undefined ? [] : [stage];
  };
}

const readProperties = ({ properties }: BomService, key: string): readonly string[] =>
  properties.flatMap(({ name, value }) => (name === `${PROPERTY}${key}` ? [value] : []));

function setSupply(document: Document, { at }: Part, one: BomService): void {
  const [country] = readProperties(one, 'country');
  const [vendor] = readProperties(one, 'technology-vendor');
  const [from] = readProperties(one, 'technology-country');
  const [keyHolder] = readProperties(one, 'key-holder');
  const law = readProperties(one, 'law');
  const adminFrom = readProperties(one, 'admin-from');
  const said = {
    operator: one.provider?.name,
    country,
    law: law.length > 0 ? law : undefined,
    technology: vendor === undefined ? undefined : { vendor, country: from },
    adminFrom: adminFrom.length > 0 ? adminFrom : undefined,
    keyHolder,
  };
  for (const [key, value] of Object.entries(said))
    if (value !== undefined) document.setIn([...at, key], document.createNode(value));
}

interface ServiceContext {
  readonly dependencies: Bom['dependencies'];
  readonly stageOf: (reference: string) => readonly string[];
  readonly countryOf: (name: string) => string;
  readonly remarks: string[];
}

/** Tells whether stages have to do with it. */
function setService(document: Document, one: BomService, context: ServiceContext): boolean {
  const { dependencies, stageOf, countryOf, remarks } = context;
  const reference = one['bom-ref'] ?? one.name;
  const neededBy = dependencies
    .filter(({ dependsOn }) => dependsOn.includes(reference))
    .flatMap(({ ref }) => stageOf(ref));
  const takes = new Map<DataClass, readonly string[]>();
  for (const { classification, source } of one.data) {
    const stages = source.flatMap(stageOf);
    const data = readClass(classification);
    if (stages.length > 0 && !data)
      remarks.push(`${one.name}: "${classification}" is none of ${DATA_CLASSES.join(', ')}`);
    if (stages.length > 0 && data) takes.set(data, [...(takes.get(data) ?? []), ...stages]);
  }
  if (neededBy.length === 0 && takes.size === 0) return false;
  const at = ['services', toSlug(one.name)];
  const known = valueAt(document.toJS(), [...at, 'country']) !== undefined;
  const [country = known ? undefined : countryOf(toSlug(one.name))] = readProperties(
    one,
    'country',
  );
  if (!document.hasIn(at)) document.setIn(at, document.createNode({}));
  setSupply(document, { kind: 'service', name: one.name, at }, one);
  if (one.provider?.name === undefined && !document.hasIn([...at, 'operator']))
    document.setIn([...at, 'operator'], one.name);
  if (country !== undefined) document.setIn([...at, 'country'], country);
  if (neededBy.length > 0) document.setIn([...at, 'neededBy'], document.createNode(neededBy));
  if (takes.size > 0)
    document.setIn([...at, 'takes'], document.createNode(Object.fromEntries(takes)));
  return true;
}

/** Classes are called so here; elsewhere personal data is often PII. */
function readClass(classification: string): DataClass | undefined {
  const word = classification.toLowerCase();
  return /^pii$|^personal/.test(word) ? 'personal' : DATA_CLASSES.find((one) => one === word);
}

function matchesNothing(
  count: number,
  file: string,
  [design, parts]: readonly [string, readonly Part[]],
): HarnessError {
  const message =
    count === 0
      ? `${file} lists no services`
      : `none of the ${count} services in ${file} has to do with the design ${design}`;
  return new HarnessError('SCENARIO_INVALID', message, {
    target: file,
    hint: `services are found by name; the design has ${parts.map(({ name }) => name).join(', ')}`,
  });
}
