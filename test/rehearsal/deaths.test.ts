// Every process of a run is ended in turn, as a crash or a machine short of memory would. The run
// ends at once, says which part it was, blames no viewer and no fault, and leaves nothing running.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Report } from '../../harness/model/report.ts';
import { allGone, descendantsOf, type ProcessId } from '../support/processTree.ts';
import { startRun, type StartedRun } from '../support/startedRun.ts';

const GONE_MS = 8_000;
const PLACE = 'zone: lab, operator: nobody, country: FR';
/** One channel, short segments: steady a few seconds after its start. */
const SCENARIO = `
name: deaths
title: A process ends
description: For tests.
kind: drill
design:
  name: small
  title: A small chain
  description: For tests.
  cost: low
  sources: {}
  channels: [one]
  media:
    { picture: 192x108, fps: 25, contribution: 400k, segment: 1s, playlist: 6, ladder: [192x108@150k] }
  stages:
    playout: { role: playout, ${PLACE} }
    transcoder: { role: transcoder, ${PLACE}, inputLoss: { repeat: 1s, black: 1s, then: black } }
    origin: { role: origin, ${PLACE} }
    edge: { role: edge, ${PLACE} }
  links:
    up: { from: playout, to: transcoder }
viewers: { count: 1 }
steady: { hold: 2s }
faults:
  - { name: late, at: 30s, for: 1s, links: [up], cut: hold }
expect: [recovered == 100%]
`;

let folder: string;
let running: StartedRun | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ecran-noir-deaths-'));
});
afterEach(() => {
  running?.child.kill('SIGKILL');
  running = undefined;
  rmSync(folder, { recursive: true, force: true });
});

/** The processes to end: of a stage instance, or of none, whose command looks so. */
interface Victim {
  readonly instance?: string;
  readonly command: RegExp;
}

const STAGES: readonly (readonly [string, Victim])[] = [
  ['the program of playout', { instance: 'playout.one', command: /node .*pipeline/ }],
  ['the source of playout', { instance: 'playout.one', command: /ffmpeg .*lavfi/ }],
  ['the encoder of playout', { instance: 'playout.one', command: /ffmpeg .*-f mpegts -mux/ }],
  ['the program of the transcoder', { instance: 'transcoder.one', command: /node .*pipeline/ }],
  ['the decoder of the transcoder', { instance: 'transcoder.one', command: /ffmpeg .*-i pipe:0/ }],
  ['the ladder of the transcoder', { instance: 'transcoder.one', command: /ffmpeg .*split=1/ }],
  ['the program of the origin', { instance: 'origin', command: /node .*pipeline/ }],
  ['the nginx of the origin', { instance: 'origin', command: /nginx: master/ }],
  ['the guard of nginx', { instance: 'origin', command: /^\/bin\/sh/ }],
  ['a worker of the edge', { instance: 'edge', command: /nginx: worker/ }],
  ['the nginx of the control', { instance: 'control-origin', command: /nginx: master/ }],
];

const BROWSER: readonly (readonly [string, Victim])[] = [
  ['the browser', { command: /chrom(?!.* --type=).*--user-data-dir/ }],
  ['its renderers', { command: /--type=renderer/ }],
  ['its GPU process', { command: /--type=gpu-process/ }],
  ['its network service', { command: /network\.mojom\.NetworkService/ }],
];

describe('a run of which a process ends', () => {
  it.each(STAGES)('names the stage: %s', async (_, victim) => {
    const { said, report } = await endedBy(victim);
    expect(said).toMatch(new RegExp(`STAGE_FAILED .*${victim.instance}`));
    expect(rulesOf(report)).toContain('stage-crashed');
  });

  it.each(BROWSER)('names the browser and calls viewers unmeasured: %s', async (_, victim) => {
    const { said, report } = await endedBy(victim);
    expect(said).toMatch(/BROWSER_FAILED .*browser/);
    expect(rulesOf(report)).toContain('page-lost');
    expect(rulesOf(report)).not.toContain('control-suffered');
  });

  it('names Toxiproxy, long before it is needed', async () => {
    const { said, report } = await endedBy({ command: /toxiproxy.program/ });
    expect(said).toMatch(/LINK_CONTROL_FAILED .*Toxiproxy server ended/);
    expect(report.faults.every(({ proofs }) => proofs.length === 0)).toBe(true);
  });
});

const rulesOf = ({ findings }: Report): readonly string[] => findings.map(({ rule }) => rule);

/** Plays the scenario until viewers play, ends the victim, and waits for what the run says. */
async function endedBy(victim: Victim): Promise<{ said: string; report: Report }> {
  const scenario = join(folder, 'deaths.yaml');
  writeFileSync(scenario, SCENARIO);
  const more = ['--runtime', 'processes'];
  running = startRun({ scenario, name: 'deaths', out: folder, more });
  await running.recorded('"event":"playing"');
  const tree = descendantsOf(running.child.pid ?? 0);
  const victims = tree.filter((process) => matches(process, victim));
  expect(victims, tree.map(({ command }) => command).join('\n')).not.toEqual([]);
  for (const { pid } of victims) process.kill(pid, 'SIGKILL');
  expect(await running.ended(), running.said()).toBe(69);
  await allGone(tree, GONE_MS);
  const file = join(running.dir() ?? '', 'report.json');
  const report = JSON.parse(readFileSync(file, 'utf8')) as Report;
  expect(report).toMatchObject({ verdict: 'inconclusive', run: { ended: 'error' } });
  const interruptions = report.viewers.flatMap((viewer) => viewer.interruptions);
  expect(interruptions.filter(({ glitch }) => !glitch)).toEqual([]);
  return { said: running.said(), report };
}

function matches({ pid, command }: ProcessId, victim: Victim): boolean {
  if (!victim.command.test(command)) return false;
  return victim.instance === undefined || belongsTo(pid, victim.instance);
}

/**
 * A stage has its configuration in its environment, and so have the tools that it starts; nginx
 * writes its title over its own, so its parents are looked at.
 */
function belongsTo(pid: number, instance: string): boolean {
  if (pid <= 1) return false;
  try {
    if (readFileSync(`/proc/${pid}/environ`, 'utf8').includes(`"instance":"${instance}"`))
      return true;
    const parent = /^PPid:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return belongsTo(Number(parent), instance);
  } catch {
    return false;
  }
}
