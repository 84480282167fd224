// Every bad input ends with one clear error, its exit code, and nothing left behind.

import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ecranNoir, type CliOptions, type CliResult } from '../../support/cli.ts';
import { folderForEach } from '../../support/folders.ts';

const NIGHT = 'scenarios/incidents/orange-2025-09-12.yaml';

let folder: string;
folderForEach((path) => (folder = path));

const scenario = (more: string): string => {
  const file = join(folder, 'bad.yaml');
  writeFileSync(file, `name: bad\ntitle: A bad one\nkind: drill\ndesign: single-access\n${more}\n`);
  return file;
};

const run = (args: readonly string[], options?: CliOptions): Promise<CliResult> =>
  ecranNoir(['run', ...args, '--runtime', 'processes', '--out', join(folder, 'runs')], options);

/** One error and nothing written. */
function expectRefused(result: CliResult, exitCode: number, ...parts: readonly string[]): void {
  for (const part of parts) expect(result.stderr).toContain(part);
  expect(result.stderr.match(/^error /gm)).toHaveLength(1);
  expect(result.stderr).toContain('hint');
  expect(result.exitCode).toBe(exitCode);
  expect(existsSync(join(folder, 'runs'))).toBe(false);
}

describe('bad input', () => {
  it('a missing file', async () => {
    expectRefused(await run([join(folder, 'nowhere.yaml')]), 64, 'nowhere.yaml');
  });

  it('broken YAML', async () => {
    expectRefused(await run([scenario('viewers: {count: 6')]), 64, 'bad.yaml:6:', 'end with a }');
  });

  it('an unknown design', async () => {
    const file = scenario('').replace('bad.yaml', 'other.yaml');
    writeFileSync(file, 'name: bad\ntitle: Bad\nkind: drill\ndesign: singel-access\n');
    expectRefused(await run([file]), 64, 'singel-access', 'single-access');
  });

  it('a mistyped key, with a suggestion', async () => {
    expectRefused(await run([scenario('viewrs: {count: 6}')]), 64, 'viewrs', 'viewers');
  });

  it('no viewers, in the file and on the command line', async () => {
    expectRefused(await run([scenario('viewers: {count: 0}')]), 64, 'viewers.count');
    expectRefused(await run([NIGHT, '--viewers', '0']), 64, '--viewers 0');
  });

  it('more viewers than the machine can show, with the limit and the reason', async () => {
    expectRefused(await run([NIGHT, '--viewers', '10000']), 64, '10000', 'cores');
  });

  it('a fault on a link that is not there, with the links that are', async () => {
    const file = scenario('faults: [{name: cut, at: 0s, for: 1m, cut: hold, links: [conect-up]}]');
    expectRefused(await run([file]), 64, 'conect-up', 'connect-up');
  });

  it('a window that ends before it starts', async () => {
    const work = '{at: 0s, for: -5m, cut: hold, links: [connect-up]}';
    const file = scenario(`windows: [{name: w, owner: me, work: ${work}}]`);
    expectRefused(await run([file]), 64, 'bad.yaml:5:');
  });

  it('an expectation that does not parse', async () => {
    expectRefused(await run([scenario('expect: [p95(blackscreen) <= 2s]')]), 64, 'blackScreen');
  });

  it('every error at once', async () => {
    const result = await run([scenario('viewrs: {}\nsteady: {hold: soon}\nexpect: [nonsense]')]);
    expectRefused(result, 64, 'viewrs', 'soon', 'nonsense');
  });

  it('a wall over several machines that cannot be', async () => {
    const at = (...words: string[]) => run([NIGHT, ...words]);
    const HERE = '--wall-listen=127.0.0.1:0';
    expectRefused(await at(HERE), 64, '--wall-workers N');
    const nobody = await at('--wall-workers=2', HERE, '--wall-wait=1');
    for (const part of ['ecran-noir viewers --join http://127.0.0.1:', 'waited 1 s for 2 workers'])
      expect(nobody.stderr).toContain(part);
    expect(nobody.exitCode).toBe(69);
    expect(existsSync(join(folder, 'runs'))).toBe(false);
  });

  it('a worker that cannot join', async () => {
    const viewers = (...words: string[]) => ecranNoir(['viewers', ...words]);
    const NOBODY = '--join=http://127.0.0.1:9';
    expectRefused(await viewers(NOBODY), 64, '--token');
    expectRefused(await viewers(NOBODY, '--token=x', '--count=1000'), 64, '--count 1000');
    expectRefused(await viewers(NOBODY, '--token=x'), 69, 'no run waits', 'ECONNREFUSED');
  });

  it('an unknown command and an unknown option', async () => {
    expect(await ecranNoir(['rehearse'])).toMatchObject({ exitCode: 64 });
    expect(await ecranNoir(['plan', NIGHT, '--compres', '60'])).toMatchObject({ exitCode: 64 });
  });

  it('no browser', async () => {
    const result = await run([NIGHT], { env: { CHROME_PATH: '/nowhere/chromium' } });
    expectRefused(result, 69, 'chromium', 'ecran-noir setup');
  });

  it('an ffmpeg without libx264', async () => {
    const ffmpeg = join(folder, 'ffmpeg');
    writeFileSync(ffmpeg, '#!/bin/sh\necho " A..... aac AAC"\n');
    chmodSync(ffmpeg, 0o755);
    const result = await run([NIGHT], { env: { ECRAN_NOIR_FFMPEG: ffmpeg } });
    expectRefused(result, 69, 'libx264', ffmpeg);
  });

  it('containers without an engine, or with one that does not answer', async () => {
    const args = ['run', NIGHT, '--runtime', 'containers', '--out', join(folder, 'runs')];
    const at = (host: string) => ecranNoir(args, { env: { DOCKER_HOST: host } });
    const none = await at(`unix://${folder}/none.sock`);
    expectRefused(none, 69, 'ENGINE_UNAVAILABLE', 'none.sock', '--runtime processes');
    const refusing = await at('tcp://127.0.0.1:1');
    expectRefused(refusing, 69, 'ENGINE_UNAVAILABLE', 'tcp://127.0.0.1:1', '--runtime processes');
  });

  it('a folder with no room, before anything is started', async () => {
    const small = join(folder, 'small');
    mkdirSync(small);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', small]);
    try {
      const result = await ecranNoir(['run', NIGHT, '--runtime', 'processes', '--out', small]);
      expect(result).toMatchObject({ exitCode: 74 });
      expect(result.stderr).toContain('100 MB');
      expect(readdirSync(join(small, 'orange-2025-09-12'))).toEqual([]);
    } finally {
      execFileSync('umount', [small]);
    }
  });

  it('a journal that is not there, or is damaged', async () => {
    expect(await ecranNoir(['report', folder])).toMatchObject({ exitCode: 64 });
    writeFileSync(join(folder, 'journal.ndjson'), '{"type":"run"\n{"type":"end"}\n');
    const result = await ecranNoir(['report', folder]);
    expect(result.exitCode).toBe(64);
    expect(result.stderr).toContain('journal');
  });
});
