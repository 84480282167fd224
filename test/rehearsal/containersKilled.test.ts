// Ends a run in containers while it disrupts, and looks what is left: the harness is killed, with
// another run beside it; the engine is restarted, while that other run plays to its end.

import { writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { waitFor } from '../../harness/kernel/deadline.ts';
import { ensureImages } from '../../harness/runtime/containers/images.ts';
import { LABEL } from '../../harness/runtime/containers/runNetwork.ts';
import { findLeftovers, sweepLeftovers } from '../../harness/runtime/containers/sweep.ts';
import { ecranNoir } from '../support/cli.ts';
import { folderForAll } from '../support/folders.ts';
import { openEngineGate } from '../support/engineGate.ts';
import { startRun, type StartedRun } from '../support/startedRun.ts';
import { BUILD_MS, engine, title } from '../support/engine.ts';

/** "Seconds": the engine has to notice that standard input ended, and the program to end. */
const STAGES_END_MS = 15_000;
const TEST_MS = 180_000;

/** The chain is the smallest there can be: two of them play here at once. */
const scenario = (name: string, cutFor: string): string => `
name: ${name}
title: One link, cut
kind: drill
viewers: { count: 1 }
design:
  name: one-small-channel
  title: One small channel
  channels: [one]
  media: { picture: 192x108, fps: 25, contribution: 300k, segment: 2s, playlist: 6, ladder: [192x108@150k] }
  stages:
    playout: { role: playout, zone: head-end, operator: broadcaster, country: FR }
    transcoder: { role: transcoder, zone: cloud, operator: cloud provider, country: FR }
    origin: { role: origin, zone: head-end, operator: broadcaster, country: FR }
    edge: { role: edge, zone: head-end, operator: broadcaster, country: FR }
  links:
    connect-up: { from: playout, to: transcoder }
    connect-down: { from: transcoder, to: origin }
faults:
  - { name: cut, at: 1s, for: ${cutFor}, links: [connect-up], cut: drop }
expect: [recovered == 100%]
`;

const folder = folderForAll();
const runs: StartedRun[] = [];
/** Two chains at a time: the engine is restarted once no third one plays. */
const twoAreOver = Promise.withResolvers<void>();

beforeAll(async () => {
  if (!engine) return;
  const targets = ['stage', 'browser'] as const;
  await ensureImages({ engine, targets, signal: new AbortController().signal });
}, BUILD_MS);
afterAll(async () => {
  for (const { child, ended } of runs) {
    child.kill('SIGKILL');
    await ended();
  }
  await sweepLeftovers(engine);
});

interface Start {
  readonly cutFor: string;
  readonly browser: 'host' | 'container';
  readonly env?: Readonly<Record<string, string>>;
}

function start(name: string, { cutFor, browser, env = {} }: Start): StartedRun {
  const file = join(folder, `${name}.yaml`);
  writeFileSync(file, scenario(name, cutFor));
  const more = ['--runtime', 'containers', '--toxiproxy', 'embedded', '--browser', browser];
  const run = startRun({ scenario: file, name, out: folder, more, env });
  runs.push(run);
  return run;
}

const idOf = (name: string, { dir }: StartedRun): string => `${name}-${basename(dir() ?? '')}`;

/** Containers of a run that are running: id -> since when. */
async function runningOf(runId: string): Promise<ReadonlyMap<string, string>> {
  const filters = JSON.stringify({ label: [`${LABEL.run}=${runId}`] });
  const containers = (await engine?.api.listContainers({ filters })) ?? [];
  const found = await Promise.all(
    containers.map(({ Id }) => engine!.api.getContainer(Id).inspect()),
  );
  return new Map(found.map(({ Id, State }) => [Id, State.StartedAt]));
}

/** Lists the things of the process on the engine and in the temporary folder. */
const ownedBy = async ({ child }: StartedRun): Promise<readonly string[]> =>
  (await findLeftovers(engine))
    .filter(({ owner }) => owner.pid === child.pid)
    .map(({ kind, state }) => `${state} ${kind}`);

/** Gives the run that was beside it, which still plays. */
async function killOneOfTwo(): Promise<StartedRun> {
  const killed = start('killed', { cutFor: '2m', browser: 'container' });
  const other = start('unharmed', { cutFor: '15s', browser: 'host' });
  await killed.recorded('"phase":"disrupt"');
  await other.recorded('"phase":"disrupt"');
  const running = await runningOf(idOf('unharmed', other));
  expect(running.size).toBeGreaterThan(6);

  killed.child.kill('SIGKILL');
  expect(await killed.ended()).toBeNull();
  const stages = 'the stages of the killed run to end without anybody';
  await waitFor({ ms: STAGES_END_MS, what: stages, everyMs: 200 }, async () =>
    (await runningOf(idOf('killed', killed))).size === 0 ? true : undefined,
  );
  const left = await ownedBy(killed);
  for (const kind of ['container', 'network', 'volume', 'folder'])
    expect(left).toContain(`dead ${kind}`);
  const shown = (await ecranNoir(['clean', '--dry-run'])).stdout;
  expect(shown).toMatch(/^dead +container +ecran-noir-killed/m);
  expect(shown).toMatch(/^alive +container +ecran-noir-unharmed/m);

  const next = start('next', { cutFor: '1s', browser: 'host' });
  await next.recorded('removed what a dead run left: ecran-noir-killed');
  expect(await ownedBy(killed)).toEqual([]);
  expect(await runningOf(idOf('unharmed', other))).toEqual(running);
  next.child.kill('SIGINT');
  expect(await next.ended()).toBe(130);
  expect(await ownedBy(next)).toEqual([]);
  return other;
}

describe.runIf(engine).concurrent(title('a run in containers, while it disrupts'), () => {
  it(
    'is killed: it leaves nothing after the next start, and the run beside it plays to its end',
    async () => {
      const other = await killOneOfTwo().finally(twoAreOver.resolve);
      // Two chains on a small machine may be too much to measure, which is another question.
      expect([0, 2]).toContain(await other.ended());
      expect(other.journal()).toMatch(/"type":"end","atMs":[\d.]+,"reason":"complete"/);
      expect(other.said()).not.toMatch(/error|left behind/);
      expect(await ownedBy(other)).toEqual([]);
    },
    TEST_MS,
  );

  it(
    'loses the engine, which is restarted: it ends with one error, and leaves nothing',
    async () => {
      await twoAreOver.promise;
      const gate = await openEngineGate();
      try {
        const run = start('cut-off', { cutFor: '2m', browser: 'host', env: gate.env });
        await run.recorded('"type":"action"');
        await gate.shut();
        await run.recorded('"phase":"teardown"');
        await gate.open();
        expect(await run.ended()).toBe(69);
        expect(run.said()).toContain('was lost: the container engine does not answer any more');
        expect(run.said().match(/^error/gim)).toHaveLength(1);
        expect(run.said()).not.toContain('left behind');
        expect(await ownedBy(run)).toEqual([]);
      } finally {
        await gate.shut();
      }
    },
    TEST_MS,
  );
});
