// Records who owns what was started: containers, networks and temporary folders carry their owner,
// so that the next start can tell what a dead harness left behind from what a living one is using.

import { readFile, readlink } from 'node:fs/promises';
import { hostname } from 'node:os';
import { execa } from 'execa';

/**
 * A process, told apart from every other there ever was: a number of a process is used again, but
 * not with the same start; a start is counted from a boot; a boot has an identity.
 */
export interface Owner {
  readonly host: string;
  /** Identity of the boot of the machine, `''` where it cannot be told. */
  readonly boot: string;
  /** Namespace of process numbers: two containers of one machine both have a process 1. */
  readonly space: string;
  readonly pid: number;
  /** The time as the system writes it; `''` for a process that is gone. */
  readonly startTime: string;
}

/** `elsewhere`: on a machine, or in a container, whose processes we cannot see. */
export type OwnerState = 'alive' | 'dead' | 'elsewhere';

/** `ps` and `sysctl` answer at once or not at all. */
const ASK_MS = 2_000;

let self: Promise<Owner> | undefined;

/** The owner of whatever this process starts. */
export const thisOwner = (): Promise<Owner> => (self ??= describe(process.pid));

/**
 * Tells whether the process is still there. `shared` says that others than this machine may have
 * left the thing: then another boot may as well be another machine of the same name.
 */
export async function ownerState(owner: Owner, { shared = false } = {}): Promise<OwnerState> {
  const me = await thisOwner();
  if (owner.host !== me.host) return 'elsewhere';
  if (owner.boot !== me.boot) return shared ? 'elsewhere' : 'dead';
  if (owner.space !== me.space) return 'elsewhere';
  return (await processStartTime(owner.pid)) === owner.startTime ? 'alive' : 'dead';
}

/** Undefined for text that is not an owner written by `JSON.stringify`. */
export function parseOwner(text: string | undefined): Owner | undefined {
  try {
    const value = JSON.parse(text ?? '') as Partial<Record<keyof Owner, unknown>> | null;
    const { host, boot, space, pid, startTime } = value ?? {};
    if (typeof host !== 'string' || typeof boot !== 'string' || typeof space !== 'string')
      return undefined;
    if (typeof pid !== 'number' || typeof startTime !== 'string') return undefined;
    return { host, boot, space, pid, startTime };
  } catch {
    return undefined;
  }
}

async function describe(pid: number): Promise<Owner> {
  const [boot, space, startTime] = await Promise.all([bootId(), pidSpace(), processStartTime(pid)]);
  return { host: hostname(), boot, space, pid, startTime };
}

async function bootId(): Promise<string> {
  if (process.platform === 'darwin') return ask('sysctl', ['-n', 'kern.bootsessionuuid']);
  const text = await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => '');
  return text.trim();
}

const pidSpace = (): Promise<string> => readlink('/proc/self/ns/pid').catch(() => '');

/** Ticks since boot on Linux, a date elsewhere; `''` when there is no such process. */
async function processStartTime(pid: number): Promise<string> {
  if (process.platform !== 'linux') return ask('ps', ['-o', 'lstart=', '-p', String(pid)]);
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return startTimeOfStat(stat);
}

/** Field 22 of proc(5) stat. Field 2, the name, may hold spaces and brackets; a zombie is gone. */
export function startTimeOfStat(stat: string): string {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields[0] === 'Z' || fields[0] === 'X' ? '' : (fields[19] ?? '');
}

async function ask(program: string, args: readonly string[]): Promise<string> {
  const { stdout } = await execa(program, args, { timeout: ASK_MS, reject: false });
  return stdout?.trim() ?? '';
}
