// Every command: the words it is called by, what it does, and where its code is. A command is loaded
// when it is called, and nothing else is.

import type { Command } from './command.ts';

export interface Named {
  readonly command: string;
  readonly describe: string;
  readonly load: () => Promise<Command<never>>;
}

const named = <A>(command: string, describe: string, load: () => Promise<Command<A>>): Named => ({
  command,
  describe,
  load: load as unknown as Named['load'],
});

/** The commands in the order of `--help`. */
export const COMMANDS: readonly Named[] = [
  named(
    'run <file>',
    'Play a scenario for real and measure what viewers see',
    async () => (await import('./commands/run.ts')).runCommand,
  ),
  named(
    'viewers',
    'Show viewers of a run that is started on another machine, in a browser of this one',
    async () => (await import('./commands/viewers.ts')).viewersCommand,
  ),
  named(
    'simulate <file>',
    'Play a scenario at full length in virtual time, with the production players',
    async () => (await import('./commands/simulate.ts')).simulateCommand,
  ),
  named(
    'search <file>',
    'Search designs that hold: knobs with costs, a limit, the front of cost and black screen',
    async () => (await import('./commands/search.ts')).searchCommand,
  ),
  named(
    'test [files..]',
    'Play many scenarios: one verdict, one junit.xml, one page',
    async () => (await import('./commands/test.ts')).testCommand,
  ),
  named(
    'merge <dirs..>',
    'Join the shards of `test --shard` or `search --shard` into one whole',
    async () => (await import('./commands/merge.ts')).mergeCommand,
  ),
  named(
    'watch <url>',
    "Watch anybody's HLS or DASH with a real player: by brightness and repetition, without a clock",
    async () => (await import('./commands/watch.ts')).watchCommand,
  ),
  named(
    'history [name]',
    'Show runs over time: verdicts, trends, what is flaky or noisy or has changed',
    async () => (await import('./commands/history.ts')).historyCommand,
  ),
  named(
    'diff <a> <b>',
    'Say what changed between two runs, viewer by viewer',
    async () => (await import('./commands/diff.ts')).diffCommand,
  ),
  named(
    'matrix',
    'Measure what each player makes of each wrong answer of an edge',
    async () => (await import('./commands/matrix.ts')).matrixCommand,
  ),
  named(
    'agree [paths..]',
    'Hold simulated players against real ones, case by case',
    async () => (await import('./commands/agree.ts')).agreeCommand,
  ),
  named(
    'init',
    'Write a first scenario and a design of your own, from flags or questions',
    async () => (await import('./commands/init.ts')).initCommand,
  ),
  named(
    'plan <file>',
    'Print what a scenario will do, and when, without starting anything',
    async () => (await import('./commands/plan.ts')).planCommand,
  ),
  named(
    'validate <files..>',
    'Check scenarios, designs and change plans; print every error with its line and column',
    async () => (await import('./commands/validate.ts')).validateCommand,
  ),
  named(
    'report <dir>',
    'Judge a stored run again and write its reports',
    async () => (await import('./commands/report.ts')).reportCommand,
  ),
  named(
    'open [dir]',
    'Show the report of the newest run in the browser',
    async () => (await import('./commands/open.ts')).openCommand,
  ),
  named(
    'list [kind]',
    'List scenarios, designs, players and faults',
    async () => (await import('./commands/list.ts')).listCommand,
  ),
  named(
    'check <files..>',
    'Judge announced maintenance windows before anything runs: go or no-go',
    async () => (await import('./commands/check.ts')).checkCommand,
  ),
  named(
    'import <format> <from>',
    'Make a design of what other tools export: Direct Connect snapshots, CycloneDX',
    async () => (await import('./commands/import.ts')).importCommand,
  ),
  named(
    'export <format> <file>',
    'Write a register of third parties, CycloneDX, an AWS FIS or Chaos Toolkit experiment',
    async () => (await import('./commands/export.ts')).exportCommand,
  ),
  named(
    'compare <file>',
    'Play one scenario on several designs or variants and set them side by side',
    async () => (await import('./commands/compare.ts')).compareCommand,
  ),
  named(
    'calibrate',
    'Put known blacks and freezes into the picture and state the error of the measure',
    async () => (await import('./commands/calibrate.ts')).calibrateCommand,
  ),
  named(
    'doctor',
    'Say what this machine can do, what is missing, and how to mend it',
    async () => (await import('./commands/doctor.ts')).doctorCommand,
  ),
  named(
    'setup',
    'Install what is missing (ffmpeg, nginx, Chromium) from the distribution',
    async () => (await import('./commands/setup.ts')).setupCommand,
  ),
  named(
    'schema [kind]',
    'Print the JSON Schema of scenarios, designs or change plans',
    async () => (await import('./commands/schema.ts')).schemaCommand,
  ),
  named(
    'images <action> [image]',
    'Build, list or remove the images that stages and browsers run in, or list their packages',
    async () => (await import('./commands/images.ts')).imagesCommand,
  ),
  named(
    'clean',
    'Show and remove what dead runs left behind; a run that lives is not touched',
    async () => (await import('./commands/clean.ts')).cleanCommand,
  ),
  named(
    'toxiproxy',
    'Run the embedded Toxiproxy-compatible server',
    async () => (await import('./commands/toxiproxy.ts')).toxiproxyServerCommand,
  ),
];
