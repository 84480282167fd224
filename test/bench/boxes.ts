// Set-top boxes beside browsers on one machine: what a box costs of a core, against a browser's viewer of
// the same run, and in how many runs one after the other the controls stay clean. BOXES_RUNS says how many.

import { readFile, writeFile } from 'node:fs/promises';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { aggregate } from '../../harness/measure/statistics.ts';
import type { Report } from '../../harness/model/report.ts';
import { rehearse } from './rehearsal/usage.ts';
import { benchFolder } from '../support/benchFolder.ts';

const BOXES = 12;
const BROWSERS = 6;
const RUNS = Number(process.env['BOXES_RUNS'] ?? 5);

/** Half a minute, and a delay at its end that nobody notices. */
const SCENARIO = `
name: boxes-bench
title: ${BOXES} set-top boxes beside ${BROWSERS} browsers
kind: drill
design: single-access-tv
viewers:
  - { name: boxes, count: ${BOXES}, player: settopbox }
  - { name: browsers, count: ${BROWSERS} }
faults:
  - { name: small, at: 30s, for: 1s, links: [connect-up], latency: { delay: 10ms } }
expect: [recovered == 100%]
`;

interface Played {
  readonly isClean: boolean;
  /** Cores that all of it took. */
  readonly cores: number;
  readonly box: number;
  readonly browser: number;
}

export async function main(): Promise<void> {
  await using folder = await benchFolder();
  const file = join(folder.path, 'boxes.yaml');
  await writeFile(file, SCENARIO);
  const runs: Played[] = [];
  while (runs.length < RUNS) runs.push(await playOnce(file, folder.path, runs.length + 1));
  const clean = runs.filter(({ isClean }) => isClean).length;
  const median = (of: 'cores' | 'box' | 'browser') =>
    aggregate(
      'p50',
      runs.map((run) => run[of]),
    );
  const [box, browser] = [median('box'), median('browser')];
  console.log(`controls clean in ${clean} of ${RUNS} runs`);
  console.log(`medians: ${median('cores').toFixed(2)} of ${cpus().length} cores in all,`);
  console.log(
    `  a box ${box.toFixed(3)} of a core, ${(box / browser).toFixed(2)} of a browser's viewer (${browser.toFixed(3)})`,
  );
  if (clean < RUNS) process.exitCode = 1;
}

async function playOnce(file: string, folder: string, run: number): Promise<Played> {
  const loadBefore = loadavg()[0]!;
  const { byPart, ms } = await rehearse(file, folder);
  const text = await readFile(join(folder, 'boxes-bench', 'latest', 'report.json'), 'utf8');
  const { viewers } = JSON.parse(text) as Report;
  const coresOf = (part: string) => (byPart.get(part) ?? 0) / ms;
  const cores = [...byPart.keys()].reduce((sum, part) => sum + coresOf(part), 0);
  const parts = [...byPart.keys()].map((part) => `${part} ${coresOf(part).toFixed(3)}`).join(', ');
  const controls = viewers.filter((viewer) => viewer.control);
  const losses = controls.flatMap(({ interruptions }) => interruptions);
  const unmeasuredMs = controls.reduce((sum, { ledger }) => sum + ledger.unmeasured, 0);
  const isClean = losses.length === 0 && unmeasuredMs === 0;
  const lost = viewers.filter(({ interruptions }) => interruptions.length > 0).length;
  const when = losses.map(({ fromMs, toMs }) => ` ${fromMs}..${toMs} ms`).join(',');
  console.log(
    `run ${run}: controls ${isClean ? 'clean' : `lost their pictures ${losses.length} times${when}, ${unmeasuredMs} ms unmeasured`}; ${lost} of ${viewers.length} lost the programme; load ${loadBefore.toFixed(1)} before, ${loadavg()[0]?.toFixed(1)} after`,
  );
  console.log(`  cores: ${parts}`);
  // One control is on the wall, and one among the boxes.
  const [box, browser] = [coresOf('boxes') / (BOXES + 1), coresOf('browser') / (BROWSERS + 1)];
  return { isClean, cores, box, browser };
}

if (import.meta.main) await main();
