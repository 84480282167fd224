// The JSON Schemas beside the scenarios say what the harness checks, and every scenario we ship loads.

import { globSync, readFileSync } from 'node:fs';
import { basename, relative } from 'node:path';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { readYaml, valueAt } from '../../harness/scenario/sourceFile.ts';
import { loadScenario, parseDesign, listVariants } from '../../harness/scenario/load.ts';
import { schemaFiles } from '../../harness/cli/schemaFiles.ts';

const scenarios = globSync('scenarios/{incidents,windows,drills}/*.yaml');
const designs = globSync('scenarios/designs/*.yaml');
const changes = globSync('scenarios/changes/*.yaml');

describe('JSON Schemas', () => {
  test.each(Object.entries(schemaFiles()))('%s.schema.json is fresh', (kind, text) => {
    const written = readFileSync(`scenarios/${kind}.schema.json`, 'utf8');
    expect(JSON.parse(written), 'run: npm run schema').toEqual(JSON.parse(text));
  });

  test('describe every field', () => {
    for (const [name, text] of Object.entries(schemaFiles()))
      expect(fieldsWithoutDescription(JSON.parse(text) as JsonSchema, name)).toEqual([]);
  });
});

/** Tells whether a file has exactly one of the keys of each list that its schema says so of. */
function hasOneOfEach({ schema, data }: { schema: JsonSchema; data: unknown }): boolean {
  const branches = schema.anyOf ?? (schema.properties ? [] : (schema.oneOf ?? []));
  if (branches.length > 0) return branches.some((one) => hasOneOfEach({ schema: one, data }));
  if (Array.isArray(data))
    return data.every((one) => !schema.items || hasOneOfEach({ schema: schema.items, data: one }));
  if (typeof data !== 'object' || data === null) return true;
  const inside = Object.entries(data).every(([key, one]) => {
    const known = schema.properties?.[key] ?? schema.additionalProperties;
    return typeof known !== 'object' || hasOneOfEach({ schema: known, data: one });
  });
  return inside && (schema.allOf ?? []).every((one) => meets(one, data));
}

function meets({ required = [], oneOf, allOf = [] }: JsonSchema, data: object): boolean {
  const isThere = required.every((key) => key in data);
  const count = oneOf?.filter((one) => meets(one, data)).length ?? 1;
  return isThere && count === 1 && allOf.every((one) => meets(one, data));
}

describe('JSON Schemas say what there is exactly one of', () => {
  const schema = JSON.parse(schemaFiles().scenario) as JsonSchema;
  const ofFault = (fault: object) => hasOneOfEach({ schema, data: { faults: [fault] } });

  test('of a fault', () => {
    const nowhere = { name: 'f', at: '1s', for: '1s', cut: 'hold' };
    const cut = { ...nowhere, links: ['l'] };
    expect(ofFault(cut)).toBe(true);
    for (const wrong of [
      nowhere,
      { ...cut, after: 'g.end' },
      { ...cut, end: '2025-09-12T22:00' },
      { ...cut, stages: ['s'] },
      { ...cut, latency: { delay: '1s' } },
      { name: 'f', at: '1s', for: '1s', target: { device: 'd', country: 'FR' }, state: 'dark' },
      { name: 'f', at: '1s', for: '1s', stages: ['s'], http: { status: 503, slow: '1s' } },
    ])
      expect(ofFault(wrong), JSON.stringify(wrong)).toBe(false);
  });
});

describe('the scenarios we ship', () => {
  test('are there', () => {
    expect(scenarios.length).toBeGreaterThan(0);
    expect(designs.length).toBeGreaterThan(0);
    expect(changes.length).toBeGreaterThan(0);
  });

  test.each(scenarios)('%s loads, is called like its file, and names its schema', async (file) => {
    const scenario = await loadScenario(file);
    expect(`${scenario.name}.yaml`).toBe(basename(file));
    expectSchemaLine(file, 'scenario.schema.json');
    const { data } = readYaml(readFileSync(file, 'utf8'), file);
    const schema = JSON.parse(schemaFiles().scenario) as JsonSchema;
    expect(hasOneOfEach({ schema, data })).toBe(true);
    expect(scenario.expectations.length).toBeGreaterThan(0);
    for (const variant of listVariants(file))
      expect((await loadScenario(file, { variant })).variant).toBe(variant);
  });

  test.each(designs)('%s loads, is called like its file, and names its schema', (file) => {
    const design = parseDesign(readFileSync(file, 'utf8'), file);
    expect(`${design.name}.yaml`).toBe(basename(file));
    expectSchemaLine(file, 'design.schema.json');
  });
});

describe('the change plans we ship', () => {
  test.each(changes)('%s is called like its file, names its schema, and keeps to it', (file) => {
    const { data } = readYaml(readFileSync(file, 'utf8'), file);
    expect(`${String(valueAt(data, ['name']))}.yaml`).toBe(basename(file));
    expectSchemaLine(file, 'change-plan.schema.json');
    const written = JSON.parse(schemaFiles()['change-plan']) as JsonSchema;
    expect(hasOneOfEach({ schema: written, data })).toBe(true);
    // Zod reads no rules about keys.
    const schema = z.fromJSONSchema(withoutRules(written) as ZodJsonSchema);
    expect(schema.safeParse(data)).toMatchObject({ success: true });
    expect(schema.safeParse({ ...(data as object), windoes: [] }).success).toBe(false);
  });
});

function expectSchemaLine(file: string, schema: string): void {
  const [first = ''] = readFileSync(file, 'utf8').split('\n');
  const path = relative(file.replace(/[^/]+$/, ''), `scenarios/${schema}`);
  expect(first).toBe(`# yaml-language-server: $schema=${path}`);
}

const withoutRules = (schema: JsonSchema): unknown =>
  JSON.parse(
    JSON.stringify(schema, (key, value: unknown) => (key === 'allOf' ? undefined : value)),
  );

type ZodJsonSchema = Parameters<typeof z.fromJSONSchema>[0];

interface JsonSchema {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly allOf?: readonly JsonSchema[];
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly additionalProperties?: JsonSchema | boolean;
}

function fieldsWithoutDescription(schema: JsonSchema, at: string): string[] {
  const below: [string, JsonSchema][] = [
    ...Object.entries(schema.properties ?? {}),
    ...[...(schema.anyOf ?? []), ...(schema.oneOf ?? [])].map((branch, i): [string, JsonSchema] => [
      `(${i})`,
      branch,
    ]),
    ...(schema.items ? [['[]', schema.items] as [string, JsonSchema]] : []),
  ];
  return [
    ...(schema.description === undefined ? [at] : []),
    ...below.flatMap(([key, inner]) => fieldsWithoutDescription(inner, `${at}.${key}`)),
  ];
}
