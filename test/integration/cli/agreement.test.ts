// The same scenario on both runtimes: the same classes in the same order, and the same black screen
// to within half a second. The contribution is cut, so the black is the encoder's filler and does
// not depend on where in a segment the cut fell.

import { mkdtempSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Report } from '../../../harness/model/report.ts';
import { ecranNoir } from '../../support/cli.ts';
import { engine, title } from '../runtime/containersBench.ts';

const SCENARIO = 'scenarios/drills/input-lost-emit.yaml';
const RUN_MS = 240_000;
/** Issue of the two runtimes: "black screen per viewer within 500 ms of each other". */
const AGREE_MS = 500;

let folder: string;
const reports: Partial<Record<'processes' | 'containers', Report>> = {};

beforeAll(async () => {
  if (!engine) return;
  folder = mkdtempSync(join(tmpdir(), 'ecran-noir-test-'));
  for (const runtime of ['processes', 'containers'] as const) {
    const out = join(folder, runtime);
    const args = ['run', SCENARIO, '--compress', '30', '--viewers', '4', '--runtime', runtime];
    const result = await ecranNoir([...args, '--out', out], { timeoutMs: RUN_MS });
    expect(result.stderr).not.toContain('left behind');
    const parent = join(out, 'input-lost-emit');
    const file = join(parent, readlinkSync(join(parent, 'latest')), 'report.json');
    reports[runtime] = JSON.parse(readFileSync(file, 'utf8')) as Report;
  }
}, 2 * RUN_MS);
afterAll(() => {
  if (engine) rmSync(folder, { recursive: true, force: true });
});

const viewersOf = (runtime: 'processes' | 'containers') =>
  (reports[runtime]?.viewers ?? []).filter(({ control }) => !control);

describe.runIf(engine)(title('one scenario on both runtimes'), () => {
  it('is played on each, with every fault proven', () => {
    for (const runtime of ['processes', 'containers'] as const) {
      expect(reports[runtime]?.run.environment.runtime).toBe(runtime);
      const proofs = reports[runtime]?.faults.flatMap((fault) => fault.proofs) ?? [];
      expect(proofs.length).toBeGreaterThan(0);
      expect(proofs.filter(({ proven }) => !proven)).toEqual([]);
    }
  });

  it('costs each viewer the same black screen to within half a second', () => {
    const [processes, containers] = [viewersOf('processes'), viewersOf('containers')];
    expect(processes).toHaveLength(4);
    for (const [index, viewer] of processes.entries()) {
      const other = containers[index];
      expect(other?.id).toBe(viewer.id);
      expect(Math.abs((other?.blackScreenMs ?? 0) - viewer.blackScreenMs)).toBeLessThan(AGREE_MS);
    }
  });

  it('shows the same classes in the same order', () => {
    const lossOf = (viewer: ReturnType<typeof viewersOf>[number]) =>
      viewer.interruptions
        .filter(({ glitch, cause }) => !glitch && cause !== undefined)
        .map(({ spans }) => spans.map((span) => span.class).filter((name) => name !== 'programme'));
    for (const [index, viewer] of viewersOf('processes').entries()) {
      const other = viewersOf('containers')[index];
      expect(other && lossOf(other)).toEqual(lossOf(viewer));
    }
  });
});
