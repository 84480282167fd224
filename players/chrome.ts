// Finds a Chromium or Chrome that is installed on this machine.

import { access, constants } from 'node:fs/promises';
import { delimiter, isAbsolute, join } from 'node:path';
import { HarnessError } from '../harness/model/errors.ts';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];
/** The places where installers put it without adding it to PATH. */
const PLACES = [
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/opt/google/chrome/chrome',
  '/snap/bin/chromium',
];

/** Path of the browser: the one asked for, else CHROME_PATH, else the first that is installed. */
export async function findChrome(
  asked?: string,
  env: Readonly<Record<string, string | undefined>> = process.env,
): Promise<string> {
  const named = asked ?? env['CHROME_PATH'];
  if (named) return (await firstExecutable(chromeCandidates(named, env))) ?? missing(named);
  const candidates = [...NAMES.flatMap((name) => chromeCandidates(name, env)), ...PLACES];
  return (await firstExecutable(candidates)) ?? missing(undefined);
}

function chromeCandidates(
  name: string,
  env: Readonly<Record<string, string | undefined>>,
): string[] {
  if (isAbsolute(name) || name.includes('/')) return [name];
  return (env['PATH'] ?? '')
    .split(delimiter)
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, name));
}

async function firstExecutable(paths: readonly string[]): Promise<string | undefined> {
  for (const path of paths) {
    const usable = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (usable) return path;
  }
  return undefined;
}

function missing(named: string | undefined): never {
  const hint =
    'Install Chromium (Debian: apt-get install chromium), or set CHROME_PATH to a Chromium or Chrome.';
  throw named
    ? new HarnessError('TOOL_MISSING', `no browser at ${named}`, { target: named, hint })
    : new HarnessError('TOOL_MISSING', 'no Chromium or Chrome found', { target: 'chromium', hint });
}
