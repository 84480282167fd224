// A search from the command line: one worker or two give the same bytes, the best can be played, and
// Ctrl-C leaves nothing.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { SearchResult } from '../../../harness/model/search.ts';
import { loadScenario } from '../../../harness/scenario/load.ts';
import { ecranNoir, MAIN } from '../../support/cli.ts';
import { fewDesigns } from '../../support/fewDesigns.ts';
import { folderForEach } from '../../support/folders.ts';

const FILE = `${process.cwd()}/scenarios/drills/which-design-holds.yaml`;
const INCIDENT = `${process.cwd()}/scenarios/incidents/orange-2025-09-12.yaml`;

let folder: string;
folderForEach((path) => (folder = path));

const LIMIT = ['--limit', 'p99(blackScreen) < 5s'];

describe('a search from the command line', () => {
  it('is the same with one worker and with two, and writes the best as a scenario', async () => {
    const search = ['search', INCIDENT, '--killer', '--longest', '1m', '--agents', '300', ...LIMIT];
    const found = await Promise.all(
      ['1', '2'].map((workers) =>
        ecranNoir([...search, '--workers', workers, '--out', workers], { cwd: folder }),
      ),
    );
    expect(found.map(({ exitCode }) => exitCode)).toEqual([1, 1]);
    const textOf = (out: string, name: string) =>
      readFileSync(join(folder, globSync(`${out}/**/${name}`, { cwd: folder })[0]!), 'utf8');
    for (const name of ['search.json', 'search.md', 'best.yaml'])
      expect(textOf('2', name)).toBe(textOf('1', name));
    const result = JSON.parse(textOf('1', 'search.json')) as SearchResult;
    const [killer] = result.nearest[0]!.killers!;
    expect(killer!.killsMs).toBeGreaterThan(2_000);
    expect(killer!.killsMs).toBeLessThan(20_000);
    const [best] = globSync('1/**/best.yaml', { cwd: folder });
    const scenario = await loadScenario(join(folder, best!));
    expect(scenario.expectations.map(({ text }) => text)).toEqual([LIMIT[1]]);
  });

  it('in four shards is the same as on one machine; what is no whole is named, and writes nothing', async () => {
    const call = ['search', 'few.yaml', '--agents', '500', '--workers', '1'];
    writeFileSync(join(folder, 'few.yaml'), fewDesigns());
    const search = (...words: readonly string[]) => ecranNoir([...call, ...words], { cwd: folder });
    const merge = (out: string, ...dirs: readonly string[]) =>
      ecranNoir(['merge', ...dirs, '--out', out, '--workers', '1'], { cwd: folder });
    const shards = ['1', '2', '3', '4'];
    const [whole, other, ...parts] = await Promise.all([
      search('--out', 'whole'),
      search('--shard', '2/4', '--seed', '9', '--out', 'other'),
      ...shards.map((i) => search('--shard', `${i}/4`, '--out', `parts/${i}`)),
    ]);
    expect([other.exitCode, ...parts.map(({ exitCode }) => exitCode)]).toEqual([0, 0, 0, 0, 0]);
    const merged = await merge('merged', 'parts');
    expect(merged.exitCode).toBe(whole.exitCode);
    const [wholeDir] = globSync('whole/*/search/*', { cwd: folder });
    for (const name of ['search.json', 'search.md', 'best.yaml'])
      expect(readFileSync(join(folder, 'merged', name), 'utf8')).toBe(
        readFileSync(join(folder, wholeDir!, name), 'utf8'),
      );
    cpSync(join(folder, 'parts/2'), join(folder, 'again'), { recursive: true });
    const broken = await Promise.all([
      merge('no', 'parts/1', 'parts/2', 'parts/4'),
      merge('no', 'parts', 'again'),
      merge('no', 'parts/1', 'other', 'parts/3', 'parts/4'),
    ]);
    expect(broken.map(({ exitCode }) => exitCode)).toEqual([2, 2, 2]);
    expect(broken[0].stdout).toContain('shard 3 of 4 is missing [shard-missing]');
    expect(broken[1].stdout).toMatch(/shard 2 of 4 is there 2 times: .*\[shard-twice\]/);
    expect(broken[2].stdout).toMatch(/has seed 9, .* has of the scenario/);
    writeFileSync(join(folder, 'few.yaml'), fewDesigns().replace('{ 2s: 3,', '{ 2s: 4,'));
    const changed = await merge('no', 'parts');
    expect([changed.exitCode, changed.stdout]).toEqual([
      2,
      expect.stringContaining('few.yaml was another when it was searched'),
    ]);
    expect(existsSync(join(folder, 'no'))).toBe(false);
  });

  it('refuses a limit that cannot be read, and an audience of nobody', async () => {
    const refused = await Promise.all([
      ecranNoir(['search', FILE, '--limit', 'p99(blackScreen) < soon'], { cwd: folder }),
      ecranNoir(['search', FILE, '--audience', '0'], { cwd: folder }),
      ecranNoir(['search', INCIDENT], { cwd: folder }),
    ]);
    expect(refused.map(({ exitCode }) => exitCode)).toEqual([64, 64, 64]);
    expect(refused[0].stderr).toContain('expected a value such as 2s');
    expect(refused[1].stderr).toContain('--audience 0: expected a whole number from 1');
    expect(refused[2].stderr).toContain('says no limit that a design must keep');
  });

  it('ends at Ctrl-C with 130, and writes nothing', async () => {
    writeFileSync(join(folder, 'few.yaml'), fewDesigns());
    const words = ['search', 'few.yaml', '--agents', '20000', '--out', 'out'];
    const child = spawn(process.execPath, [MAIN, ...words], {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const ended = once(child, 'exit');
    for await (const text of child.stderr)
      if (/16 designs, \d+ agents each/.test(String(text))) break;
    child.kill('SIGINT');
    expect(await ended).toEqual([130, null]);
    expect(existsSync(join(folder, 'out'))).toBe(false);
  });
});
