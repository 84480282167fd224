// `viewers --join URL`: a worker of a run on another machine.

import { badArgument, HarnessError } from '../../model/errors.ts';
import { harnessVersion } from '../../rehearsal/version.ts';
import { sweepLeftovers } from '../../runtime/containers/sweep.ts';
import { createOwnedFolder, PASSABLE, removeScratch } from '../../runtime/ownedFolder.ts';
import { findChrome } from '../../../players/chrome.ts';
import { machineName, thisWorker, WORKER_NAME } from '../../../players/wall/hello.ts';
import { WALL_TOKEN_VARIABLE, type WorkerHello } from '../../../players/wall/messages.ts';
import { work } from '../../../players/wall/worker.ts';
import { join } from 'node:path';
import { catchInterrupt } from '../interrupt.ts';
import { say } from '../terminal.ts';
import type { ViewersArguments } from '../commands/viewers.ts';

export async function showViewers(argv: ViewersArguments): Promise<void> {
  const url = readUrl(argv.join);
  const token = argv.token ?? process.env[WALL_TOKEN_VARIABLE];
  if (!token)
    throw badArgument(
      '--token',
      'a worker needs the token of the run',
      'Use the command that was printed.',
    );
  const hello = introduce(argv);
  const chrome = await findChrome(argv.chrome);
  await sweepLeftovers();
  using interrupt = catchInterrupt('the viewers leave, the browser ends');
  const scratch = await createOwnedFolder('worker', PASSABLE);
  try {
    const profileDir = join(scratch, 'profile');
    const options = { url, token, hello, chrome, profileDir, onProgress: say };
    say(await work(options, interrupt.signal));
  } finally {
    for (const leftover of await removeScratch(scratch)) say(`left behind: ${leftover}`);
  }
}

function readUrl(text: string): string {
  const url = URL.parse(text);
  if (url?.protocol === 'http:' && url.pathname === '/' && url.search === '') return url.origin;
  throw badArgument(
    '--join',
    `--join ${text} is no URL of a run`,
    'It looks like http://10.0.0.1:8400.',
  );
}

function introduce({ count, name = machineName() }: ViewersArguments): WorkerHello {
  if (!WORKER_NAME.test(name))
    throw badArgument(
      '--name',
      `--name ${name}: a name has small letters, digits, dots and hyphens, 40 at most`,
      'For instance --name studio-b.',
    );
  const hello = thisWorker({ name, count, version: harnessVersion() });
  if (count === undefined || count <= hello.most) return hello;
  throw new HarnessError(
    'CAPACITY_EXCEEDED',
    `--count ${count}: this machine can show ${hello.most} viewers`,
    { target: '--count', hint: `Ask for ${hello.most} or fewer here, and for more workers.` },
  );
}
