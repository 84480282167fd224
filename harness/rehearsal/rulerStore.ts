// The calibrations against a display that this user has made, kept between runs: reports take their
// margin from here, and `doctor` tells how many viewers were carried.

import { readFile } from 'node:fs/promises';
import { cpus, homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { makeFolders } from '../kernel/makeFolders.ts';
import { replaceFile } from '../kernel/replaceFile.ts';
import type { Environment } from '../model/history.ts';
import {
  isSameMachine,
  makeKeptRuler,
  describeMachine,
  marginFor,
  type KeptRuler,
} from '../model/keptRuler.ts';
import type { Margin } from '../model/margin.ts';
import type { ScreenCalibration } from '../model/screenRuler.ts';
import { cannotWrite } from '../run/recorder.ts';

const VERSION = 1;

/** `ECRAN_NOIR_STATE`, else `ecran-noir` in the user's folder of state (XDG_STATE_HOME). */
const rulerFile = (env: NodeJS.ProcessEnv): string => {
  const state = env['XDG_STATE_HOME'] || join(homedir(), '.local', 'state');
  return join(env['ECRAN_NOIR_STATE'] || join(state, 'ecran-noir'), 'rulers.json');
};

/** None where none was made; a file that nobody can read counts as none. */
async function keptRulers(env = process.env): Promise<readonly KeptRuler[]> {
  try {
    const { version, rulers } = JSON.parse(await readFile(rulerFile(env), 'utf8')) as {
      version: number;
      rulers: readonly KeptRuler[];
    };
    return version === VERSION ? [...rulers] : [];
  } catch {
    return [];
  }
}

/** Reads the rulers made on this machine, with whatever browser. */
export const rulersHere = async (env = process.env): Promise<readonly KeptRuler[]> =>
  (await keptRulers(env)).filter(
    ({ holdsFor }) => holdsFor.processor === processorName() && holdsFor.cores === cpus().length,
  );

/** Reads the margin of the durations in reports of runs here. */
export const keptMargin = async (
  viewers: number,
  environment: Environment,
  env = process.env,
): Promise<Margin> =>
  marginFor(viewers, await keptRulers(env), describeMachine(environment, processorName()));

const processorName = (): string => cpus()[0]?.model ?? 'unknown processor';

/** Replaces the one for as many viewers on this machine; answers the file. Throws CANNOT_WRITE. */
export async function rememberRuler(
  calibration: ScreenCalibration,
  env = process.env,
): Promise<string> {
  const ruler = makeKeptRuler(calibration);
  const same = (other: KeptRuler) =>
    other.viewers === ruler.viewers && isSameMachine(other.holdsFor, ruler.holdsFor);
  const others = (await keptRulers(env)).filter((other) => !same(other));
  const file = rulerFile(env);
  try {
    await makeFolders(dirname(file));
    const rulers = [...others, ruler];
    // The file is replaced in one step: a run may be reading it.
    await replaceFile(file, `${JSON.stringify({ version: VERSION, rulers }, null, 2)}\n`);
    return file;
  } catch (error) {
    throw cannotWrite(file, error);
  }
}
