// The processes of a run that may be ended one by one, as a crash or a machine short of memory would,
// and what a run must say of each.

import { readFileSync } from 'node:fs';
import { descendantsOf, type ProcessId } from '../support/processTree.ts';

/** The processes to end: of a stage instance, or of none, whose command looks so. */
export interface Victim {
  readonly name: string;
  readonly instance?: string;
  readonly command: RegExp;
  readonly says: RegExp;
  /** The rule of the report that tells it. */
  readonly finding?: string;
}

const stage = (name: string, instance: string, command: RegExp): Victim => ({
  name,
  instance,
  command,
  says: new RegExp(`STAGE_FAILED .*${instance}`),
  finding: 'stage-crashed',
});

export const STAGES: readonly Victim[] = [
  stage('the program of playout', 'playout.one', /node .*pipeline/),
  stage('the source of playout', 'playout.one', /ffmpeg .*lavfi/),
  stage('the encoder of playout', 'playout.one', /ffmpeg .*-f mpegts -mux/),
  stage('the program of the transcoder', 'transcoder.one', /node .*pipeline/),
  stage('the decoder of the transcoder', 'transcoder.one', /ffmpeg .*-i pipe:0/),
  stage('the ladder of the transcoder', 'transcoder.one', /ffmpeg .*split=1/),
  stage('the program of the origin', 'origin', /node .*pipeline/),
  stage('the nginx of the origin', 'origin', /nginx: master/),
  stage('the guard of nginx', 'origin', /^\/bin\/sh/),
  stage('a worker of the edge', 'edge', /nginx: worker/),
  stage('the nginx of the control', 'control-origin', /nginx: master/),
];

const browser = (name: string, command: RegExp): Victim => ({
  name,
  command,
  says: /BROWSER_FAILED .*browser/,
  finding: 'page-lost',
});

export const BROWSER: readonly Victim[] = [
  browser('the browser', /chrom(?!.* --type=).*--user-data-dir/),
  browser('its renderers', /--type=renderer/),
  browser('its GPU process', /--type=gpu-process/),
  browser('its network service', /network\.mojom\.NetworkService/),
];

export const TOXIPROXY: Victim = {
  name: 'Toxiproxy',
  command: /toxiproxy.program/,
  says: /LINK_CONTROL_FAILED .*Toxiproxy server ended/,
};

/** Ends it; throws when no process of the harness is it. */
export function endVictim(harness: number, victim: Victim): void {
  const tree = descendantsOf(harness);
  const victims = tree.filter((process) => matches(process, victim));
  if (victims.length === 0)
    throw new Error(`no ${victim.name} among\n${tree.map(({ command }) => command).join('\n')}`);
  for (const { pid } of victims) process.kill(pid, 'SIGKILL');
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
