// Shards on a made-up cluster, in virtual time: what is lost is named, what comes late is waited for.

import { describe, expect, it } from 'vitest';
import type { ShardState } from '../../../harness/cluster/cluster.ts';
import { readTasks } from '../../../harness/cluster/slurm.ts';
import { watchShards } from '../../../harness/cluster/watch.ts';
import { virtualClock } from '../../support/virtualClock.ts';

type Look = (nowMs: number) => readonly ShardState[];

/** Watches two shards; the result of shard n is here from `hereAtMs[n]` on. */
async function watched(
  look: Look,
  hereAtMs: Readonly<Record<number, number>> = {},
  limitMs?: number,
) {
  const clock = virtualClock();
  const said: ShardState[] = [];
  const watching = watchShards(
    {
      submitted: {
        look: async () => look(clock.epochMs()),
        lastWords: async (index) => `first\nshard ${index} says goodbye\n`,
      },
      shards: 2,
      isHere: (index) => clock.epochMs() >= (hereAtMs[index] ?? Infinity),
      onChange: (state) => void said.push(state),
      limitMs,
      clock,
    },
    new AbortController().signal,
  );
  const lost = await clock.passDuring(watching);
  return { lost: Object.fromEntries(lost), said, tookMs: clock.epochMs() };
}

const both = (phase: ShardState['phase']): ShardState[] => [
  { index: 1, phase },
  { index: 2, phase },
];

describe('watching shards', () => {
  it('ends when all have ended and their results are here, and tells each change once', async () => {
    const look: Look = (nowMs) => both(nowMs < 5_000 ? 'running' : 'ended');
    const { lost, said, tookMs } = await watched(look, { 1: 4_500, 2: 4_500 });
    expect(lost).toEqual({});
    expect(said.map(({ index, phase }) => `${index} ${phase}`)).toEqual([
      '1 running',
      '2 running',
      '1 ended',
      '2 ended',
    ]);
    expect(tookMs).toBeLessThan(7_000);
  });

  it('waits a minute for the result of a shard that ended well, and no longer', async () => {
    const look: Look = () => both('ended');
    const { lost, tookMs } = await watched(look, { 1: 50_000 });
    expect(lost).toEqual({ 2: 'it ended without a result (first shard 2 says goodbye)' });
    expect(tookMs).toBeGreaterThan(60_000);
    expect(tookMs).toBeLessThan(65_000);
  });

  it('names the reason of the cluster, also where a result is here', async () => {
    const look: Look = () => [
      { index: 1, phase: 'ended', reason: 'its node failed' },
      { index: 2, phase: 'ended' },
    ];
    const { lost } = await watched(look, { 1: 0, 2: 0 });
    expect(lost).toEqual({ 1: 'its node failed (first shard 1 says goodbye)' });
  });

  it('takes a shard that the cluster does not know any more for ended', async () => {
    const look: Look = (nowMs) => (nowMs < 3_000 ? both('running') : []);
    expect((await watched(look, { 1: 2_000, 2: 2_000 })).lost).toEqual({});
  });

  it('does not wait for ever for the end of a shard whose result is here', async () => {
    const { lost, tookMs } = await watched(() => both('running'), { 1: 0, 2: 0 });
    expect(lost).toEqual({});
    expect(tookMs).toBeLessThan(65_000);
  });

  it('gives up what has not ended in time', async () => {
    const look: Look = () => both('waiting');
    const { lost } = await watched(look, {}, 90_000);
    const late = 'it had not ended within the 1m 30s of --time-limit';
    expect(lost).toEqual({ 1: late, 2: late });
  });

  it('endures a controller that is away for a minute, and no cluster that stays silent', async () => {
    const away = (fromMs: number, toMs: number): Look => {
      return (nowMs) => {
        if (nowMs >= fromMs && nowMs < toMs) throw new Error('no answer');
        return both('ended');
      };
    };
    expect((await watched(away(0, 60_000), { 1: 0, 2: 0 })).lost).toEqual({});
    await expect(watched(away(0, Infinity), { 1: 0, 2: 0 })).rejects.toThrow('no answer');
  });
});

describe('tasks of Slurm', () => {
  const task = (fields: string) => readTasks(`JobId=12 ArrayJobId=9 JobName=x ${fields}`);

  it.each([
    ['ArrayTaskId=2 JobState=RUNNING Reason=None NodeList=n1 ExitCode=0:0', 'running', undefined],
    ['ArrayTaskId=2 JobState=PENDING Reason=Resources NodeList=(null)', 'waiting', 'Resources'],
    ['ArrayTaskId=2 JobState=COMPLETED ExitCode=0:0 NodeList=n1', 'ended', undefined],
    ['ArrayTaskId=2 JobState=FAILED Reason=NonZeroExitCode ExitCode=1:0', 'ended', undefined],
    ['ArrayTaskId=2 JobState=FAILED Reason=NonZeroExitCode ExitCode=64:0', 'ended', /exit code 64/],
    ['ArrayTaskId=2 JobState=FAILED Reason=x ExitCode=0:9', 'ended', /signal 9/],
    ['ArrayTaskId=2 JobState=NODE_FAIL ExitCode=0:0', 'ended', /node failed/],
    ['ArrayTaskId=2 JobState=TIMEOUT ExitCode=0:15', 'ended', /time limit/],
    ['ArrayTaskId=2 JobState=OUT_OF_MEMORY ExitCode=0:125', 'ended', /memory/],
  ])('%s', (fields, phase, reason) => {
    const [state] = task(fields);
    expect(state).toMatchObject({ index: 2, phase });
    if (reason === undefined) expect(state?.reason).toBeUndefined();
    else expect(state?.reason).toMatch(reason);
  });

  it('reads those that wait together', () => {
    const indexes = task('ArrayTaskId=1,3-5%2 JobState=PENDING').map(({ index }) => index);
    expect(indexes).toEqual([1, 3, 4, 5]);
  });
});
