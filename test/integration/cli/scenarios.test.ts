// The most telling scenarios, each played for real, compressed as far as no timer of a component
// gets longer than what it acts on, each with the outcome that its expectations and sources say.

import { mkdtempSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Report } from '../../../harness/model/report.ts';
import { ecranNoir } from '../../support/cli.ts';

const RUN_MS = 180_000;

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'ecran-noir-test-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function play(scenario: string, compress: number): Promise<Report> {
  const name = scenario.split('/').at(-1) ?? scenario;
  const args = ['run', `scenarios/${scenario}.yaml`, '--compress', String(compress)];
  const wishes = ['--runtime', 'processes', '--viewers', '4', '--out', folder];
  await ecranNoir([...args, ...wishes], { timeoutMs: RUN_MS });
  const parent = join(folder, name);
  const file = join(parent, readlinkSync(join(parent, 'latest')), 'report.json');
  return JSON.parse(readFileSync(file, 'utf8')) as Report;
}

/** What a reader of a failure wants to see. */
const told = ({ verdict, expectations, findings }: Report) => ({
  verdict,
  unmet: expectations
    .filter((one) => one.verdict !== 'pass')
    .map(({ text, observed }) => `${text}: observed ${observed}`),
  findings: findings.filter((one) => one.verdict !== 'pass').map(({ text }) => text),
});

const PASS = { verdict: 'pass', unmet: [], findings: [] };

const TELLING = [
  {
    name: 'windows/high-resiliency-bfd',
    compress: 120,
    shows: 'a second link with BFD spares all',
  },
  { name: 'windows/drained-emergency', compress: 120, shows: 'drained traffic notices nothing' },
  { name: 'drills/black-at-the-source', compress: 1, shows: 'every screen is black' },
  { name: 'drills/one-origin-lost', compress: 1, shows: 'the second origin hides the loss' },
  { name: 'drills/one-edge-lost', compress: 1, shows: 'the second edge takes the viewers over' },
];

describe('a scenario played for real', () => {
  it.each(TELLING)(
    '$name: $shows',
    async ({ name, compress }) => {
      expect(told(await play(name, compress))).toEqual(PASS);
    },
    RUN_MS + 10_000,
  );
});
