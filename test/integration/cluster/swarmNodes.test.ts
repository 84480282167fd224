// Suites on a Docker Swarm of two nodes: an image that one of them has not is a shard that is lost.

import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Suite } from '../../../harness/model/suite.ts';
import { ecranNoir } from '../../support/cli.ts';
import { makeScenarioFolder } from '../../support/scenarioFolder.ts';
import { makeSuiteImage } from '../../support/suiteImage.ts';
import { cannotRunSwarm, docker, startSwarm } from '../../support/swarm.ts';
import {
  MANAGER,
  MANAGER_PORT,
  openManagerAddress,
  startSwarmNode,
} from '../../support/swarmNode.ts';

const SHORT = 'scenarios/drills/one-edge-lost.yaml';
const cannotRun =
  cannotRunSwarm ?? (process.getuid?.() === 0 ? undefined : 'only root can start a second engine');
const title = cannotRun === undefined ? '' : ` (not run: ${cannotRun})`;

describe.skipIf(cannotRun !== undefined)(`a suite on a Swarm of two nodes${title}`, () => {
  const ends = new AsyncDisposableStack();
  let cwd: string;
  let image: string;
  beforeAll(async () => {
    cwd = makeScenarioFolder();
    ends.defer(() => rmSync(cwd, { recursive: true, force: true }));
    image = await makeSuiteImage();
    ends.defer(() => docker('image', 'rm', '--force', image).then(() => undefined));
    ends.use(await openManagerAddress());
    ends.use(await startSwarm(MANAGER_PORT));
    ends.use(await startSwarmNode());
  }, 300_000);
  afterAll(() => ends.disposeAsync());

  const callFor = (scenario: string, out: string) => [
    ...['test', scenario, '--engine', 'virtual-player', '--repeat', '2', '--out', out],
    ...['--on', 'swarm', '--shards', '2', '--image', image, '--collect-at', `http://${MANAGER}:0`],
  ];
  const readSuite = (out: string) =>
    JSON.parse(readFileSync(join(cwd, out, 'suite.json'), 'utf8')) as Suite;
  const lostIn = ({ findings }: Suite) =>
    findings.filter(({ rule }) => rule === 'shard-lost').map(({ text }) => text);

  it('names the shard whose node has not the image, and joins the other', async () => {
    const args = [...callFor(SHORT, 'missing'), '--viewers', '1'];
    const { exitCode, stderr } = await ecranNoir(args, { cwd, timeoutMs: 110_000 });
    expect(exitCode, stderr).toBe(2);
    const suite = readSuite('missing');
    expect(lostIn(suite)).toEqual([expect.stringMatching(/No such image: ecran-noir-suite-test/)]);
    expect(suite.results.map(({ verdict }) => verdict)).toEqual(['pass']);
    expect(suite.leftOut).toHaveLength(1);
    expect(await docker('service', 'ls', '-q')).toBe('');
  });
});
