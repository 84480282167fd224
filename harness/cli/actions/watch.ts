// `watch URL`: a stream of anybody's before a real player, and a report of what was seen of it.

import { parseDurationMs } from '../../kernel/duration.ts';
import { badArgument } from '../../model/errors.ts';
import { watchStream } from '../../rehearsal/watchStream.ts';
import { catchInterrupt } from '../interrupt.ts';
import { finish } from '../finish.ts';
import { liveScreen } from '../liveScreen.ts';
import { namesIn, WALL_PLAYERS } from '../nameList.ts';
import { printError } from '../printError.ts';
import { say } from '../terminal.ts';
import type { WatchArguments } from '../commands/watch.ts';

export async function watchUrl(argv: WatchArguments): Promise<void> {
  const forMs = readLength(argv.for);
  const [player] = argv.player === undefined ? [] : namesIn(argv.player, '--player', WALL_PLAYERS);
  using interrupt = catchInterrupt('stopping the browser, writing what was measured');
  const wishes = { ...argv, forMs, player, watch: liveScreen(argv) };
  const { report, end, files } = await watchStream(wishes, interrupt.signal);
  if (end.error) process.exitCode = printError(end.error, { json: argv.json });
  // Nothing was seen of it: the sentence is all there is to say.
  if (end.error?.code === 'STREAM_UNFIT') return;
  for (const leftover of end.leftovers) say(`left behind: ${leftover}`);
  finish({ report, files, json: argv.json });
}

const FOR_MS = { least: 1_000, most: 86_400_000 };

/** Throws ARGUMENT_INVALID. */
function readLength(word: string): number {
  const ms = parseDurationMs(word);
  if (ms !== undefined && ms >= FOR_MS.least && ms <= FOR_MS.most) return ms;
  throw badArgument('--for', `--for ${word}: expected 1s to 24h`, 'such as 90s or 10m');
}
