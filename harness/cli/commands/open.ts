// `open [dir]`: shows the report of the newest run, or of the one that is named.

import { readdir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { HarnessError } from '../../model/errors.ts';
import { print, say } from '../terminal.ts';
import { flagOption, textOption, type Argv, type Chosen } from '../options.ts';

export const options = (y: Argv) =>
  y
    .positional('dir', textOption('folder of a run; the newest when not said'))
    .options({
      out: { ...textOption('where runs are looked for'), default: 'runs' },
      print: flagOption('only print the path'),
    })
    .example('$0 open', 'the newest report in the browser');

export const act = async ({ dir, out, print: only }: Chosen<typeof options>) => {
  const report = dir === undefined ? await newest(out) : await existing(dir);
  print(report);
  if (!only) await show(report);
};

const FILE = 'report.html';

async function existing(dir: string): Promise<string> {
  const file = join(await realpath(dir).catch(() => dir), FILE);
  if ((await changedAtMs(file)) !== undefined) return file;
  throw nothing(`no ${FILE} in ${dir}`, dir);
}

async function newest(out: string): Promise<string> {
  const scenarios = await readdir(out).catch(() => []);
  const reports = await Promise.all(
    scenarios.map(async (name) => {
      const file = join(
        await realpath(join(out, name, 'latest')).catch(() => join(out, name)),
        FILE,
      );
      return { file, atMs: (await changedAtMs(file)) ?? -Infinity };
    }),
  );
  const [last] = reports.toSorted((a, b) => b.atMs - a.atMs);
  if (last && last.atMs > -Infinity) return last.file;
  throw nothing(`no run with a report in ${out}`, out);
}

const changedAtMs = (file: string): Promise<number | undefined> =>
  stat(file).then(
    ({ mtimeMs }) => mtimeMs,
    () => undefined,
  );

const nothing = (message: string, target: string): HarnessError =>
  new HarnessError('RECORD_UNREADABLE', message, {
    target,
    hint: 'play a scenario first, or `ecran-noir report DIR` to write its reports',
  });

const OPENERS: Readonly<Partial<Record<NodeJS.Platform, readonly [string, ...string[]]>>> = {
  darwin: ['open'],
  win32: ['cmd', '/c', 'start', ''],
};
/** It hands over to a browser and ends; one that does not is left alone. */
const OPENER_MS = 10_000;

/** A machine without a desktop has printed the path. */
async function show(file: string): Promise<void> {
  const [program, ...args] = OPENERS[process.platform] ?? ['xdg-open'];
  const { failed } = await execa(program, [...args, file], {
    reject: false,
    stdio: 'ignore',
    timeout: OPENER_MS,
  });
  if (failed) say('nothing here opens it: open the file above in a browser');
}
