// The night of 12 September 2025, played for real: processes, proxies, browsers, files.

import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Report } from '../../harness/model/report.ts';
import { ecranNoir, type CliResult } from '../support/cli.ts';
import { playRun, viewersOf } from '../support/playedRun.ts';

const NIGHT = 'scenarios/incidents/orange-2025-09-12.yaml';
/** Forty seconds of cut, with start and recovery; generous for a busy machine. */
const RUN_MS = 170_000;

let folder: string;
let result: CliResult;
let dir: string;
let report: Report;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ecran-noir-test-'));
  mkdirSync(join(folder, 'tmp'));
  const wishes = ['--compress', '60', '--runtime', 'processes'];
  const env = { TMPDIR: join(folder, 'tmp') };
  const run = { file: NIGHT, out: folder, wishes, timeoutMs: RUN_MS, env };
  ({ result, dir, report } = await playRun(run));
}, RUN_MS + 10_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the night of 12 September, sixty times as fast', () => {
  it('reproduces the incident and passes for it', () => {
    expect(report.expectations.map(({ text, verdict }) => [text, verdict])).toEqual(
      report.expectations.map(({ text }) => [text, 'pass']),
    );
    expect(report.verdict).toBe('pass');
    expect(result.exitCode).toBe(0);
  });

  it('counts every moment of every viewer exactly once', () => {
    for (const { id, ledger, sessionMs } of report.viewers)
      expect([id, Object.values(ledger).reduce((sum, ms) => sum + ms, 0)]).toEqual([id, sessionMs]);
  });

  it('blacks out every viewer for most of the cut, and the control not at all', () => {
    for (const viewer of viewersOf(report)) {
      expect(viewer.blackScreenMs).toBeGreaterThan(0.7 * 38_000);
      expect(viewer.interruptions.some(({ cause }) => cause?.includes('connect-maintenance'))).toBe(
        true,
      );
    }
    const control = report.viewers.find((viewer) => viewer.control);
    expect(control?.blackScreenMs).toBeLessThan(1_000);
  });

  it('gives the channels back in the order of the window', () => {
    const backAt = (channel: string) =>
      Math.min(
        ...viewersOf(report)
          .filter((viewer) => viewer.channel === channel)
          .map(({ interruptions }) => Math.max(...interruptions.map(({ toMs }) => toMs))),
      );
    expect(backAt('one')).toBeLessThan(backAt('two') + 2_000);
  });

  it('has a witness for every cut and every healing', () => {
    const proofs = report.faults.flatMap((fault) => fault.proofs);
    expect(proofs.filter(({ does }) => does === 'inject')).toHaveLength(4);
    expect(proofs.filter(({ does }) => does === 'heal')).toHaveLength(4);
    expect(proofs.filter(({ proven }) => !proven)).toEqual([]);
  });

  it('writes every file it names, pictures of the wall included', () => {
    for (const file of ['journal.ndjson', 'report.json', 'junit.xml', 'report.html']) {
      expect(statSync(join(dir, file)).size).toBeGreaterThan(1_000);
      expect(result.stdout).toContain(file);
    }
    for (const moment of ['before', 'during', 'after'])
      expect(statSync(join(dir, 'screenshots', `${moment}.png`)).size).toBeGreaterThan(5_000);
    expect(readdirSync(join(dir, 'logs'))).toContain('transcoder.one.log');
  });

  it('shows every viewer in the table at the end', () => {
    for (const { id } of report.viewers) expect(result.stdout).toContain(id);
  });

  it('judges the stored run again to the same bytes', async () => {
    const files = ['report.json', 'junit.xml', 'report.html'];
    const before = files.map((file) => readFileSync(join(dir, file), 'utf8'));
    const again = await ecranNoir(['report', dir]);
    expect(again.exitCode).toBe(0);
    expect(files.map((file) => readFileSync(join(dir, file), 'utf8'))).toEqual(before);
  });

  it('leaves no temporary folder', () => {
    const left = readdirSync(join(folder, 'tmp'));
    expect(left.filter((name) => name.startsWith('ecran-noir-'))).toEqual([]);
  });
});
