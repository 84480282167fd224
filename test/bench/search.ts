// Measures a search of a thousand designs under six faults, and how many designs a second are played.
// `npm run bench search`.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { searchDesigns } from '../../harness/rehearsal/search.ts';
import { benchFolder } from '../support/benchFolder.ts';

const GOAL = { seconds: 210, designsPerS: 10 };
const WORKERS = 2;

const KNOBS = `
    segment: { 2s: 3, 3s: 2, 4s: 1, 5s: 0.5, 6s: 0 }
    playlist: { 6: 0, 8: 0.5, 10: 0.8, 12: 1, 16: 2 }
    holdBack: [3, 5]
    fill: { black: 0, slate: 2 }
    whenStale: [serve, '503']
    staleIfError: { true: 0.5, false: 0 }
    jitter: [5s, 30s, 60s]
`;

/** The drill with three more faults; 1 200 designs. */
function manyDesigns(): string {
  const text = readFileSync('scenarios/drills/which-design-holds.yaml', 'utf8');
  const faults = `
  - { name: edge-dies, at: 5s, for: 15s, stages: [edge], stage: kill }
  - { name: transcoder-dies, at: 5s, for: 15s, stages: [transcoder], stage: kill }
  - { name: both-ways, at: 5s, for: 2m, links: [connect-up, connect-down], cut: drop }
recover:`;
  const knobsAt = text.indexOf('knobs:');
  return `${text.slice(0, knobsAt).replace('\nrecover:', faults)}knobs:${KNOBS}`;
}

export async function main(): Promise<void> {
  await using folder = await benchFolder();
  const file = join(folder.path, 'which-design-holds.yaml');
  writeFileSync(file, manyDesigns());
  const fromMs = performance.now();
  const before = process.cpuUsage();
  const { result } = await searchDesigns({
    file,
    variant: undefined,
    design: undefined,
    compress: 1,
    seed: 1,
    limits: [],
    audience: undefined,
    agents: undefined,
    workers: WORKERS,
    finalists: 0,
    longestMs: undefined,
    out: folder.path,
    signal: new AbortController().signal,
    onRound: () => undefined,
    onPlayed: () => undefined,
  });
  const { user, system } = process.cpuUsage(before);
  const tookS = (performance.now() - fromMs) / 1000;
  const plays = result.rungs.reduce((sum, { designs }) => sum + designs, 0);
  const perS = plays / tookS;
  const isReached = tookS < GOAL.seconds && perS >= GOAL.designsPerS;
  say(
    `${result.distinct} designs, ${result.cases.length} faults`,
    `${tookS.toFixed(0)} s (goal 210 s)`,
  );
  say('  processor', `${((user + system) / 1e6).toFixed(0)} CPU-s on ${WORKERS} workers`);
  say('  designs a second, all rounds', `${perS.toFixed(1)} (goal 10)`);
  say('  rounds', result.rungs.map(({ agents, designs }) => `${designs} x ${agents}`).join(', '));
  say('  on the front', String(result.front.length));
  say('  goal', isReached ? 'reached' : 'NOT REACHED');
  if (!isReached) process.exitCode = 1;
}

const say = (what: string, value: string): void => console.log(`${what.padEnd(38)} ${value}`);
