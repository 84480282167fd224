// A larger share of the processor for the sessions of the measuring instruments.

import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { preferringOwnSession, preferSession } from '../../../harness/kernel/priority.ts';

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

it('is asked for the session of the harness while it works, and given back', async () => {
  await group('self', '/autogroup-7 nice 3\n');
  await preferringOwnSession(async () => expect(await ownNice()).toBe('-10'), proc);
  expect(await ownNice()).toBe('3');
});

it('is given back when the work fails', async () => {
  await group('self', '/autogroup-7 nice 3\n');
  const failing = preferringOwnSession(() => Promise.reject(new Error('no luck')), proc);
  await expect(failing).rejects.toThrow('no luck');
  expect(await ownNice()).toBe('3');
});

it('is left as it is where somebody has asked for it already', async () => {
  await group('self', '/autogroup-7 nice -12\n');
  await preferringOwnSession(() => Promise.resolve(), proc);
  expect(await ownNice()).toBe('/autogroup-7 nice -12\n');
});

it('is not there for the session of the harness on other systems either', async () => {
  expect(await preferringOwnSession(() => Promise.resolve(5), proc)).toBe(5);
});

const ownNice = () => readFile(join(proc, 'self', 'autogroup'), 'utf8');

async function group(process: string, text: string): Promise<void> {
  await mkdir(join(proc, process));
  await writeFile(join(proc, process, 'autogroup'), text);
}
