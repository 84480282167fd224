// Two transcoders of one channel in step with the clock: they make the same segments with the same
// time stamps, and an edge goes from the origin of one to that of the other and back.

import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { waitFor } from '../../../harness/kernel/deadline.ts';
import type { StageLaunch, StartedStage } from '../../../harness/model/world.ts';
import {
  EDGE,
  fetchText,
  launchOf,
  ORIGIN,
  PLAYOUT,
  playlistWith,
  segmentsIn,
  startBench,
  TRANSCODER,
  type Bench,
} from './chain.ts';

const signal = new AbortController().signal;
const RUNG = 'one/v0';

const start = (bench: Bench, stage: StageLaunch['stage'], to: readonly StartedStage[]) =>
  bench.runtime.start(
    {
      ...launchOf(stage),
      sendsTo: to.map((target) => {
        if (!target.address) throw new Error(`${target.instance} serves nothing`);
        return { ...target.address, stage: target.instance };
      }),
    },
    signal,
  );

const startPipeline = async (bench: Bench, name: 'a' | 'b', origin: StartedStage) =>
  start(bench, { ...TRANSCODER, name: `transcoder-${name}`, epochLocked: true }, [origin]);

const url = (stage: StartedStage, file: string): string =>
  `http://127.0.0.1:${stage.hostAddress?.port}/${RUNG}/${file}`;

/** Names by their number, of what a stage lists. */
async function listedAt(stage: StartedStage): Promise<ReadonlyMap<number, string>> {
  const text = (await fetchText(url(stage, 'index.m3u8'))) ?? '';
  const first = Number(/MEDIA-SEQUENCE:(\d+)/.exec(text)?.[1]);
  return new Map(segmentsIn(text).map((name, i) => [first + i, name]));
}

/** Time stamps of the pictures of a segment, in seconds. */
async function timestampsOf(bench: Bench, stage: StartedStage, name: string): Promise<number[]> {
  const answer = await fetch(url(stage, name), { signal: AbortSignal.timeout(5_000) });
  const file = join(bench.dir, `${stage.instance}-${name}`);
  await writeFile(file, new Uint8Array(await answer.arrayBuffer()));
  const args = ['-v', 'error', '-select_streams', 'v', '-show_entries', 'packet=pts_time'];
  const { stdout } = await promisify(execFile)('ffprobe', [...args, '-of', 'csv=p=0', file]);
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map(parseFloat);
}

/** A number that both list, with its two names. */
const shared = (a: StartedStage, b: StartedStage) =>
  waitFor({ ms: 25_000, what: 'a segment of both pipelines', everyMs: 200 }, async () => {
    const [ofA, ofB] = await Promise.all([listedAt(a), listedAt(b)]);
    const number = [...ofA.keys()].findLast((n) => ofB.has(n));
    return number === undefined ? undefined : { a: ofA.get(number), b: ofB.get(number) };
  });

test('two pipelines make the same segments, and an edge changes between them unnoticed', async () => {
  await using bench = await startBench();
  const stale = { whenStale: '503', staleAfterMs: 2_000 } as const;
  const [originA, originB] = await Promise.all([
    start(bench, { ...ORIGIN, ...stale, name: 'origin-a' }, []),
    start(bench, { ...ORIGIN, ...stale, name: 'origin-b' }, []),
  ]);
  const originFailover = { maxFails: 1, failTimeoutMs: 1_000 };
  const edge = await start(bench, { ...EDGE, originFailover, playlistTtlMs: 0 }, [
    originA,
    originB,
  ]);
  const a = await startPipeline(bench, 'a', originA);
  const b = await startPipeline(bench, 'b', originB);
  await start(bench, PLAYOUT, [a, b]);

  const first = await playlistWith(url(originA, 'index.m3u8'), 1);
  expect(segmentsIn(first).length).toBeGreaterThanOrEqual(3); // Nobody is sent to a playlist of one.
  const name = await shared(originA, originB);
  expect(name.a).toMatch(/^\d+-\d+\.ts$/);
  expect(name.b).toBe(name.a);
  const [ofA, ofB] = await Promise.all([
    timestampsOf(bench, originA, name.a ?? ''),
    timestampsOf(bench, originB, name.b ?? ''),
  ]);
  expect(ofA).toHaveLength(25);
  const apart = ofB.map((seconds, i) => Math.abs(seconds - (ofA[i] ?? Infinity)));
  expect(Math.max(...apart)).toBeLessThan(0.001);

  const seen = new Map<number, string>();
  let newest = 0;
  const watched = (untilNumber: number) =>
    waitFor({ ms: 30_000, what: 'more segments at the edge', everyMs: 200 }, async () => {
      const listed = await listedAt(edge);
      const last = Math.max(...listed.keys(), 0);
      for (const [number, listedName] of listed) {
        // The same number is the same segment, whoever made it.
        expect(seen.get(number) ?? listedName).toBe(listedName);
        seen.set(number, listedName);
      }
      newest = Math.max(newest, last);
      return last >= untilNumber ? last : undefined;
    });
  const before = await watched(1);
  await a.faults?.kill();
  await watched(before + 6); // Pictures that A does not make any more come from B.
  const numbers = [...seen.keys()].toSorted((x, y) => x - y);
  expect(numbers).toEqual(numbers.map((_, i) => (numbers[0] ?? 0) + i));
  expect(await fetchText(url(originA, 'index.m3u8'))).toBeUndefined();
  const ofDead = await fetch(url(edge, seen.get(newest) ?? ''));
  expect(ofDead.status).toBe(200); // Origin A never had it.
  await ofDead.arrayBuffer();

  await a.faults?.restart();
  const fresh = await playlistWith(url(originA, 'index.m3u8'), 3);
  expect(fresh).not.toContain('#EXT-X-DISCONTINUITY\n');
  const again = await shared(originA, originB);
  expect(again.b).toBe(again.a);
  await watched(newest + 3);
});
