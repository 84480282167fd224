// Shards that play on other machines: submitted, watched and brought back into a folder. Whoever
// submits them says when the result of one is here, and joins what came back.

import { mkdir, readdir, rm, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { listIndexes, type Cluster, type ShardJob, type ShardState } from '../cluster/cluster.ts';
import { openCollector } from '../cluster/collector.ts';
import { watchShards } from '../cluster/watch.ts';
import { makeFolders } from '../kernel/makeFolders.ts';
import { HarnessError } from '../model/errors.ts';
import { cannotWrite } from '../run/recorder.ts';

export interface ShardsElsewhere {
  readonly cluster: Cluster;
  readonly job: ShardJob;
  readonly limitMs: number | undefined;
  /** The URL by which shards in an image reach this machine; undefined where it is to be found. */
  readonly collectAt: string | undefined;
  readonly onSubmitted: (name: string) => void;
  /** Is called with what the cluster still has, and the error that kept it from being removed. */
  readonly onLeftover: (name: string, error: unknown) => void;
}

export interface WatchedShards extends ShardsElsewhere {
  readonly isHere: (index: number) => boolean;
  readonly onChange: (state: ShardState) => void;
}

/** Why each lost shard is, as a clause. */
export type Lost = ReadonlyMap<number, string>;

/** Answers the shards that are lost; nothing of them is taken any more. Throws what cannot be submitted. */
export async function playShards(playing: WatchedShards, signal: AbortSignal): Promise<Lost> {
  const { cluster, job, collectAt, onSubmitted, onLeftover, isHere, onChange, limitMs } = playing;
  await makeShardsFolder(job.dir);
  await using collector = cluster.playsInImage
    ? await openCollector(job.dir, job.shards, collectAt)
    : undefined;
  const submitted = await cluster
    .submit(collector ? { ...job, collector } : job)
    .catch(async (error: unknown) => {
      await rm(job.dir, { recursive: true });
      throw error;
    });
  onSubmitted(submitted.name);
  const { shards } = job;
  return await watchShards({ submitted, shards, isHere, limitMs, onChange }, signal).finally(() =>
    submitted.remove().catch((error: unknown) => onLeftover(submitted.name, error)),
  );
}

/** The end of the name of what a lost shard printed. */
const LOG = '.log';

export const shardFolder = ({ dir }: ShardJob, index: number): string => join(dir, String(index));

async function makeShardsFolder(dir: string): Promise<void> {
  try {
    await makeFolders(dirname(dir));
    await mkdir(dir);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw cannotWrite(dir, error);
    const there = await readdir(dir).catch(() => [dir]);
    if (there.every((name) => name.endsWith(LOG))) return;
    throw new HarnessError('ARGUMENT_INVALID', `${dir}: shards are there already`, {
      target: dir,
      hint: 'join them with `ecran-noir merge`, remove them, or name another folder with --out',
    });
  }
}

/** Removes what came back; what lost shards printed stays, and the folder with it. */
export async function removeShards(job: ShardJob, lost: Lost): Promise<void> {
  const gone = listIndexes(job).flatMap((index) => [
    shardFolder(job, index),
    ...(lost.has(index) ? [] : [`${shardFolder(job, index)}${LOG}`]),
  ]);
  // A lost shard may still write.
  for (const path of lost.size === 0 ? [job.dir] : gone)
    await rm(path, { recursive: true, force: true, maxRetries: 5 });
  await rmdir(job.dir).catch(() => undefined);
}
