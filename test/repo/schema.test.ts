// The JSON Schemas beside the scenarios say what the harness checks, and every scenario we ship loads.

import { globSync, readFileSync } from 'node:fs';
import { basename, relative } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadScenario, parseDesign, variantsOf } from '../../harness/scenario/load.ts';
import { schemaFiles } from '../../harness/scenario/jsonSchema.ts';

const scenarios = globSync('scenarios/{incidents,windows,drills}/*.yaml');
const designs = globSync('scenarios/designs/*.yaml');

describe('JSON Schemas', () => {
  test.each(Object.entries(schemaFiles()))('%s.schema.json is fresh', (kind, text) => {
    const written = readFileSync(`scenarios/${kind}.schema.json`, 'utf8');
    expect(JSON.parse(written), 'run: node harness/scenario/writeSchema.ts').toEqual(
      JSON.parse(text),
    );
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
  });

  test.each(scenarios)('%s loads, is called like its file, and names its schema', async (file) => {
    const scenario = await loadScenario(file);
    expect(`${scenario.name}.yaml`).toBe(basename(file));
    expectSchemaLine(file, 'scenario.schema.json');
    expect(scenario.expectations.length).toBeGreaterThan(0);
    for (const variant of await variantsOf(file))
      expect((await loadScenario(file, { variant })).variant).toBe(variant);
  });

  test.each(designs)('%s loads, is called like its file, and names its schema', (file) => {
    const design = parseDesign(readFileSync(file, 'utf8'), file);
    expect(`${design.name}.yaml`).toBe(basename(file));
    expectSchemaLine(file, 'design.schema.json');
  });
});

function expectSchemaLine(file: string, schema: string): void {
  const [first = ''] = readFileSync(file, 'utf8').split('\n');
  const path = relative(file.replace(/[^/]+$/, ''), `scenarios/${schema}`);
  expect(first).toBe(`# yaml-language-server: $schema=${path}`);
}

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
