// Prints the matrix of scenarios/alerts/README.md: the night with an alert, by each carriage, with virtual
// players, and as real runs where ALERT_RUNS names a folder with one of each variant (`--out`). Then
// measures how long a CAP file of 1 MB takes to be checked. `npm run bench alerts`.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { ViewerAlert } from '../../harness/model/alert.ts';
import type { Report } from '../../harness/model/report.ts';
import { readCap } from '../../harness/scenario/cap.ts';
import { loadScenario } from '../../harness/scenario/load.ts';
import { capText, isValidCap } from '../support/cap.ts';
import { simulated } from '../support/simulated.ts';

const NIGHT = 'scenarios/alerts/orange-2025-09-12.yaml';
const COMPRESS = 90;
/** Beside what libxml2 needs to hold the same file against the schema of the standard. */
const CAP_GOAL = { bytes: 1_000_000, ms: 200 };

export async function main(): Promise<void> {
  const { variants } = parse(readFileSync(NIGHT, 'utf8')) as { readonly variants: object };
  const names = [undefined, ...Object.keys(variants)];
  print(
    '| Carriage | Players | Reached in time | While dark | Longest delay | Gone after the end |',
  );
  print('| --- | --- | --- | --- | --- | --- |');
  for (const variant of names) {
    const scenario = await loadScenario(NIGHT, { variant });
    const carriage = scenario.alerts![0]!.carriages.join(' and ');
    const isReal = process.env['ALERT_RUNS'];
    if (isReal !== undefined)
      printRow(carriage, 'real', realReport(join(isReal, carriage), scenario.name));
    if (variant === 'box' || variant === 'id3') continue;
    const { report } = await simulated(scenario, { compress: COMPRESS });
    printRow(carriage, 'virtual', report);
  }
  measureCap();
}

/** The newest run of a scenario that was played into a folder; undefined where there is none. */
function realReport(folder: string, scenario: string): Report | undefined {
  const file = join(folder, scenario, 'latest', 'report.json');
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Report) : undefined;
}

function printRow(carriage: string, players: string, report: Report | undefined): void {
  if (!report) return;
  const alerts = report.viewers
    .filter(({ control }) => !control)
    .flatMap(({ alerts = [] }) => alerts);
  const share = (holds: (alert: ViewerAlert) => boolean) =>
    `${Math.round((100 * alerts.filter(holds).length) / alerts.length)} %`;
  const reached = alerts.filter((alert) => alert.reached === 'yes');
  const cleared = alerts.flatMap(({ clearedMs = [] }) => clearedMs);
  const longest =
    reached.length === 0 ? 'never' : seconds(Math.max(...reached.map(({ delayMs }) => delayMs)));
  const cells = [
    `\`${carriage}\``,
    `${players}${report.verdict === 'inconclusive' ? ' (inconclusive)' : ''}`,
    share((alert) => alert.reached === 'yes'),
    share(({ dark }) => dark),
    longest,
    cleared.length === 0 ? '–' : `up to ${seconds(Math.max(...cleared))}`,
  ];
  print(`| ${cells.join(' | ')} |`);
}

function measureCap(): void {
  const areas =
    '<area><areaDesc>Rouen</areaDesc><polygon>49.4,1.0 49.5,1.1 49.4,1.2 49.4,1.0</polygon></area>';
  const text = capText({ area: areas.repeat(Math.ceil(CAP_GOAL.bytes / areas.length)) });
  const ours = medianMs(() => readCap(text, 'alert.xml'));
  const schema = medianMs(() => isValidCap(text));
  print(
    `\nCAP of ${(text.length / 1e6).toFixed(2)} MB: ${ours.toFixed(0)} ms (goal ${CAP_GOAL.ms}), ` +
      `${(ours / schema).toFixed(1)} times what libxml2 takes for its schema (${schema.toFixed(0)} ms)`,
  );
}

function medianMs(act: () => unknown): number {
  const took = Array.from({ length: 9 }, () => {
    const fromMs = performance.now();
    act();
    return performance.now() - fromMs;
  });
  return took.toSorted((a, b) => a - b)[4]!;
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(2)} s`;
const print = (line: string): void => void process.stdout.write(`${line}\n`);
