// Suites from the command line, by virtual players: shards in processes of their own give what one
// machine gives, and what ends a suite early still writes it.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Suite } from '../../../harness/model/suite.ts';
import { ecranNoir, MAIN } from '../../support/cli.ts';
import { contentOf } from '../../support/contentOf.ts';
import { folderForEach } from '../../support/folders.ts';

const DRILLS = `${process.cwd()}/scenarios/drills`;
const VIRTUAL = ['--engine', 'virtual-player', '--viewers', '1', '--quiet'];

let folder: string;
folderForEach((path) => (folder = path));

const suiteIn = (dir: string) =>
  JSON.parse(readFileSync(join(folder, dir, 'suite.json'), 'utf8')) as Suite;

describe('a suite from the command line', () => {
  it.each([
    ['virtual-player', ['one-edge-lost', 'reload-after-404']],
    ['agents', ['../incidents/orange-2025-09-12', 'reload-after-404']],
  ])('is the same in shards as on one machine, byte for byte: %s', async (engine, names) => {
    const scenarios = names.map((name) => `${DRILLS}/${name}.yaml`);
    const played = ['--engine', engine, '--viewers', '1', '--quiet'];
    const [one, two] = ['one', 'two'].map((name) => join(folder, name));
    for (const cwd of [one!, two!]) mkdirSync(cwd);
    const call = (cwd: string, ...args: string[]) => ecranNoir(args, { cwd });
    const done = await Promise.all([
      call(one!, 'test', ...scenarios, ...played, '--out', 'suite'),
      ...[1, 2].map((n) =>
        call(two!, 'test', ...scenarios, ...played, '--shard', `${n}/2`, '--out', `shards/${n}`),
      ),
    ]);
    expect(done.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0]);
    expect(await call(two!, 'merge', 'shards', '--out', 'suite')).toMatchObject({ exitCode: 0 });
    const merged = contentOf(join(two!, 'suite'));
    expect(merged.map(([file]) => file)).toContain('runs/reload-after-404/journal.ndjson');
    expect(merged).toEqual(contentOf(join(one!, 'suite')));

    const half = await call(two!, 'merge', 'shards/2', '--out', 'half');
    expect(half).toMatchObject({
      exitCode: 2,
      stdout: expect.stringContaining('shard 1 of 2 is missing'),
    });
    expect(await call(two!, 'merge', 'shards', '--out', 'suite')).toMatchObject({ exitCode: 64 });
  });

  it('writes what there is when it is interrupted, and exits with 130', async () => {
    const args = [
      'test',
      `${DRILLS}/one-edge-lost.yaml`,
      `${DRILLS}/../incidents/orange-2025-09-12.yaml`,
    ];
    const child = spawn(
      process.execPath,
      [MAIN, ...args, '--engine', 'virtual-player', '--out', 'suite'],
      {
        cwd: folder,
        stdio: ['ignore', 'ignore', 'pipe'],
      },
    );
    const ended = once(child, 'exit');
    for await (const text of child.stderr) if (/\[2\/2\] orange/.test(String(text))) break;
    child.kill('SIGINT');
    expect(await ended).toEqual([130, null]);
    const { verdict, results } = suiteIn('suite');
    expect(verdict).toBe('inconclusive');
    expect(results.map((each) => each.verdict)).toEqual(['pass', 'inconclusive']);
  });

  it('takes its options from a file, says what is wrong in it and where, and what it left out', async () => {
    const config = join(folder, 'ecran-noir.config.yaml');
    const files = `files: ['${DRILLS}']\n`;
    writeFileSync(
      config,
      `${files}engine: virtual-player\ngrep: one\nretries: many\nreporters: [pdf]\n`,
    );
    expect(await ecranNoir(['test'], { cwd: folder })).toMatchObject({
      exitCode: 64,
      stderr: expect.stringMatching(
        /config\.yaml:3:1 .*unknown key grep[^]*config\.yaml:4:10 .*retries[^]*config\.yaml:5:13 .*one of json, junit/,
      ),
    });
    writeFileSync(
      config,
      `${files}engine: virtual-player\nviewers: 3\nwithin: 900ms\nout: here\nreporters: [junit]\n`,
    );
    const { exitCode, stdout } = await ecranNoir(['test', '--grep', 'one-edge-lost'], {
      cwd: folder,
    });
    expect(exitCode).toBe(2);
    expect(stdout).toContain('one-edge-lost: left out, it did not fit into the time of --within');
    expect(readdirSync(join(folder, 'here')).toSorted()).toEqual(['junit.xml', 'suite.json']);
    expect(suiteIn('here').choices).toEqual({ engine: 'virtual-player', compress: 1, viewers: 3 });

    const program = join(folder, 'ecran-noir.config.ts');
    writeFileSync(
      program,
      `export default { files: ['${DRILLS}'], viewers: 'many' } satisfies object;`,
    );
    expect(await ecranNoir(['test'], { cwd: folder })).toMatchObject({
      exitCode: 64,
      stderr: expect.stringContaining('both ecran-noir.config.yaml and ecran-noir.config.ts'),
    });
    rmSync(config);
    expect(await ecranNoir(['test'], { cwd: folder })).toMatchObject({
      exitCode: 64,
      stderr: expect.stringMatching(/config\.ts, its default export\n +viewers: expected/),
    });
    writeFileSync(program, 'export default {\n  files: [\n');
    expect(await ecranNoir(['test'], { cwd: folder })).toMatchObject({
      exitCode: 64,
      stderr: expect.stringMatching(/ecran-noir\.config\.ts:2 cannot be loaded/),
    });
    writeFileSync(
      program,
      `const tag: string[] = ['nobody']; export default { files: ['${DRILLS}'], tag };`,
    );
    const { stderr } = await ecranNoir(['test'], { cwd: folder });
    expect(stderr).toMatch(/none of \d+ scenarios is chosen/);
  });

  it.each([
    [['--shard', '0/0'], /--shard 0\/0/],
    [['--within', 'soon'], /--within soon/],
    [['--reporters', 'junit,pdf'], /--reporters pdf: expected some of json, junit/],
    [['--grep', '['], /--grep \[/],
    [['--tag', 'nobody-has-it'], /none of \d+ scenarios is chosen/],
    [['nowhere'], /nowhere: no scenario is there/],
    [['--only-changed', 'nowhere'], /git knows no such commit/],
  ])('refuses %j', async (args, said) => {
    const call = ['test', ...(args[0] === 'nowhere' ? [] : [DRILLS]), ...args, ...VIRTUAL];
    const { exitCode, stderr } = await ecranNoir(call, { cwd: folder });
    expect(exitCode).toBe(64);
    expect(stderr).toMatch(said);
  });
});
