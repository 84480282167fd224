// The same scenario on both runtimes: the same classes in the same order, and the same black screen
// to within half a second. And the main scenario in containers, whole.

import { mkdtempSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Report, ViewerResult } from '../../../harness/model/report.ts';
import { ecranNoir } from '../../support/cli.ts';
import { engine, title } from '../runtime/containersBench.ts';

const RUN_MS = 240_000;
/** "Black screen per viewer within 500 ms of each other." */
const AGREE_MS = 500;
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ecran-noir-test-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Play {
  readonly file: string;
  readonly compress: number;
  readonly runtime: 'processes' | 'containers';
}

async function play({ file, compress, runtime }: Play): Promise<Report> {
  const out = join(folder, runtime);
  const args = ['run', file, '--compress', String(compress)];
  const wishes = ['--viewers', '4', '--runtime', runtime, '--out', out];
  const result = await ecranNoir([...args, ...wishes], { timeoutMs: RUN_MS });
  expect(result.stderr).not.toContain('left behind');
  const parent = join(out, basename(file, '.yaml'));
  const report = join(parent, readlinkSync(join(parent, 'latest')), 'report.json');
  return JSON.parse(readFileSync(report, 'utf8')) as Report;
}

const viewersOf = (report: Report): readonly ViewerResult[] =>
  report.viewers.filter(({ control }) => !control);

/**
 * Classes other than the programme, in the order they were shown. What was shown for less than two
 * runs may differ by is not compared, nor what it interrupts.
 */
const shownTo = ({ interruptions }: ViewerResult): readonly string[] =>
  interruptions
    .flatMap(({ spans }) => spans)
    .filter(({ fromMs, toMs }) => toMs - fromMs >= AGREE_MS)
    .map((span) => span.class)
    .filter((shown, index, all) => shown !== all[index - 1]);

const unproven = (report: Report) =>
  report.faults.flatMap(({ proofs }) => proofs).filter(({ proven }) => !proven);

describe.runIf(engine)(title('both runtimes'), () => {
  it(
    'cost each viewer the same black screen, shown in the same order',
    async () => {
      const cut = { file: 'test/integration/cli/agreement/contribution-cut.yaml', compress: 1 };
      const processes = await play({ ...cut, runtime: 'processes' });
      const containers = await play({ ...cut, runtime: 'containers' });
      expect(processes.run.environment.runtime).toBe('processes');
      expect(containers.run.environment.runtime).toBe('containers');
      expect([...unproven(processes), ...unproven(containers)]).toEqual([]);
      const others = viewersOf(containers);
      for (const [index, viewer] of viewersOf(processes).entries()) {
        const other = others[index] as ViewerResult;
        expect(other.id).toBe(viewer.id);
        // Five seconds of the cut before the slate, and five with it.
        expect(viewer.blackScreenMs).toBeGreaterThan(4_000);
        expect(viewer.ledger.slate).toBeGreaterThan(4_000);
        expect(Math.abs(other.blackScreenMs - viewer.blackScreenMs)).toBeLessThan(AGREE_MS);
        expect(Math.abs(other.ledger.slate - viewer.ledger.slate)).toBeLessThan(AGREE_MS);
        expect(shownTo(viewer)).toEqual(['frozen', 'black', 'slate']);
        expect(shownTo(other)).toEqual(shownTo(viewer));
      }
    },
    2 * RUN_MS,
  );

  it(
    'reproduce the night of 12 September, in containers as well',
    async () => {
      const night = { file: 'scenarios/incidents/orange-2025-09-12.yaml', compress: 60 };
      const report = await play({ ...night, runtime: 'containers' });
      expect(unproven(report)).toEqual([]);
      expect(report.verdict).toBe('pass');
      expect(report.faults.flatMap(({ proofs }) => proofs)).toHaveLength(8);
      for (const viewer of viewersOf(report)) {
        expect(viewer.blackScreenMs).toBeGreaterThan(0.7 * report.cutMs);
        expect(viewer.recovered).toBe(true);
      }
    },
    RUN_MS,
  );
});
