// `setup`: installs what a run needs beside Node, saying what it does and why; where it may not,
// it says the exact command to run.

import { access, constants } from 'node:fs/promises';
import { execa } from 'execa';
import pc from 'picocolors';
import { HarnessError } from '../../model/errors.ts';
import {
  findTool,
  installCommand,
  missingTools,
  SCREEN_TOOLS,
  TOOLS,
  type Tool,
} from '../../runtime/tools.ts';
import { print } from '../terminal.ts';
import { succeeds } from '../../kernel/succeeds.ts';
import type { Argv, Chosen } from '../options.ts';

/** A distribution mirror can be slow; beyond this something is wrong. */
const INSTALL_MS = 15 * 60_000;

export const options = (y: Argv) =>
  y
    .options({
      check: { type: 'boolean', describe: 'only say what is missing' },
      screen: {
        type: 'boolean',
        describe: 'also what `calibrate --screen` needs: a display (Xvfb)',
      },
    })
    .example('$0 setup', 'install what is missing')
    .example('$0 setup --check', 'exit 69 and name the command when something is missing');

export const act = async ({ check, screen }: Chosen<typeof options>): Promise<void> => {
  const missing: Tool[] = [];
  for (const tool of screen ? [...TOOLS, ...SCREEN_TOOLS] : TOOLS) {
    const path = await findTool(tool);
    if (path) print(`${pc.green('found')}   ${tool.name.padEnd(9)} ${path}`);
    else missing.push(tool);
  }
  for (const tool of missing)
    print(`${pc.yellow('missing')} ${tool.name.padEnd(9)} ${tool.purpose}`);
  if (missing.length === 0) return;
  if (check || !(await mayInstall())) throw byHand(missing);
  await install(missing);
};

async function install(missing: readonly Tool[]): Promise<void> {
  const [program, ...args] = installCommand(missing) as [string, ...string[]];
  print('reading the package lists (apt-get update)');
  await apt('apt-get', ['update', '--quiet']);
  print(`installing: ${[program, ...args].join(' ')}`);
  await apt(program, args);
  const still = [];
  for (const tool of missing) if (!(await findTool(tool))) still.push(tool);
  if (still.length > 0) throw missingTools(still);
  print(`${pc.green('installed')} ${missing.map(({ name }) => name).join(', ')}`);
}

async function apt(program: string, args: readonly string[]): Promise<void> {
  const { failed, all } = await execa(program, args, {
    timeout: INSTALL_MS,
    reject: false,
    all: true,
    stdin: 'ignore',
    env: { DEBIAN_FRONTEND: 'noninteractive' },
  });
  if (!failed) return;
  const last = all.split('\n').slice(-5).join('\n');
  throw new HarnessError('TOOL_MISSING', `${program} ${args.join(' ')} failed:\n${last}`, {
    hint: 'mend what it says and run `ecran-noir setup` again',
  });
}

/** Only root on a machine with apt-get installs without asking; nobody is asked for a password. */
async function mayInstall(): Promise<boolean> {
  if (process.getuid?.() !== 0) return false;
  return succeeds(access('/usr/bin/apt-get', constants.X_OK));
}

function byHand(missing: readonly Tool[]): HarnessError {
  const { message } = missingTools(missing);
  return new HarnessError('TOOL_MISSING', message, {
    hint: `run: ${installCommand(missing).join(' ')}`,
  });
}
