// `search FILE`: the designs that hold, from the knobs of a scenario.

import { join } from 'node:path';
import pc from 'picocolors';
import { systemClock } from '../../kernel/clock.ts';
import { formatDuration, parseDurationMs } from '../../kernel/duration.ts';
import { EXIT, HarnessError } from '../../model/errors.ts';
import { searchDesigns, type SearchOptions } from '../../rehearsal/search.ts';
import { renderSearch, renderSearchJson } from '../../../reports/search.ts';
import { catchInterrupt } from '../interrupt.ts';
import { near, print, say } from '../terminal.ts';

type Told = 'signal' | 'onRound' | 'onPlayed' | 'limits' | 'longestMs';

export interface SearchArguments extends Omit<SearchOptions, Told> {
  readonly limit: readonly string[];
  readonly killer: boolean;
  readonly longest: string;
  readonly json: boolean;
}

/** A pipe or a file has no width. */
const PIPE_COLUMNS = 140;

export async function searchForDesign(argv: SearchArguments): Promise<void> {
  const longestMs = argv.killer ? readLongest(argv.longest) : undefined;
  using interrupt = catchInterrupt('stopping the search, nothing is written');
  const { signal } = interrupt;
  const { limit: limits } = argv;
  const { result, dir, files } = await searchDesigns({
    ...argv,
    ...tellProgress(),
    limits,
    longestMs,
    signal,
  });
  const columns = process.stdout.columns || PIPE_COLUMNS;
  if (argv.json) print(renderSearchJson(result).trimEnd());
  else {
    print(renderSearch(result, { columns, colours: pc.isColorSupported }));
    print(`\nfor real\n  ${result.command.replace('best.yaml', near(join(dir, 'best.yaml')))}`);
    print(`\nfiles\n${files.map((file) => `  ${near(file)}`).join('\n')}`);
  }
  process.exitCode = result.front.length > 0 ? EXIT.pass : EXIT.fail;
}

function readLongest(word: string): number {
  const ms = parseDurationMs(word);
  if (ms !== undefined && ms > 0) return ms;
  throw new HarnessError('ARGUMENT_INVALID', `--longest ${word}: expected a duration above zero`, {
    target: '--longest',
    hint: 'such as 40m or 2h',
  });
}

/** A line at each round, and one now and then with the time that is left of it. */
const TOLD_MS = 5_000;

function tellProgress(): Pick<SearchOptions, 'onRound' | 'onPlayed'> {
  let [fromMs, toldMs, plays, done] = [0, 0, 0, 0];
  return {
    onRound: (what, expected) => {
      say(what);
      fromMs = toldMs = systemClock.epochMs();
      [plays, done] = [expected, 0];
    },
    onPlayed: () => {
      done++;
      const nowMs = systemClock.epochMs();
      if (nowMs - toldMs < TOLD_MS || done > plays) return;
      toldMs = nowMs;
      const leftMs = ((nowMs - fromMs) / done) * (plays - done);
      say(`  ${done} of ${plays}, about ${formatDuration(leftMs)} left`);
    },
  };
}
