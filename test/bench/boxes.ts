// Set-top boxes beside browsers on one machine: what a box costs of a core, against a browser's viewer of
// the same run, and whether the control stays clean.

import { readFile, rm, writeFile } from 'node:fs/promises';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import type { Report } from '../../harness/model/report.ts';
import { createOwnedFolder } from '../../harness/runtime/ownedFolder.ts';
import { rehearse } from './rehearsal/usage.ts';

const BOXES = 12;
const BROWSERS = 6;

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

export async function main(): Promise<void> {
  const folder = await createOwnedFolder('bench');
  try {
    const file = join(folder, 'boxes.yaml');
    await writeFile(file, SCENARIO);
    const { byPart, ms } = await rehearse(file, folder);
    const text = await readFile(join(folder, 'boxes-bench', 'latest', 'report.json'), 'utf8');
    const { viewers } = JSON.parse(text) as Report;
    const coresOf = (part: string, viewersOfIt: number) =>
      (byPart.get(part) ?? 0) / ms / viewersOfIt;
    // The control is on the wall too.
    const [box, browser] = [coresOf('boxes', BOXES), coresOf('browser', BROWSERS + 1)];
    for (const [part, used] of byPart) console.log(`${part}: ${(used / ms).toFixed(3)} cores`);
    console.log(
      `a box decodes with ${box.toFixed(3)} of a core, ${(box / browser).toFixed(2)} of a browser's viewer (${browser.toFixed(3)})`,
    );
    const control = viewers.find((viewer) => viewer.control);
    const lost = viewers.filter(({ interruptions }) => interruptions.length > 0).length;
    const stalls = control?.interruptions.length ?? NaN;
    console.log(`control: ${stalls} interruptions, ${control?.ledger.unmeasured} ms unmeasured`);
    console.log(`viewers that lost the programme: ${lost} of ${viewers.length}`);
    console.log(`load ${loadavg()[0]?.toFixed(1)} on ${cpus().length} cores`);
    if (stalls !== 0) process.exitCode = 1;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

if (import.meta.main) await main();
