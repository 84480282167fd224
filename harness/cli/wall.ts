// The wall of `run --wall-workers`: what was asked for, and the wait for the workers, in words.

import { isIP } from 'node:net';
import { freshToken } from '../kernel/token.ts';
import { badArgument } from '../model/errors.ts';
import type { Address } from '../model/world.ts';
import type { Plan } from '../model/plan.ts';
import { listGroups } from '../model/scenario.ts';
import { harnessVersion } from '../rehearsal/version.ts';
import { countByFleet } from '../../players/registry.ts';
import { WALL_TOKEN_VARIABLE } from '../../players/wall/messages.ts';
import { gatherWall, inUrl, type Wall, type WallProgress } from '../../players/wall/server.ts';
import { say } from './terminal.ts';
import type { WallArguments } from './wallOptions.ts';

export interface WallWish {
  readonly workers: number;
  readonly listen: Address;
  readonly advertise: string | undefined;
  readonly withinMs: number;
}

/** Undefined where nobody asked for workers. Throws ARGUMENT_INVALID. */
export function readWallWish(argv: WallArguments): WallWish | undefined {
  const { wallWorkers: workers, wallListen, wallAdvertise: advertise, wallWait } = argv;
  if (workers === undefined) {
    const alone = wallListen !== undefined ? '--wall-listen' : '--wall-advertise';
    if (wallListen === undefined && advertise === undefined) return undefined;
    throw badArgument(alone, `${alone} says where workers join, and nobody asked for workers`, ADD);
  }
  if (wallListen === undefined)
    throw badArgument(
      '--wall-workers',
      'workers need an address of this machine to join at',
      EXAMPLE,
    );
  const listen = readAddress(wallListen);
  if (advertise !== undefined && !/^[\w.:-]+$/.test(advertise))
    throw badArgument(
      '--wall-advertise',
      `--wall-advertise ${advertise} is no host`,
      'Name a host alone.',
    );
  return { workers, listen, advertise: advertise && inUrl(advertise), withinMs: wallWait * 1000 };
}

const ADD = 'Add --wall-workers N, or leave it out.';
const EXAMPLE =
  'Add --wall-listen HOST:PORT, an address that the workers reach: --wall-listen 10.0.0.1:8400.';

/** One address: what listens on loopback at a port is relayed at the same port of it. */
function readAddress(text: string): Address {
  const [, bracketed, plain, port] = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(text) ?? [];
  const host = bracketed ?? plain ?? '';
  if (isIP(host) === 0 || Number(port) > 65_535)
    throw badArgument('--wall-listen', `--wall-listen ${text} is no address with a port`, EXAMPLE);
  if (host === '0.0.0.0' || host === '::')
    throw badArgument(
      '--wall-listen',
      `--wall-listen ${text} is every address, and workers join at one`,
      'Name the one that they reach; `ip address` lists those of this machine.',
    );
  return { host, port: Number(port) };
}

/** Prints the command that starts a worker, and who came. Errors as `gatherWall`. */
export async function waitForWorkers(
  wish: WallWish,
  { scenario }: Plan,
  signal: AbortSignal,
): Promise<Wall> {
  const viewers = countByFleet(listGroups(scenario)).get('wall') ?? 0;
  if (viewers < wish.workers)
    throw badArgument(
      '--wall-workers',
      `--wall-workers ${wish.workers}: ${scenario.name} has ${viewers} viewers in browsers, and each worker shows one at least`,
      'Ask for fewer workers, or for more viewers (--viewers).',
    );
  const given = process.env[WALL_TOKEN_VARIABLE];
  const token = given ?? freshToken();
  const shown = given === undefined ? ` --token ${token}` : '';
  const onProgress = (progress: WallProgress) => say(progressText(progress, wish, shown));
  return gatherWall({ ...wish, viewers, token, version: harnessVersion(), onProgress }, signal);
}

function progressText(progress: WallProgress, { workers, withinMs }: WallWish, token: string) {
  switch (progress.is) {
    case 'open':
      return `waiting ${withinMs / 1000} s for ${counted(workers)}; on each machine run\n  ecran-noir viewers --join ${progress.url}${token}`;
    case 'joined':
      return `worker ${progress.worker} joined, ${progress.missing} more to come`;
    case 'left':
      return `worker ${progress.worker} went away, ${progress.missing} more to come`;
    case 'refused':
      return `refused a worker at ${progress.address}: ${progress.why}`;
  }
}

const counted = (workers: number): string => (workers === 1 ? '1 worker' : `${workers} workers`);
