// Shards: how they are dealt, and what joining them tells.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Suite } from '../../../../harness/model/suite.ts';
import { joinShards } from '../../../../harness/rehearsal/suite/merge.ts';
import { dealShard, parseShard, shardShape } from '../../../../harness/rehearsal/suite/shards.ts';
import { madeUpEntry, madeUpResult, madeUpSuite } from '../../../support/madeUpSuite.ts';

describe('dealing shards', () => {
  it('gives every entry to one shard, and none more than its share and one entry', () => {
    const times = fc.array(fc.integer({ min: 1, max: 10_000 }), { maxLength: 40 });
    fc.assert(
      fc.property(times, fc.integer({ min: 1, max: 8 }), (list, of) => {
        const entries = list.map((ms, n) => madeUpEntry(`s${n}`, ms));
        const shards = Array.from({ length: of }, (_, n) =>
          dealShard(entries, { index: n + 1, of }),
        );
        expect(
          shards
            .flat()
            .map(({ key }) => key)
            .toSorted(),
        ).toEqual(entries.map(({ key }) => key).toSorted());
        const total = list.reduce((sum, ms) => sum + ms, 0);
        for (const shard of shards)
          expect(shard.reduce((sum, { expectedMs }) => sum + expectedMs, 0)).toBeLessThanOrEqual(
            total / of + Math.max(0, ...list),
          );
      }),
    );
  });

  it('deals the same on every machine, whatever the order of the files', () => {
    const entries = [3, 1, 2, 2, 5].map((ms, n) => madeUpEntry(`s${n}`, ms));
    const keys = (list: typeof entries) =>
      dealShard(list, { index: 2, of: 2 }).map(({ key }) => key);
    expect(keys(entries.toReversed())).toEqual(keys(entries));
  });

  it.each(['0/0', '0/4', '5/4', '1/0', '-1/4', '1', '1/4/4', '1.5/4', 'a/b', '1/1001', ''])(
    'refuses %s',
    (text) => expect(() => parseShard(text)).toThrow(/--shard/),
  );

  it.each([0, 1.5, 1_001, 1e9])('takes no file of another machine with %s shards', (of) => {
    expect(shardShape.safeParse({ index: 1, of }).success).toBe(false);
  });

  it('reads the first and the last', () => {
    expect(parseShard('1/1')).toEqual({ index: 1, of: 1 });
    expect(parseShard('4/4')).toEqual({ index: 4, of: 4 });
  });
});

describe('joining shards', () => {
  const shard = (index: number, key: string, more: Partial<Suite> = {}) => ({
    dir: `shard-${index}-${key}`,
    suite: madeUpSuite([madeUpResult(key)], {
      planned: ['a', 'b'],
      shard: { index, of: 2 },
      ...more,
    }),
  });
  const rules = ({ findings }: Suite) => findings.map(({ rule }) => rule);

  it('gives the suite of one machine', () => {
    const { suite } = joinShards([shard(1, 'b'), shard(2, 'a')]);
    expect(suite).toEqual(madeUpSuite([madeUpResult('a'), madeUpResult('b')]));
  });

  it('names a shard that is missing and what it would have played', () => {
    const { suite } = joinShards([shard(2, 'b')]);
    expect(suite.verdict).toBe('inconclusive');
    expect(suite.findings).toMatchObject([{ text: 'shard 1 of 2 is missing' }]);
    expect(suite.leftOut).toEqual([{ key: 'a', reason: 'no shard has a result of it' }]);
  });

  it('names two results of one shard, and keeps the first', () => {
    const again = shard(1, 'a');
    const { suite, from } = joinShards([shard(1, 'a'), { ...again, dir: 'again' }, shard(2, 'b')]);
    expect(rules(suite)).toEqual(['shard-twice', 'result-twice']);
    expect(from.get('a')).toBe('shard-1-a');
    expect(suite.verdict).toBe('inconclusive');
  });

  it('names shards that overlap', () => {
    const { suite } = joinShards([shard(1, 'a'), shard(2, 'a')]);
    expect(rules(suite)).toEqual(['result-twice']);
    expect(suite.leftOut.map(({ key }) => key)).toEqual(['b']);
  });

  it.each<[string, Partial<Suite>]>([
    ['commit', { commit: 'def' }],
    ['version', { harness: '9.9.9' }],
    ['seed', { choices: { engine: 'virtual-player', compress: 1, seed: 7 } }],
    ['compression', { choices: { engine: 'virtual-player', compress: 60 } }],
    ['engine', { choices: { engine: 'run', compress: 1 } }],
    ['number of shards', { shard: { index: 2, of: 3 } }],
    ['list of scenarios', { planned: ['b'] }],
  ])('names another %s', (fact, more) => {
    const { suite } = joinShards([shard(1, 'a'), shard(2, 'b', more)]);
    expect(suite.findings.map(({ text }) => text).join()).toContain(` has ${fact} `);
    expect(suite.verdict).toBe('inconclusive');
  });

  it('is a fail where one shard has a fail, whatever else is missing', () => {
    const failed = {
      dir: 'x',
      suite: madeUpSuite([madeUpResult('a', 'fail')], {
        planned: ['a', 'b'],
        shard: { index: 1, of: 2 },
      }),
    };
    expect(joinShards([failed]).suite.verdict).toBe('fail');
  });

  it('keeps why a shard left something out', () => {
    const late = shard(2, 'c', { results: [], leftOut: [{ key: 'b', reason: 'late' }] });
    expect(joinShards([shard(1, 'a'), late]).suite.leftOut).toEqual([{ key: 'b', reason: 'late' }]);
  });
});
