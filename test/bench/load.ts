// Measures how loading grows with a scenario: ten times the faults should take about ten times as
// long, on links as on paths, right or wrong; and what a mistake in each of 20 000 faults prints.

import { systemClock } from '../../harness/kernel/clock.ts';
import { HarnessError } from '../../harness/model/errors.ts';
import { findDesigns, parseScenario, type DesignTexts } from '../../harness/scenario/load.ts';
import { plan } from '../../harness/scenario/plan.ts';
import { printPlan } from '../../harness/scenario/printPlan.ts';

const FEW = 400;
const MANY = 10 * FEW;
/** Ten times the faults; sorting, and a heap that is collected, take a little more than that. */
const RATIO_MAX = 16;

const CASES: Readonly<Record<string, (n: number) => string>> = {
  'cuts of a link': (n) => `{ name: f${n}, at: ${n}s, for: 500ms, links: [connect-up], cut: drop }`,
  'cuts at the same time': (n) =>
    `{ name: f${n}, at: 1s, for: 1h, links: [connect-up], latency: { delay: ${n + 1}ms } }`,
  'each after the one before': (n) =>
    `{ name: f${n}, ${n === 0 ? 'at: 0s' : `after: f${n - 1}.end`}, for: 500ms, links: [connect-up], cut: drop }`,
  'stages killed in turn': (n) =>
    `{ name: f${n}, at: ${n}s, for: 500ms, stages: [edge], stage: kill }`,
  'a path that goes and comes': (n) =>
    `{ name: f${n}, at: ${n * 600}s, for: 60s, paths: [leg-a], state: down }`,
  'a mistake in each': (n) => `{ name: f${n}, at: ${n}s, for: soon, links: [conect-up], cut: drp }`,
};

export async function main(): Promise<void> {
  const designs = findDesigns('load.yaml');
  for (const [what, fault] of Object.entries(CASES)) {
    const [few, many] = [timed(fault, FEW, designs), timed(fault, MANY, designs)];
    const ratio = many / few;
    say(what, `${FEW}: ${few.toFixed(0)} ms, ${MANY}: ${many.toFixed(0)} ms, ${ratio.toFixed(1)}x`);
    if (ratio > RATIO_MAX) process.exitCode = 1;
  }
  const printed = messageOf(text(CASES['a mistake in each'] ?? String, 20_000), designs).length;
  say('20 000 faults, each with three mistakes, print', `${(printed / 1000).toFixed(0)} kB`);
  if (printed > 50_000) process.exitCode = 1;
}

/** The best of three, in milliseconds. */
function timed(fault: (n: number) => string, count: number, designs: DesignTexts): number {
  const written = text(fault, count);
  const times = [1, 2, 3].map(() => {
    const startedAtMs = systemClock.epochMs();
    loadAndPrint(written, designs);
    return Math.max(1, systemClock.epochMs() - startedAtMs);
  });
  return Math.min(...times);
}

const text = (fault: (n: number) => string, count: number): string =>
  [
    'name: load',
    'title: Many faults',
    'kind: drill',
    `design: ${fault(0).includes('paths') ? 'dual-access-bfd' : 'single-access'}`,
    'expect: [recovered == 100%]',
    'faults:',
    ...Array.from({ length: count }, (_, n) => `  - ${fault(n)}`),
  ].join('\n');

function loadAndPrint(written: string, designs: DesignTexts): void {
  try {
    printPlan(plan(parseScenario(written, 'load.yaml', designs), { compress: 1, seed: 1 }));
  } catch (error) {
    if (!(error instanceof HarnessError)) throw error;
  }
}

function messageOf(written: string, designs: DesignTexts): string {
  try {
    parseScenario(written, 'load.yaml', designs);
    return '';
  } catch (error) {
    if (error instanceof HarnessError) return error.message;
    throw error;
  }
}

const say = (what: string, value: string): void => console.log(`${what.padEnd(48)} ${value}`);

if (import.meta.main) await main();
