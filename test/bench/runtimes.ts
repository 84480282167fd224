// The same small rehearsal as processes and in containers: how soon it is steady, what it takes of
// memory, and what the images take of the disk. `npm run bench runtimes`; needs an engine.

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { connectEngine } from '../../harness/runtime/containers/engine.ts';
import { IMAGE_TARGETS } from '../../harness/runtime/containers/imageBuild.ts';
import { ensureImages } from '../../harness/runtime/containers/images.ts';
import { layersOf } from './runtimes/images.ts';
import { play, type Played } from './runtimes/play.ts';
import { benchFolder } from '../support/benchFolder.ts';

/** "Aim: under 900 MB in all." */
const IMAGES_MB_MAX = 900;
const SHOWN_LAYER_MB = 0.1;
const VIEWERS = 4;
const NAME = 'runtimes-bench';

const SCENARIO = `
name: ${NAME}
title: A wall of ${VIEWERS} and one short cut
kind: drill
design: single-access
viewers: { count: ${VIEWERS} }
faults:
  - { name: cut, at: 2s, for: 5s, links: [connect-up], cut: drop }
expect: [recovered == 100%]
`;

export async function main(): Promise<void> {
  const { signal } = new AbortController();
  const engine = await connectEngine(signal);
  const images = await ensureImages({ engine, targets: IMAGE_TARGETS, signal });
  await using out = await benchFolder();
  const file = join(out.path, 'scenario.yaml');
  await writeFile(file, SCENARIO);
  const on = { file, name: NAME, out: out.path, engine };
  const processes = await play({ ...on, runtime: 'processes' });
  const containers = await play({ ...on, runtime: 'containers' });
  compare(processes, containers);
  const layers = await layersOf(engine, Object.values(images));
  const totalMb = layers.reduce((sum, { mb }) => sum + mb, 0);
  const met = totalMb < IMAGES_MB_MAX;
  print(met ? '  ' : 'NO', 'images on disk', `${totalMb.toFixed(0)} MB (goal: under 900)`);
  for (const { madeBy, mb, images: shared } of layers.filter((it) => it.mb >= SHOWN_LAYER_MB)) {
    const of = shared.map((name) => name.replace(/^ecran-noir-|:.*$/g, '')).join(', ');
    print('  ', `  ${of}`, `${mb.toFixed(1).padStart(6)} MB  ${madeBy}`);
  }
  if (!met) process.exitCode = 1;
}

function compare(processes: Played, containers: Played): void {
  print('  ', '', 'processes    containers   ratio');
  const row = (what: string, of: (played: Played) => number, unit: string) => {
    const [a, b] = [of(processes), of(containers)];
    const cells = [a, b].map((value) =>
      `${value.toFixed(unit === 's' ? 1 : 0)} ${unit}`.padEnd(12),
    );
    print('  ', what, `${cells.join(' ')} ${(b / a).toFixed(2)}`);
  };
  row('command to steady state', ({ commandToSteadyMs }) => commandToSteadyMs / 1000, 's');
  row('provision to steady state', ({ provisionToSteadyMs }) => provisionToSteadyMs / 1000, 's');
  row('harness, peak', ({ harnessMbMax }) => harnessMbMax, 'MB');
  row('all the rest, peak', ({ restMbMax }) => restMbMax, 'MB');
  for (const part of processes.mbMaxByPart.keys())
    row(`  ${part}, peak`, ({ mbMaxByPart }) => mbMaxByPart.get(part) ?? NaN, 'MB');
  const control = ({ report }: Played) =>
    report.viewers.find((viewer) => viewer.control)?.blackScreenMs ?? NaN;
  print('  ', 'black screen of the control', `${control(processes)} ms, ${control(containers)} ms`);
}

function print(mark: string, what: string, text: string): void {
  console.log(`${mark} ${what.padEnd(30)} ${text}`);
}

if (import.meta.main) await main();
