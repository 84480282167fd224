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
    const schema = z.fromJSONSchema(JSON.parse(schemaFiles()['change-plan']) as ZodJsonSchema);
    expect(schema.safeParse(data)).toMatchObject({ success: true });
    expect(schema.safeParse({ ...(data as object), windoes: [] }).success).toBe(false);
  });
});

function expectSchemaLine(file: string, schema: string): void {
  const [first = ''] = readFileSync(file, 'utf8').split('\n');
  const path = relative(file.replace(/[^/]+$/, ''), `scenarios/${schema}`);
  expect(first).toBe(`# yaml-language-server: $schema=${path}`);
}

type ZodJsonSchema = Parameters<typeof z.fromJSONSchema>[0];

interface JsonSchema {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
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
