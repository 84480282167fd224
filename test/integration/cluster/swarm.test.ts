// Suites on the Docker Swarm of a real engine: shards in containers give what one machine gives, and
// what is lost is named.

import { once } from 'node:events';
import { globSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Suite } from '../../../harness/model/suite.ts';
import { ecranNoir } from '../../support/cli.ts';
import { contentOf } from '../../support/contentOf.ts';
import { disturbSuite } from '../../support/disturbSuite.ts';
import { makeScenarioFolder } from '../../support/scenarioFolder.ts';
import { makeSuiteImage } from '../../support/suiteImage.ts';
import { cannotRunSwarm, docker, startSwarm } from '../../support/swarm.ts';

const SHORT = ['one-edge-lost', 'dead-players-404', 'sick-edge', 'reload-after-404'].map(
  (name) => `scenarios/drills/${name}.yaml`,
);
const NIGHT = 'scenarios/incidents/orange-2025-09-12.yaml';
const FORBIDDEN = '{"message":"only operators make services here"}';
const VIRTUAL = ['--engine', 'virtual-player'];
const title = cannotRunSwarm === undefined ? '' : ` (not run: ${cannotRunSwarm})`;

describe.skipIf(cannotRunSwarm !== undefined)(`a suite on Docker Swarm${title}`, () => {
  let cwd: string;
  let other: string;
  let image: string;
  let swarm: AsyncDisposable;
  beforeAll(async () => {
    [cwd, other] = [makeScenarioFolder(), makeScenarioFolder()];
    [image, swarm] = await Promise.all([makeSuiteImage(), startSwarm()]);
  }, 300_000);
  afterAll(async () => {
    await swarm[Symbol.asyncDispose]();
    await docker('image', 'rm', '--force', image);
    for (const dir of [cwd, other]) rmSync(dir, { recursive: true, force: true });
  });
  const onSwarm = (shards: number, name = image): readonly string[] => [
    ...['--on', 'swarm', '--shards', String(shards), '--image', name],
  ];
  const readSuite = (out: string) =>
    JSON.parse(readFileSync(join(cwd, out, 'suite.json'), 'utf8')) as Suite;
  const textsOf = (suite: Suite) => suite.findings.map(({ text }) => text);

  it('names an image that a node does not have', async () => {
    const args = ['test', NIGHT, ...VIRTUAL, '--out', 'missing', ...onSwarm(1, '127.0.0.1:9/no:1')];
    const { exitCode } = await ecranNoir(args, { cwd, timeoutMs: 110_000 });
    expect(exitCode).toBe(2);
    expect(textsOf(readSuite('missing')).join()).toMatch(/No such image: 127.0.0.1:9\/no:1/);
  });

  it('is the same in four shards as on one machine, byte for byte', async () => {
    const call = (dir: string, ...args: readonly string[]) => {
      const words = ['test', ...SHORT, ...VIRTUAL, '--viewers', '1', '--out', 'suite', ...args];
      return ecranNoir(words, { cwd: dir, timeoutMs: 110_000 });
    };
    const [one, four] = await Promise.all([call(other), call(cwd, ...onSwarm(4))]);
    expect([one.exitCode, four.exitCode], four.stderr).toEqual([0, 0]);
    expect(contentOf(join(cwd, 'suite'))).toEqual(contentOf(join(other, 'suite')));
    expect(await docker('service', 'ls', '-q')).toBe('');
  });

  it('searches in shards as on one machine, one of them with nothing to play', async () => {
    const limit = ['--limit', 'p99(blackScreen) < 5s', '--agents', '300', '--workers', '1'];
    const search = (dir: string, ...args: readonly string[]) =>
      ecranNoir(['search', NIGHT, ...limit, ...args], { cwd: dir, timeoutMs: 110_000 });
    const [one, two] = await Promise.all([search(other), search(cwd, ...onSwarm(2))]);
    expect(two.exitCode, two.stderr).toBe(one.exitCode);
    const textIn = (dir: string) => {
      const [file = ''] = globSync('runs/*/search/*/search.json', { cwd: dir });
      return readFileSync(join(dir, file), 'utf8');
    };
    expect(textIn(cwd)).toBe(textIn(other));
    expect(await docker('service', 'ls', '-q')).toBe('');
  });

  const disturb = async (out: string, act: (interrupt: () => void) => unknown) => {
    const words = ['test', NIGHT, ...VIRTUAL, '--viewers', '9', '--repeat', '2', '--out', out];
    const call = { words: [...words, ...onSwarm(2)], cwd };
    return { exitCode: await disturbSuite(call, /2\/2. running/, act), suite: readSuite(out) };
  };

  it('takes its shards away when it is interrupted, and exits with 130', async () => {
    const { exitCode, suite } = await disturb('interrupted', (interrupt) => interrupt());
    expect(exitCode).toBe(130);
    expect(suite.leftOut).toHaveLength(2);
    expect(await docker('service', 'ls', '-q')).toBe('');
  });

  it.each([
    [{ DOCKER_HOST: 'tcp://127.0.0.1:9' }, 69, /docker refuses: .*Cannot connect/],
    [{ PATH: '/nowhere' }, 69, /docker is not installed/],
  ])('says why nothing could be submitted, and leaves no folder: %j', async (env, code, said) => {
    const args = ['test', NIGHT, ...VIRTUAL, '--out', 'refused', ...onSwarm(1)];
    const done = await ecranNoir(args, { cwd, env });
    expect(done).toMatchObject({ exitCode: code, stderr: expect.stringMatching(said) });
    expect(contentOf(join(cwd, 'refused'))).toEqual([]);
  });

  it('says that the engine forbids it, in its words', async () => {
    await using server = createServer((_, response) =>
      response.writeHead(403, { 'content-type': 'application/json' }).end(FORBIDDEN),
    ).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const args = ['test', NIGHT, ...VIRTUAL, '--out', 'forbidden', ...onSwarm(1)];
    const done = await ecranNoir(args, { cwd, env: { DOCKER_HOST: `tcp://127.0.0.1:${port}` } });
    expect(done).toMatchObject({ exitCode: 69, stderr: expect.stringContaining('only operators') });
    expect(contentOf(join(cwd, 'forbidden'))).toEqual([]);
  });
});
