// Who a worker is, in the header of its request, and what its machine can show.

import { cpus, hostname, totalmem } from 'node:os';
import { z } from 'zod';
import { viewersMax } from '../capacity.ts';
import type { WorkerHello } from './messages.ts';

/** Part of the name of a host and of a file: letters, digits, dots and hyphens. */
export const WORKER_NAME = /^[a-z0-9][a-z0-9.-]{0,39}$/;

const TEXT_MAX = 200;
const hello = z.object({
  name: z.string().regex(WORKER_NAME),
  version: z.string().max(TEXT_MAX),
  count: z.int().positive().optional(),
  most: z.int().positive(),
  machine: z.string().max(TEXT_MAX),
});

/** Undefined for what is no introduction. */
export function readHello(header: string | string[] | undefined): WorkerHello | undefined {
  try {
    return hello.parse(JSON.parse(decodeURIComponent(String(header))));
  } catch {
    return undefined;
  }
}

export const writeHello = (said: WorkerHello): string => encodeURIComponent(JSON.stringify(said));

const MB = 1024 * 1024;

/** Introduces this machine. */
export function thisWorker({ name, version, count }: Omit<WorkerHello, 'most' | 'machine'>) {
  const machine = { cores: cpus().length, memoryMb: Math.round(totalmem() / MB) };
  return {
    name,
    version,
    count,
    most: viewersMax(machine).viewers,
    machine: `${process.platform} ${process.arch}, ${machine.cores} cores, ${machine.memoryMb} MB`,
  };
}

/** The name of this machine as a worker can have it. */
export const machineName = (host = hostname()): string =>
  host
    .toLowerCase()
    .replace(/[^a-z0-9.-]+/g, '-')
    .replace(/^[^a-z0-9]+/, '')
    .slice(0, 40) || 'worker';
