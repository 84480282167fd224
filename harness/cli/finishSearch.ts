// The progress and the end of `search`, and of `merge` where the shards are those of a search.

import { join } from 'node:path';
import { systemClock } from '../kernel/clock.ts';
import { formatDuration } from '../kernel/duration.ts';
import { EXIT } from '../model/errors.ts';
import type { Searched } from '../rehearsal/search.ts';
import type { MergedSearch } from '../rehearsal/searchParts.ts';
import type { Searching } from '../rehearsal/searchSetting.ts';
import { renderSearch, renderSearchFindings, renderSearchJson } from '../../reports/search.ts';
import { fileList, near, print, say, terminalHere } from './terminal.ts';

/** Says what Ctrl-C does to a search. */
export const SEARCH_STOPS = 'stopping the search, nothing is written';

/** A pipe or a file has no width. */
const PIPE_COLUMNS = 140;

/** Prints, and sets the exit code of the process: 1 where no design holds. */
export function finishSearch({ result, dir, files }: Searched, { json }: { json: boolean }): void {
  if (json) print(renderSearchJson(result).trimEnd());
  else {
    print(renderSearch(result, terminalHere(PIPE_COLUMNS)));
    print(`\nfor real\n  ${result.command.replace('best.yaml', near(join(dir, 'best.yaml')))}`);
    print(fileList(files));
  }
  process.exitCode = result.front.length > 0 ? EXIT.pass : EXIT.fail;
}

/** Prints what keeps shards from being one search, or the search. */
export function finishMergedSearch(merged: MergedSearch, { json }: { json: boolean }): void {
  if (!('findings' in merged)) return finishSearch(merged, { json });
  print(renderSearchFindings(merged.findings, { json }));
  process.exitCode = EXIT.inconclusive;
}

/** A line at each round, and one now and then with the time that is left of it. */
const TOLD_MS = 5_000;

export function searchProgress(): Pick<Searching, 'onRound' | 'onPlayed'> {
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
