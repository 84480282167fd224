// A search from the command line: one worker or two give the same bytes, the best can be played, and
// Ctrl-C leaves nothing.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SearchResult } from '../../../harness/model/search.ts';
import { loadScenario } from '../../../harness/scenario/load.ts';
import { ecranNoir, MAIN } from '../../support/cli.ts';

const FILE = `${process.cwd()}/scenarios/drills/which-design-holds.yaml`;
const INCIDENT = `${process.cwd()}/scenarios/incidents/orange-2025-09-12.yaml`;

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'ecran-noir-search-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

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
    const child = spawn(process.execPath, [MAIN, 'search', FILE, '--out', 'out'], {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const ended = once(child, 'exit');
    for await (const text of child.stderr) if (/400 agents each/.test(String(text))) break;
    child.kill('SIGINT');
    expect(await ended).toEqual([130, null]);
    expect(existsSync(join(folder, 'out'))).toBe(false);
  });
});
