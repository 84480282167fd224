// Suites on a real Slurm with two nodes: shards give what one machine gives, and what is lost is named.

import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Suite } from '../../../harness/model/suite.ts';
import { ecranNoir } from '../../support/cli.ts';
import { contentOf } from '../../support/contentOf.ts';
import { disturbSuite } from '../../support/disturbSuite.ts';
import { fewDesigns } from '../../support/fewDesigns.ts';
import { cannotRunSlurm, startSlurm, type TestSlurm } from '../../support/slurm.ts';

const DRILLS = `${process.cwd()}/scenarios/drills`;
const NIGHT = `${process.cwd()}/scenarios/incidents/orange-2025-09-12.yaml`;
const SHORT = ['one-edge-lost', 'dead-players-404', 'sick-edge', 'reload-after-404'].map(
  (name) => `${DRILLS}/${name}.yaml`,
);
const VIRTUAL = ['--engine', 'virtual-player'];
const title = cannotRunSlurm === undefined ? '' : ` (not run: ${cannotRunSlurm})`;

describe.skipIf(cannotRunSlurm !== undefined)(`a suite on Slurm${title}`, () => {
  let slurm: TestSlurm;
  let cwd: string;
  beforeAll(async () => {
    slurm = await startSlurm();
    cwd = mkdtempSync(join(tmpdir(), 'ecran-noir-suite-'));
  }, 300_000);
  afterAll(async () => {
    await slurm[Symbol.asyncDispose]();
    rmSync(cwd, { recursive: true, force: true });
  });

  it('is the same in four shards on two nodes as on one machine, byte for byte', async () => {
    const call = (folder: string, ...args: string[]) => {
      mkdirSync(join(cwd, folder));
      const words = ['test', ...SHORT, ...VIRTUAL, '--viewers', '1', '--out', 'suite', ...args];
      return ecranNoir(words, { cwd: join(cwd, folder), env: slurm.env, timeoutMs: 110_000 });
    };
    const [one, four] = await Promise.all([
      call('one'),
      call('four', '--on', 'slurm', '--shards', '4'),
    ]);
    expect([one.exitCode, four.exitCode]).toEqual([0, 0]);
    expect(four.stderr).toMatch(/running on n1[^]*running on n2|running on n2[^]*running on n1/);
    expect(contentOf(join(cwd, 'four/suite'))).toEqual(contentOf(join(cwd, 'one/suite')));
    expect(await slurm.call('squeue', '-h')).toBe('');
  });

  it('searches in four shards as on one machine; a shard whose node fails is named', async () => {
    const folder = join(cwd, 'search');
    mkdirSync(folder);
    writeFileSync(join(folder, 'few.yaml'), fewDesigns());
    const words = ['search', 'few.yaml', '--agents', '500', '--workers', '1'];
    const on = ['--on', 'slurm', '--shards', '4'];
    const call = { cwd: folder, env: slurm.env, timeoutMs: 110_000 };
    const one = await ecranNoir([...words, '--out', 'one'], call);
    const four = await ecranNoir([...words, '--out', 'four', ...on], call);
    expect(four.exitCode, four.stderr).toBe(one.exitCode);
    const textsIn = (out: string) =>
      ['search.json', 'search.md', 'best.yaml'].map((name) => {
        const [file = ''] = globSync(`${out}/*/search/*/${name}`, { cwd: folder });
        return readFileSync(join(folder, file), 'utf8');
      });
    expect(textsIn('four')).toEqual(textsIn('one'));
    expect(globSync('four/*', { cwd: folder })).toEqual(['four/which-design-holds']);
    const lost = { words: [...words, '--out', 'lost', ...on], cwd: folder, env: slurm.env };
    const exitCode = await disturbSuite(lost, /running on n2/, () =>
      slurm.call('scontrol', 'update', 'nodename=n2', 'state=down', 'reason=test'),
    );
    expect(exitCode).toBe(2);
    expect(globSync('lost/*/search', { cwd: folder })).toEqual([]);
    expect(await slurm.call('squeue', '-h')).toBe('');
  });

  /** Plays a night in two shards, does something once one of them runs, and tells how it ended. */
  async function disturb(out: string, act: (interrupt: () => void) => unknown) {
    const words = ['test', NIGHT, ...VIRTUAL, '--viewers', '2', '--repeat', '2', '--out', out];
    const call = { words: [...words, '--on', 'slurm', '--shards', '2'], cwd, env: slurm.env };
    const exitCode = await disturbSuite(call, /running on n2/, act);
    const suite = JSON.parse(readFileSync(join(cwd, out, 'suite.json'), 'utf8')) as Suite;
    return { exitCode, suite };
  }

  it('names the shard whose node failed, and is inconclusive', async () => {
    const { exitCode, suite } = await disturb('lost', () =>
      slurm.call('scontrol', 'update', 'nodename=n2', 'state=down', 'reason=test'),
    );
    await slurm.call('scontrol', 'update', 'nodename=n2', 'state=resume');
    expect(exitCode).toBe(2);
    const known = [...suite.results, ...suite.leftOut].map(({ key }) => key);
    expect(known.toSorted()).toEqual(suite.planned);
    expect(suite.findings).toContainEqual(
      expect.objectContaining({
        text: expect.stringMatching(/^shard \d of 2 was lost: its node failed/),
      }),
    );
  });

  it('takes its shards away when it is interrupted, and exits with 130', async () => {
    const { exitCode, suite } = await disturb('interrupted', (interrupt) => interrupt());
    expect(exitCode).toBe(130);
    expect(suite.leftOut).toHaveLength(2);
    expect(await slurm.call('squeue', '-h', '-t', 'running,pending')).toBe('');
  });

  it.each([
    [{ SBATCH_PARTITION: 'nowhere' }, 69, /sbatch refuses: .*invalid partition/],
    [{ PATH: '/nowhere' }, 69, /sbatch is not installed/],
  ])('says why nothing could be submitted: %j', async (env, exitCode, said) => {
    const args = ['test', NIGHT, ...VIRTUAL, '--on', 'slurm', '--shards', '2', '--out', 'refused'];
    const done = await ecranNoir(args, { cwd, env: { ...slurm.env, ...env } });
    expect(done).toMatchObject({ exitCode, stderr: expect.stringMatching(said) });
  });
});
