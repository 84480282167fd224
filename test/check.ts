// `npm run check`: the checks of the code base, two at a time, the longest first. Each prints what it
// has to say when it ends.

import { execa } from 'execa';
import pLimit from 'p-limit';

const CHECKS = ['lint', 'types', 'imports', 'dead', 'format:check'];

const turn = pLimit(2);

async function check(name: string): Promise<boolean> {
  const { all, exitCode } = await execa('npm', ['run', name], { all: true, reject: false });
  process.stdout.write(`${all}\n\n`);
  return exitCode === 0;
}

const passed = await Promise.all(CHECKS.map((name) => turn(check, name)));
process.exitCode = passed.every(Boolean) ? 0 : 1;
