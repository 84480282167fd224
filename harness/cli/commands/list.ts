// `list [kind]`: what there is to name in a scenario and on the command line.

import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { keysOn } from '../../faults/kinds.ts';
import { PATH_KEYS } from '../../faults/path.ts';
import { faultSchema } from '../../scenario/faultSchema.ts';
import { findDesigns, packagedScenarios } from '../../scenario/load.ts';
import { readText } from '../../scenario/readText.ts';
import { PLAYERS } from '../../../players/registry.ts';
import { readYaml, valueAt } from '../../scenario/sourceFile.ts';
import { fit, near, print } from '../terminal.ts';
import { flagOption, type Argv, type Chosen } from '../options.ts';

interface Listed {
  readonly name: string;
  readonly title: string;
  readonly file?: string;
}

const FAULT_FIELDS: Readonly<Record<string, z.ZodType>> = faultSchema.shape;

const KINDS = {
  scenarios: scenarios,
  designs: designs,
  players: async (): Promise<Listed[]> =>
    Object.entries(PLAYERS).map(([name, { title }]) => ({ name, title })),
  faults: async (): Promise<Listed[]> =>
    [...keysOn('links'), ...keysOn('stages'), ...PATH_KEYS].map((name) => ({
      name,
      title: describes(FAULT_FIELDS[name]),
    })),
} as const;
type Kind = keyof typeof KINDS;
const NAMES = Object.keys(KINDS) as readonly Kind[];

/** A field that may be left out is described inside. */
const describes = (field: z.ZodType | undefined): string =>
  field?.description ??
  (field instanceof z.ZodOptional ? describes(field.unwrap() as z.ZodType) : '');

export const options = (y: Argv) =>
  y
    .positional('kind', { choices: NAMES, describe: 'all kinds when not said' })
    .option('json', flagOption('as JSON'))
    .example('$0 list designs', 'what `--design` can name');

export const act = async ({ kind, json }: Chosen<typeof options>) => {
  const kinds = kind === undefined ? NAMES : [kind];
  const lists = await Promise.all(kinds.map(async (one) => [one, await KINDS[one]()] as const));
  if (json) print(JSON.stringify(Object.fromEntries(lists), null, 2));
  else print(fit(lists.map(([one, list]) => `${one}\n${asLines(list)}`).join('\n\n')));
};

function asLines(list: readonly Listed[]): string {
  const width = Math.max(0, ...list.map(({ name, file }) => (file ?? name).length));
  return list
    .map(({ name, title, file }) => `  ${(file ?? name).padEnd(width)}  ${title}`)
    .join('\n');
}

/** Lists scenarios of the package, and those of a folder `scenarios` here. */
async function scenarios(): Promise<Listed[]> {
  const roots = [...new Set([packagedScenarios(), join(process.cwd(), 'scenarios')])];
  const files = await Promise.all(
    roots.flatMap((root) =>
      ['incidents', 'windows', 'drills', 'alerts'].map((folder) => yamlIn(join(root, folder))),
    ),
  );
  return files.flat().map((file) => described(file));
}

async function designs(): Promise<Listed[]> {
  const found = findDesigns('scenario.yaml');
  return Object.entries(found)
    .map(([name, { file }]) => ({ name, title: described(file).title }))
    .toSorted((a, b) => a.name.localeCompare(b.name));
}

async function yamlIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder).catch(() => []);
  return entries.filter((name) => name.endsWith('.yaml')).map((name) => join(folder, name));
}

/** Reads the description in a file; one that is broken is listed all the same. */
function described(file: string): Listed {
  const { data } = readYaml(readText(file), file);
  const [name, title] = [valueAt(data, ['name']), valueAt(data, ['title'])];
  return {
    name: typeof name === 'string' ? name : '',
    title: typeof title === 'string' ? title : 'cannot be read: `validate` says why',
    file: near(file),
  };
}
