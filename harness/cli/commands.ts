// Every command: the words it is called by, what it does, and where its code is. A command is loaded
// when it is called, and nothing else is.

import type { Argv, Chosen } from './options.ts';

export interface Named {
  readonly command: string;
  readonly describe: string;
  readonly load: () => Promise<{ readonly options: (y: Argv) => Argv }>;
  readonly act: (argv: never) => Promise<void> | void;
}

const named = <T>(
  command: string,
  describe: string,
  load: () => Promise<{ readonly options: (y: Argv) => Argv<T> }>,
  act: (argv: Chosen<(y: Argv) => Argv<T>>) => Promise<void> | void,
): Named => ({ command, describe, load, act });

/** The commands in the order of `--help`. */
export const COMMANDS: readonly Named[] = [
  named(
    'run <file>',
    'Play a scenario for real and measure what viewers see',
    () => import('./commands/run.ts'),
    async (argv) => (await import('./actions/run.ts')).play(argv),
  ),
  named(
    'viewers',
    'Show viewers of a run that is started on another machine, in a browser of this one',
    () => import('./commands/viewers.ts'),
    async (argv) => (await import('./actions/viewers.ts')).showViewers(argv),
  ),
  named(
    'simulate <file>',
    'Play a scenario in virtual time: for a whole audience, or with the production players',
    () => import('./commands/simulate.ts'),
    async (argv) => (await import('./actions/simulate.ts')).playVirtually(argv),
  ),
  named(
    'search <file>',
    'Search designs that hold: knobs with costs, a limit, the front of cost and black screen',
    () => import('./commands/search.ts'),
    async (argv) =>
      argv.on === undefined
        ? (await import('./actions/search.ts')).searchForDesign(argv)
        : (await import('./actions/searchOn.ts')).searchOn(argv.on, argv),
  ),
  named(
    'test [files..]',
    'Play many scenarios: one verdict, one junit.xml, one page',
    () => import('./commands/test.ts'),
    async (argv) =>
      argv.on === undefined
        ? (await import('./actions/test.ts')).testScenarios(argv)
        : (await import('./actions/testOn.ts')).testOn(argv.on, argv),
  ),
  named(
    'merge <dirs..>',
    'Join the shards of `test --shard` or `search --shard` into one whole',
    () => import('./commands/merge.ts'),
    async (argv) => (await import('./actions/merge.ts')).mergeShards(argv),
  ),
  named(
    'watch <url>',
    "Watch anybody's HLS or DASH with a real player: by brightness and repetition, without a clock",
    () => import('./commands/watch.ts'),
    async (argv) => (await import('./actions/watch.ts')).watchUrl(argv),
  ),
  named(
    'history [name]',
    'Show runs over time: verdicts, trends, what is flaky or noisy or has changed',
    () => import('./commands/history.ts'),
    async (argv) => (await import('./actions/history.ts')).showHistory(argv),
  ),
  named(
    'diff <a> <b>',
    'Say what changed between two runs, viewer by viewer',
    () => import('./commands/diff.ts'),
    async (argv) => (await import('./actions/diff.ts')).showDiff(argv),
  ),
  named(
    'matrix',
    'Measure what each player makes of each wrong answer of an edge',
    () => import('./commands/matrix.ts'),
    async (argv) => (await import('./actions/matrix.ts')).playMatrix(argv),
  ),
  named(
    'agree [paths..]',
    'Hold simulated players against real ones, case by case',
    () => import('./commands/agree.ts'),
    async (argv) => (await import('./actions/agree.ts')).agreeWithReality(argv),
  ),
  named(
    'init',
    'Write a first scenario and a design of your own, from flags or questions',
    () => import('./commands/init.ts'),
    async (argv) => (await import('./actions/init.ts')).writeFirst(argv),
  ),
  named(
    'plan <file>',
    'Print what a scenario will do, and when, without starting anything',
    () => import('./commands/plan.ts'),
    async (argv) => (await import('./actions/plan.ts')).showPlan(argv),
  ),
  named(
    'validate <files..>',
    'Check scenarios, designs and change plans; print every error with its line and column',
    () => import('./commands/validate.ts'),
    async (argv) => (await import('./commands/validate.ts')).act(argv),
  ),
  named(
    'report <dir>',
    'Judge a stored run again and write its reports',
    () => import('./commands/report.ts'),
    async (argv) => (await import('./actions/report.ts')).judgeAgain(argv),
  ),
  named(
    'open [dir]',
    'Show the report of the newest run in the browser',
    () => import('./commands/open.ts'),
    async (argv) => (await import('./commands/open.ts')).act(argv),
  ),
  named(
    'list [kind]',
    'List scenarios, designs, players and faults',
    () => import('./commands/list.ts'),
    async (argv) => (await import('./commands/list.ts')).act(argv),
  ),
  named(
    'check <files..>',
    'Judge announced maintenance windows before anything runs: go or no-go',
    () => import('./commands/check.ts'),
    async (argv) => (await import('./actions/check.ts')).judgeWindows(argv),
  ),
  named(
    'import <format> <from>',
    'Make a design of what other tools export: Direct Connect snapshots, CycloneDX',
    () => import('./commands/import.ts'),
    async (argv) => (await import('./actions/import.ts')).importDesign(argv),
  ),
  named(
    'export <format> <file>',
    'Write a register of third parties, CycloneDX, an AWS FIS or Chaos Toolkit experiment',
    () => import('./commands/export.ts'),
    async (argv) => (await import('./actions/export.ts')).exportDesign(argv),
  ),
  named(
    'compare <file>',
    'Play one scenario on several designs or variants and set them side by side',
    () => import('./commands/compare.ts'),
    async (argv) => (await import('./actions/compare.ts')).compareDesigns(argv),
  ),
  named(
    'calibrate',
    'Put known blacks and freezes into the picture and state the error of the measure',
    () => import('./commands/calibrate.ts'),
    async (argv) => (await import('./actions/calibrate.ts')).calibrateMeasure(argv),
  ),
  named(
    'doctor',
    'Say what this machine can do, what is missing, and how to mend it',
    () => import('./commands/doctor.ts'),
    async (argv) => (await import('./actions/doctor.ts')).examine(argv),
  ),
  named(
    'setup',
    'Install what is missing (ffmpeg, nginx, Chromium) from the distribution',
    () => import('./commands/setup.ts'),
    async (argv) => (await import('./commands/setup.ts')).act(argv),
  ),
  named(
    'schema [kind]',
    'Print the JSON Schema of scenarios, designs, change plans or mappings of notices',
    () => import('./commands/schema.ts'),
    async (argv) => (await import('./commands/schema.ts')).act(argv),
  ),
  named(
    'images <action> [image]',
    'Build, list or remove the images that stages and browsers run in, or list their packages',
    () => import('./commands/images.ts'),
    async (argv) => (await import('./actions/images.ts')).manageImages(argv),
  ),
  named(
    'clean',
    'Show and remove what dead runs left behind; a run that lives is not touched',
    () => import('./commands/clean.ts'),
    async (argv) => (await import('./actions/clean.ts')).clean(argv),
  ),
  named(
    'toxiproxy',
    'Run the embedded Toxiproxy-compatible server',
    () => import('./commands/toxiproxy.ts'),
    async (argv) => (await import('./commands/toxiproxy.ts')).act(argv),
  ),
];
