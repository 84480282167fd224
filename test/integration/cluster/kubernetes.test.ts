// Suites and searches on a stand-in for Kubernetes: its pods are processes here that play the
// manifest's command. No API server is at hand; the manifest is held against the published schema
// (test/unit/cluster).

import { cpSync, globSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Suite } from '../../../harness/model/suite.ts';
import { ecranNoir } from '../../support/cli.ts';
import { contentOf } from '../../support/contentOf.ts';
import { disturbSuite } from '../../support/disturbSuite.ts';
import { makeScenarioFolder } from '../../support/scenarioFolder.ts';
import { startKubernetes, type TestKubernetes } from '../../support/kubernetesApi.ts';

const SHORT = ['one-edge-lost', 'sick-edge'].map((name) => `scenarios/drills/${name}.yaml`);
const NIGHT = 'scenarios/incidents/orange-2025-09-12.yaml';
const VIRTUAL = ['--engine', 'virtual-player', '--viewers', '1'];

let cwd: string;
let api: TestKubernetes;
beforeEach(async () => {
  cwd = makeScenarioFolder();
  symlinkSync(join(process.cwd(), 'harness/cli/launch.js'), join(cwd, 'ecran-noir'));
  api = await startKubernetes(cwd);
});
afterEach(async () => {
  await api[Symbol.asyncDispose]();
  rmSync(cwd, { recursive: true, force: true, maxRetries: 5 });
});

const onKubernetes = (shards: number): readonly string[] => [
  ...['--on', 'kubernetes', '--image', 'registry.test/suite:7', '--shards', String(shards)],
  ...['--collect-at', 'http://127.0.0.1:0', '--out', 'suite'],
];

const container = (state: object) => ({ containerStatuses: [{ name: 'shard', state } as never] });
const EVICTED = { phase: 'Failed', reason: 'Evicted', message: 'The node was low on memory' };

/** Out of memory, an image that cannot be had, a node that is gone, and a quota that is used up. */
function loseFour({ fates }: TestKubernetes): void {
  const killed = container({ terminated: { exitCode: 137, reason: 'OOMKilled' } });
  const unpulled = container({ waiting: { reason: 'ImagePullBackOff', message: 'no such image' } });
  const lost = { type: 'DisruptionTarget', status: 'True', message: 'node not ready' };
  fates
    .set(0, { status: { phase: 'Failed', ...killed } })
    .set(1, { status: { phase: 'Pending', ...unpulled } })
    .set(2, { status: { phase: 'Running', conditions: [lost] }, deletionTimestamp: new Date(0) })
    .set(3, 'none');
}

/** The reasons that must be told of these four within `--time-limit 3s`. */
const LOST_FOUR = [
  'OOMKilled: exit code 137 (last words)',
  'ImagePullBackOff: no such image (last words)',
  'its pod is taken away: node not ready (last words)',
  'it had not ended within the 3s of --time-limit (pods "x" is forbidden: exceeded quota: compute)',
];

const call = (words: readonly string[], env = api.env, dir = cwd) =>
  ecranNoir(['test', ...VIRTUAL, ...words], { cwd: dir, env, timeoutMs: 110_000 });
const readSuite = () => JSON.parse(readFileSync(join(cwd, 'suite/suite.json'), 'utf8')) as Suite;

it('gives in two shards what one machine gives, byte for byte', async () => {
  const other = makeScenarioFolder();
  const [one, two] = await Promise.all([
    call([...SHORT, '--out', 'suite'], {}, other),
    call([...SHORT, ...onKubernetes(2)]),
  ]);
  expect([one.exitCode, two.exitCode], two.stderr).toEqual([0, 0]);
  expect(contentOf(join(cwd, 'suite'))).toEqual(contentOf(join(other, 'suite')));
  expect(api.listJobs()).toEqual([]);
  rmSync(other, { recursive: true });
});

it('is inconclusive where the image has another scenario of that name', async () => {
  const file = join(cwd, SHORT[0]!);
  rmSync(join(cwd, 'scenarios'));
  cpSync('scenarios', join(cwd, 'scenarios'), { recursive: true });
  api.onPlay = () => writeFileSync(file, readFileSync(file, 'utf8').replace(/^title: /m, '$&Old '));
  expect(await call([SHORT[0]!, ...onKubernetes(1)])).toMatchObject({ exitCode: 2 });
  expect(readSuite().findings.map(({ text }) => text)).toEqual([
    'shard 1 played one-edge-lost by another plan than is here',
  ]);
});

it('names every shard that is lost, with its reason', async () => {
  loseFour(api);
  const words = [NIGHT, '--repeat', '4', '--time-limit', '3s', ...onKubernetes(4)];
  expect(await call(words)).toMatchObject({ exitCode: 2 });
  const { findings, leftOut, planned } = readSuite();
  expect(leftOut.map(({ key }) => key)).toEqual(planned);
  expect(findings.map(({ text }) => text)).toEqual(
    LOST_FOUR.map((reason, at) => `shard ${at + 1} of 4 was lost: ${reason}`),
  );
});

it('takes its job away when it is interrupted, and exits with 130', async () => {
  const words = ['test', NIGHT, ...VIRTUAL, '--repeat', '2', ...onKubernetes(2)];
  const exitCode = await disturbSuite({ words, cwd, env: api.env }, /2\/2. running/, (end) =>
    end(),
  );
  expect(exitCode).toBe(130);
  expect(api.listJobs()).toEqual([]);
  expect(readSuite().leftOut).toHaveLength(2);
});

it('says why nothing could be submitted', async () => {
  const words = [NIGHT, ...onKubernetes(1)];
  api.refusal = { code: 403, message: 'jobs.batch is forbidden: User "me" cannot create' };
  const refused = await call(words);
  expect(refused).toMatchObject({ exitCode: 69 });
  expect(refused.stderr).toMatch(/Kubernetes refuses \(403\): jobs.batch is forbidden: User "me"/);
  const unreachable = await call(words, { KUBECONFIG: join(cwd, 'nowhere') });
  expect(unreachable).toMatchObject({ exitCode: 69 });
  expect(unreachable.stderr).toMatch(/no Kubernetes: .*nowhere/);
});

describe('a search', () => {
  const LIMIT = ['--limit', 'p99(blackScreen) < 5s', '--agents', '300', '--workers', '1'];
  const search = (words: readonly string[], env = api.env, dir = cwd) =>
    ecranNoir(['search', NIGHT, ...LIMIT, ...words], { cwd: dir, env, timeoutMs: 110_000 });
  const filesIn = (dir: string) => globSync('suite/**/*.*', { cwd: dir });

  it('finds in two shards what one machine finds, byte for byte', async () => {
    const other = makeScenarioFolder();
    const [one, two] = await Promise.all([
      search(['--out', 'suite'], {}, other),
      search(onKubernetes(2)),
    ]);
    expect(two.exitCode, two.stderr).toBe(one.exitCode);
    const textsIn = (dir: string) =>
      ['search.json', 'search.md', 'best.yaml'].map((name) => {
        const [file = ''] = globSync(`suite/*/search/*/${name}`, { cwd: dir });
        return readFileSync(join(dir, file), 'utf8');
      });
    expect(textsIn(cwd)).toEqual(textsIn(other));
    expect([api.listJobs(), globSync('suite/*', { cwd })]).toEqual([
      [],
      ['suite/orange-2025-09-12'],
    ]);
    rmSync(other, { recursive: true });
  });

  it('is inconclusive and writes nothing where shards are lost, and names each', async () => {
    loseFour(api);
    const lost = await search(['--time-limit', '3s', ...onKubernetes(4)]);
    expect(lost.exitCode, lost.stderr).toBe(2);
    for (const [at, reason] of LOST_FOUR.entries())
      expect(lost.stdout).toContain(`shard ${at + 1} of 4 was lost: ${reason}`);
    expect([api.listJobs(), globSync('suite/*', { cwd })]).toEqual([[], []]);
  });

  it('keeps what came back beside a shard that is lost, named with the way to mend it', async () => {
    api.fates.set(1, { status: EVICTED });
    const half = await search(onKubernetes(2));
    expect(half.exitCode, half.stderr).toBe(2);
    expect(half.stdout).toContain('shard 2 of 2 was lost: Evicted: The node was low on memory');
    const [part = ''] = filesIn(cwd);
    expect(part).toMatch(/-search-shards\/1\/orange-2025-09-12.search-1-of-2.json$/);
    const again = await search(['--shard', '2/2', '--out', 'again'], {});
    const merged = await ecranNoir(['merge', 'suite', 'again', '--out', 'joined'], { cwd });
    // It has one design, which does not hold.
    expect([again.exitCode, merged.exitCode], merged.stderr).toEqual([0, 1]);
  });

  it('says what the cluster refuses, and leaves no folder', async () => {
    api.refusal = { code: 403, message: 'jobs.batch "x" is forbidden: exceeded quota: jobs' };
    const refused = await search(onKubernetes(2));
    expect(refused).toMatchObject({ exitCode: 69 });
    expect(refused.stderr).toMatch(/Kubernetes refuses \(403\): .*exceeded quota: jobs/);
    expect(globSync('suite/*', { cwd })).toEqual([]);
  });
});
