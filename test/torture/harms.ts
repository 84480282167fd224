// Everything that may happen to the harness while it plays, with what must come of it.

import { globSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '../../harness/kernel/clock.ts';
import { EXIT } from '../../harness/model/errors.ts';
import { startServer } from '../../harness/toxiproxy/server/server.ts';
import type { StartedRun } from '../support/startedRun.ts';
import { openEngineGate } from '../support/engineGate.ts';
import { BROWSER, endVictim, STAGES, TOXIPROXY, type Victim } from './victims.ts';

export type Runtime = 'processes' | 'containers';

/** Phases of a run; `start` is before there is a journal. */
export const MOMENTS = ['start', 'provision', 'steady', 'disrupt', 'recover', 'teardown'] as const;
export type Moment = (typeof MOMENTS)[number];

export interface Harm {
  readonly kind: string;
  readonly name: string;
  readonly runtimes: readonly Runtime[];
  readonly moments: readonly Moment[];
  /** Exit codes that are documented for it; `null` where a signal ends the harness itself. */
  readonly codes: readonly (number | null)[];
  /** The message that must be there, once. */
  readonly says?: RegExp;
  /** The rule of the report that tells it. */
  readonly finding?: string;
  /** The reason why it cannot be done here. */
  readonly leftOut?: () => string | undefined;
  /** Comes before the harness starts. */
  readonly prepare?: (at: {
    readonly folder: string;
    readonly runtime: Runtime;
  }) => Promise<Prepared>;
  readonly befall: (run: StartedRun, prepared: Prepared) => Promise<void> | void;
}

export interface Prepared {
  readonly env: Readonly<Record<string, string>>;
  readonly more?: readonly string[];
  /** Another command than a run, and the name of its folder. */
  readonly instead?: { readonly command: readonly string[]; readonly name: string };
  /** Starts what belongs to the run, once it waits for that. */
  readonly beside?: (run: StartedRun) => Promise<void>;
  /** The processes that were started beside it. */
  readonly pids?: () => readonly number[];
  /** Names what is left elsewhere: on a server that is not the run's own, by a worker. */
  readonly left?: () => readonly string[] | Promise<readonly string[]>;
  readonly shut?: () => Promise<void>;
  readonly open?: () => Promise<void>;
  readonly setClock?: (byMs: number) => void;
}

const BOTH = ['processes', 'containers'] as const;
/** Everything of a run is there then. */
export const PLAYING = ['steady', 'disrupt'] as const;
const STOPPED_MS = 10_000;
const CLOCK_STEP_MS = 3_600_000;
const CLOCK_AWAY_MS = 2_000;
const ENGINE_AWAY_MS = 3_000;

/** The run goes on: whatever it then says, it does not say that the scenario failed. */
const PLAYED_ON = [EXIT.pass, EXIT.inconclusive];

export const KILLED: Harm = {
  kind: 'sigkill',
  name: 'SIGKILL',
  runtimes: BOTH,
  moments: MOMENTS,
  codes: [null],
  befall: ({ child }) => void child.kill('SIGKILL'),
};

/** A Toxiproxy server that outlives the run, so that what was not healed is still there to be seen. */
async function outsideProxy({ runtime }: { readonly runtime: Runtime }): Promise<Prepared> {
  if (runtime === 'containers') return { env: {} };
  const server = await startServer();
  return {
    env: {},
    more: ['--toxiproxy', `http://${server.host}:${server.port}`],
    left: () => server.collection.list().map(({ name }) => `on the Toxiproxy server: ${name}`),
    shut: () => Promise.resolve(server[Symbol.asyncDispose]()),
  };
}

const asked = (signal: 'SIGINT' | 'SIGTERM' | 'SIGHUP', times: number): Harm => ({
  kind: signal.toLowerCase(),
  name: times > 1 ? `${signal} twice` : signal,
  runtimes: BOTH,
  moments: MOMENTS,
  codes: [EXIT.interrupted],
  says: /^interrupted: /gm,
  prepare: outsideProxy,
  befall: async ({ child, said }) => {
    child.kill(signal);
    // Two signals that are not handled yet are one: the second comes when the first was heard.
    for (let time = 1; time < times; time++) {
      while (!said().includes('interrupted: ') && child.exitCode === null)
        await systemClock.sleep(10);
      child.kill(signal);
    }
  },
});

export const ASKED: readonly Harm[] = (['SIGINT', 'SIGTERM', 'SIGHUP'] as const).flatMap(
  (signal) => [asked(signal, 1), asked(signal, 2)],
);

const deathOf = (victim: Victim): Harm => ({
  kind: 'child',
  name: `${victim.name} ends`,
  runtimes: ['processes'],
  moments: PLAYING,
  codes: [EXIT.unavailable],
  says: victim.says,
  ...(victim.finding !== undefined && { finding: victim.finding }),
  befall: ({ child }) => endVictim(child.pid ?? 0, victim),
});

export const DEATHS: readonly Harm[] = [...STAGES, ...BROWSER, TOXIPROXY].map(deathOf);

export const STOPPED: Harm = {
  kind: 'stopped',
  name: `stopped for ${STOPPED_MS / 1000} s`,
  runtimes: BOTH,
  moments: ['steady', 'disrupt', 'recover'],
  codes: PLAYED_ON,
  prepare: outsideProxy,
  befall: async ({ child }) => {
    child.kill('SIGSTOP');
    await systemClock.sleep(STOPPED_MS);
    child.kill('SIGCONT');
  },
};

const [FAKETIME] = globSync('/usr/lib/*/faketime/libfaketime.so.1');

/** A browser before whose start something is done. */
function browserAfter(folder: string, command: string): string {
  const file = join(folder, 'browser');
  const browser = process.env['CHROME_PATH'] ?? 'chromium';
  writeFileSync(file, `#!/bin/sh\n${command}\nexec ${browser} "$@"\n`, { mode: 0o755 });
  return file;
}

/** A machine so busy that a tool takes seconds to say its version. */
export const slowVersions: NonNullable<Harm['prepare']> = async ({ folder }) => ({
  env: { CHROME_PATH: browserAfter(folder, '[ "$1" = --version ] && sleep 3') },
});

const clockSet = (byMs: number): Harm => ({
  kind: 'clock',
  name: `the clock set ${byMs > 0 ? 'forward' : 'back'} an hour and right again`,
  runtimes: ['processes'],
  moments: ['provision', 'steady', 'disrupt', 'recover'],
  codes: PLAYED_ON,
  leftOut: () =>
    FAKETIME === undefined
      ? 'the clock of a machine is everybody’s, and libfaketime is not there: apt-get install libfaketime'
      : undefined,
  prepare: async ({ folder }) => {
    const file = join(folder, 'clock');
    const setClock = (ms: number) => writeFileSync(file, `${ms < 0 ? '' : '+'}${ms / 1000}\n`);
    setClock(0);
    const env = {
      LD_PRELOAD: FAKETIME ?? '',
      FAKETIME_TIMESTAMP_FILE: file,
      FAKETIME_NO_CACHE: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
      // A browser does not start under the preload: it keeps the right clock.
      CHROME_PATH: browserAfter(folder, 'unset LD_PRELOAD'),
    };
    return { env, setClock };
  },
  befall: async (_, { setClock }) => {
    setClock?.(byMs);
    await systemClock.sleep(CLOCK_AWAY_MS);
    setClock?.(0);
  },
});

const ENGINE: Harm = {
  kind: 'engine',
  name: 'the engine goes away and comes back',
  runtimes: ['containers'],
  moments: PLAYING,
  codes: [EXIT.unavailable],
  says: /^error ENGINE_UNAVAILABLE .*the container engine does not answer any more/,
  prepare: openEngineGate,
  befall: async (_, { shut, open }) => {
    await shut?.();
    await systemClock.sleep(ENGINE_AWAY_MS);
    await open?.();
  },
};

/** Everything but SIGKILL that may happen to a run. */
export const HARMS: readonly Harm[] = [
  ...ASKED,
  ...DEATHS,
  ENGINE,
  STOPPED,
  clockSet(CLOCK_STEP_MS),
  clockSet(-CLOCK_STEP_MS),
];
