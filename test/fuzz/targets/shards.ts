// Parts of a search, as other machines bring them: what is no whole is named, and what is taken for
// one is what a search can have written.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { mergeSearchParts, type SearchPart } from '../../../harness/rehearsal/searchParts.ts';
import type { OpenedSearch } from '../../../harness/rehearsal/searchSetting.ts';
import { makeFolder } from '../../support/makeFolder.ts';
import { changedObjects } from '../recordMutants.ts';
import { Mistake, requireFinite, type Target } from '../target.ts';
import { mutantsOf } from '../textMutants.ts';

const partOf = (index: number): SearchPart => ({
  version: 1,
  harness: '0.1.0',
  commit: 'abc',
  shard: { index, of: 2 },
  scenario: 'night',
  wishes: {
    file: 'no-such-file.yaml',
    variant: undefined,
    design: undefined,
    limits: ['p99(blackScreen) < 5s'],
    audience: 1_000_000,
    agents: 400,
    compress: 1,
    seed: 4,
    finalists: 0,
    longestMs: undefined,
  },
  sum: 'as searched',
  plays: [index, 7].map((design) => ({
    agents: 400,
    design,
    figures: {
      p99Ms: 4_000,
      originPerS: 12,
      latencyMs: 9_000,
      cases: [
        {
          name: 'cut',
          limits: [{ limit: 'p99(blackScreen) < 5s', verdict: 'pass', observed: '4s', slackMs: 9 }],
        },
      ],
    },
  })),
});

/** Another sum than that of any part, so that nothing is ever played. */
const ELSEWHERE = { distinct: { sum: 'as it is here' } } as OpenedSearch;
const OPTIONS = {
  search: ELSEWHERE,
  workers: 1,
  signal: new AbortController().signal,
  onRound: () => undefined,
  onPlayed: () => undefined,
};
const WHOLE = 'search-of-another-file';

export const PARTS: Target = {
  name: 'parts',
  share: 4,
  seeds: [partOf(2), { ...partOf(2), plays: [] }].map((part) => JSON.stringify(part)),
  mutants: (seeds) => fc.oneof(mutantsOf(seeds), changedObjects(seeds)),
  feed: async (text) => {
    using folder = makeFolder();
    const files = ['first', 'second'].map((name) => join(folder.path, `${name}.json`));
    [JSON.stringify(partOf(1)), text].forEach((part, i) => writeFileSync(files[i]!, part));
    const merged = await mergeSearchParts(files, join(folder.path, 'out'), OPTIONS);
    if (!('findings' in merged)) throw new Mistake('a search was played');
    if (merged.findings.some(({ rule }) => rule === WHOLE))
      requirePart(JSON.parse(text) as SearchPart);
    return merged.findings
      .map(({ rule, text: says }) => `${rule} ${says.replaceAll(folder.path, '')}`)
      .join('\n');
  },
};

/** Nothing that no search writes may be taken for the second part. */
function requirePart({ shard, plays }: SearchPart): void {
  if (shard.index !== 2 || shard.of !== 2) throw new Mistake(`shard ${JSON.stringify(shard)}`);
  requireFinite(plays);
  const own = new Map(partOf(1).plays.map((play) => [play.design, play]));
  for (const play of plays) {
    const { agents, design, figures } = play;
    const numbers = [agents, design, figures.p99Ms, figures.originPerS, figures.latencyMs];
    if (numbers.some((one) => one < 0)) throw new Mistake(`figures ${numbers.join(', ')}`);
    const same = own.get(design);
    if (same?.agents === agents && JSON.stringify(same) !== JSON.stringify(play))
      throw new Mistake(`two figures of design ${design}`);
  }
}
