// A shard is called as the whole suite was, without what is about the whole.

import { expect, test } from 'vitest';
import { shardWords } from '../../../harness/cli/shardWords.ts';

test.each([
  ['test', []],
  ['search my.yaml --on slurm --shards 4 --killer', ['my.yaml', '--killer']],
  ['test drills --on slurm --shards 4 --out x --print', ['drills']],
  ['test --on=slurm --json --no-quiet --shards=4 a.yaml b.yaml', ['a.yaml', 'b.yaml']],
  [
    'test --grep on --seed 3 --time-limit 2h --image a:1 --collect-at http://b:1',
    ['--grep', 'on', '--seed', '3'],
  ],
])('%s', (call, words) => {
  expect(shardWords(call.split(' '))).toEqual([call.split(' ')[0], ...words]);
});
