// Tests that the harness takes what docs/scenario.md shows.

import { globSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseDesign, parseScenario } from '../../../harness/scenario/load.ts';
import { plan } from '../../../harness/scenario/plan.ts';

const page = readFileSync('docs/scenario.md', 'utf8');
const blocks = [...page.matchAll(/```yaml\n([^]*?)```/g)].map(([, text]) => text ?? '');
const designs = Object.fromEntries(
  globSync('scenarios/designs/*.yaml').map((file) => [
    basename(file, '.yaml'),
    { file, text: readFileSync(file, 'utf8') },
  ]),
);

const HEAD = 'name: s\ntitle: t\nkind: drill\n';
const EXPECT = 'expect: [recovered == 100%]\n';
const WINDOW = blocks.find((text) => text.startsWith('windows:')) ?? '';

/** The designs of examples that need more than one access. */
const DESIGNS = [
  { when: /\b(?:paths|target): /, design: 'dual-access-bfd' },
  { when: /\bplayer: settopbox\b/, design: 'single-access-tv' },
];

/** An example is a part of a file; what it leaves out is put around it. */
function whole(block: string): string {
  if (block.startsWith('name:')) return block;
  const on =
    DESIGNS.find(({ when }) => when.test(block) && !block.includes('variants:'))?.design ??
    'single-access';
  return [
    HEAD,
    `design: ${on}\n`,
    block.startsWith('expect:') ? '' : EXPECT,
    /^(?:variants|expect):/.test(block) ? WINDOW : '',
    / of sofas /.test(block) ? 'viewers: [{ name: sofas }]\n' : '',
    block,
  ].join('');
}

describe('every example of the page', () => {
  const examples = blocks.filter((text) => !text.startsWith('#'));

  test('is there', () => {
    expect(examples.length).toBeGreaterThanOrEqual(6);
  });

  test.each(examples)('can be planned: %s', (block) => {
    const scenario = parseScenario(whole(block), 'docs.yaml', designs);
    expect(plan(scenario, { compress: 60, seed: 1 }).disruptMs).toBeGreaterThanOrEqual(0);
  });
});

test('the example of a design is one', () => {
  const design = blocks.find((text) => text.includes('design.schema.json')) ?? '';
  expect(parseDesign(design, 'docs.yaml').accesses).toHaveLength(1);
});

test('the page lists every design of the package', () => {
  for (const name of Object.keys(designs)) expect(page).toContain(`\`${name}\``);
});

test('every file that the page on adding a fault names is there', () => {
  const text = readFileSync('docs/adding-a-fault.md', 'utf8');
  const named = [...text.matchAll(/`([\w./-]+\.ts)`/g)].map(([, name]) => name ?? '');
  const files = globSync('{harness,reports,test}/**/*.ts').map((file) => `/${file}`);
  const newOne = 'harness/faults/limit.ts';
  const missing = named.filter((name) => !files.some((file) => file.endsWith(`/${name}`)));
  expect(named.length).toBeGreaterThan(8);
  expect(missing).toEqual(named.filter((name) => name === newOne));
});
