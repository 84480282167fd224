// A larger share of the processor for the sessions of the measuring instruments.

import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { preferSession, runAtOnce, runningAtOnce } from '../../../harness/kernel/priority.ts';

let proc: string;

beforeEach(async () => {
  proc = await mkdtemp(join(tmpdir(), 'ecran-noir-proc-'));
});

afterEach(() => rm(proc, { recursive: true }));

it('is asked for where the browser has a session of its own', async () => {
  await group('self', '/autogroup-7 nice 0\n');
  await group('41', '/autogroup-8 nice 0\n');
  expect(await preferSession(41, proc)).toBe(true);
  expect(await readFile(join(proc, '41', 'autogroup'), 'utf8')).toBe('-10');
});

it('is not asked for where the browser shares the session of the harness', async () => {
  await group('self', '/autogroup-7 nice 0\n');
  await group('41', '/autogroup-7 nice 0\n');
  expect(await preferSession(41, proc)).toBe(false);
  expect(await readFile(join(proc, '41', 'autogroup'), 'utf8')).toBe('/autogroup-7 nice 0\n');
});

it('is not there on other systems, and that is no error', async () => {
  expect(await preferSession(41, proc)).toBe(false);
});

it('of this process is asked of the kernel once, and taken back with the last that wants it', async () => {
  const asked: string[] = [];
  const run = async (program: string, args: readonly string[]) =>
    void asked.push([program, ...args].join(' '));
  const inner = () => runningAtOnce(() => Promise.resolve(5), run);
  expect(await runningAtOnce(inner, run)).toBe(5);
  const { pid } = process;
  expect(asked).toEqual([
    `chrt --rr --reset-on-fork --pid 1 ${pid}`,
    `chrt --other --pid 0 ${pid}`,
  ]);
});

it('of a process alone may not be had, and that is no error', async () => {
  const refuse = () => Promise.reject(new Error('not permitted'));
  expect(await runAtOnce(41, refuse)).toBe(false);
});

async function group(process: string, text: string): Promise<void> {
  await mkdir(join(proc, process));
  await writeFile(join(proc, process, 'autogroup'), text);
}
