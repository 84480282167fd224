// Suites on a Docker Swarm of two nodes: an image that one of them has not, and a node that vanishes
// in the middle, are a shard that is lost.

import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Suite } from '../../../harness/model/suite.ts';
import { ecranNoir } from '../../support/cli.ts';
import { disturbSuite } from '../../support/disturbSuite.ts';
import { makeScenarioFolder } from '../../support/scenarioFolder.ts';
import { makeSuiteImage } from '../../support/suiteImage.ts';
import { cannotRunSwarm, docker, startSwarm } from '../../support/swarm.ts';
import {
  MANAGER,
  MANAGER_PORT,
  NODE_NAME,
  openManagerAddress,
  startSwarmNode,
  type SwarmNode,
} from '../../support/swarmNode.ts';

const SHORT = 'scenarios/drills/one-edge-lost.yaml';
const NIGHT = 'scenarios/incidents/orange-2025-09-12.yaml';
const cannotRun =
  cannotRunSwarm ?? (process.getuid?.() === 0 ? undefined : 'only root can start a second engine');
const title = cannotRun === undefined ? '' : ` (not run: ${cannotRun})`;

describe.skipIf(cannotRun !== undefined)(`a suite on a Swarm of two nodes${title}`, () => {
  const ends = new AsyncDisposableStack();
  let cwd: string;
  let image: string;
  let node: SwarmNode;
  beforeAll(async () => {
    cwd = makeScenarioFolder();
    ends.defer(() => rmSync(cwd, { recursive: true, force: true }));
    image = await makeSuiteImage();
    ends.defer(() => docker('image', 'rm', '--force', image).then(() => undefined));
    ends.use(await openManagerAddress());
    ends.use(await startSwarm(MANAGER_PORT));
    node = ends.use(await startSwarmNode());
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

  it('names the shard whose node vanished in the middle, and leaves no service', async () => {
    await node.load(image);
    const words = [...callFor(NIGHT, 'vanished'), '--viewers', '4'];
    const exitCode = await disturbSuite({ words, cwd }, new RegExp(`running on ${NODE_NAME}`), () =>
      node.vanish(),
    );
    expect(exitCode).toBe(2);
    const suite = readSuite('vanished');
    expect(lostIn(suite)).toEqual([expect.stringMatching(/was lost: its node is down/)]);
    expect(suite.results).toHaveLength(1);
    expect(suite.leftOut.map(({ reason }) => reason)).toEqual([
      expect.stringContaining('its node is down'),
    ]);
    expect(await docker('service', 'ls', '-q')).toBe('');
  });
});
