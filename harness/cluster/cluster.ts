// The seam between a suite and machines that somebody else deals out: shards are submitted to it, and
// it says what becomes of each.

import { HarnessError } from '../model/errors.ts';

/** A suite or a search as it is submitted. */
export interface ShardJob {
  /** Lower-case letters, digits and dashes: the name of what is submitted begins with it. */
  readonly name: string;
  readonly shards: number;
  /** The words of the call after `ecran-noir`, without those on the shard and its folder. */
  readonly words: readonly string[];
  /** Processors and memory of a shard. */
  readonly cpus: number;
  readonly memoryMb: number;
  /** The folder for what shards write, on this machine; absolute. */
  readonly dir: string;
  /** The image that shards play in; empty where they play on the machines themselves. */
  readonly image: string;
  /** Takes the results of shards that share no folder with this machine. */
  readonly collector: Collecting;
}

export interface Collecting {
  /** `http://host:port` */
  readonly url: string;
  readonly token: string;
}

export interface ShardState {
  /** From 1. */
  readonly index: number;
  readonly phase: 'waiting' | 'running' | 'ended';
  readonly node?: string;
  /** A clause: the reason why it waits, or was lost. Absent where it ended well. */
  readonly reason?: string;
}

/** A suite or a search that was submitted. */
export interface Submitted {
  /** Says it to people: `job 17`. */
  readonly name: string;
  /** The state of every shard that the cluster still knows. */
  readonly look: () => Promise<readonly ShardState[]>;
  /** The end of what a shard printed; empty where nobody knows. */
  readonly lastWords: (index: number) => Promise<string>;
  /** Ends what runs and takes away everything that was submitted. */
  readonly remove: () => Promise<unknown>;
}

export interface Cluster {
  /** False where shards see the folders of this machine. */
  readonly playsInImage: boolean;
  /** The text that `submit` would submit. */
  readonly describe: (job: ShardJob) => string;
  /** Throws TOOL_MISSING, CLUSTER_UNAVAILABLE. */
  readonly submit: (job: ShardJob) => Promise<Submitted>;
}

/** Names the variable in which a shard finds the token of the collector. */
export const COLLECTOR_TOKEN = 'ECRAN_NOIR_COLLECTOR_TOKEN';

/** The words after `ecran-noir` of a shard in an image, all but `--shard`. */
export const wordsInImage = ({ words, collector }: ShardJob): readonly string[] => [
  ...[...words, '--out', '/tmp/suite', '--deliver', collector.url],
];

/** The numbers of its shards, from 1. */
export const listIndexes = ({ shards }: Pick<ShardJob, 'shards'>): readonly number[] =>
  Array.from({ length: shards }, (_, at) => at + 1);

export const refused = (message: string, hint: string, cause?: unknown): HarnessError =>
  new HarnessError('CLUSTER_UNAVAILABLE', message, { hint, cause });

/** Quotes a word for a POSIX shell. */
export const quoted = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
