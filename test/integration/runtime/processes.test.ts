// The life of stages as child processes: what goes wrong says so, and nothing is left behind.

import { spawn, type ChildProcess } from 'node:child_process';
import { chmod, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { waitFor } from '../../../harness/kernel/deadline.ts';
import type { HarnessError } from '../../../harness/model/errors.ts';
import { programFile, STAGE_ENV, type StageConfig } from '../../../harness/pipeline/contract.ts';
import {
  EDGE,
  fetchText,
  launchOf,
  ORIGIN,
  PLAYOUT,
  playlistWith,
  startBench,
  startChain,
  TOOLS,
  TRANSCODER,
  type Bench,
} from '../pipeline/chain.ts';

const never = new AbortController().signal;

/** Command lines of living processes that name this folder or descend from this process. */
async function processesOf(groups: readonly number[]): Promise<string[]> {
  const ps = spawn('ps', ['-eo', 'pgid=,stat=,args='], { stdio: ['ignore', 'pipe', 'ignore'] });
  const found: string[] = [];
  for await (const line of createInterface({ input: ps.stdout })) {
    const [group, state] = line.trim().split(/\s+/);
    if (groups.includes(Number(group)) && !state?.startsWith('Z')) found.push(line);
  }
  return found;
}

const allGone = (groups: readonly number[]) =>
  waitFor({ ms: 8_000, what: 'every process of the stages to be gone', everyMs: 200 }, async () =>
    (await processesOf(groups)).length === 0 ? true : undefined,
  );

describe('a running chain', () => {
  test('leaves no process and no folder behind when it is stopped', async () => {
    await using bench = await startBench();
    const { playout, transcoder, origin, edge } = await startChain(bench);
    const groups = await groupsOf(bench.dir);
    expect(groups).toHaveLength(4);
    for (const stage of [playout, transcoder, edge, origin]) await stage.stop();
    for (const stage of [playout, transcoder, edge, origin]) {
      expect(await stage.exited).toMatchObject({ code: 0, asked: true });
    }
    await allGone(groups);
    expect(bench.records.filter((r) => r.type === 'stage' && r.event === 'exited')).toHaveLength(4);
  });

  test('a stage that is killed by a fault takes its tools with it, and that is not its end', async () => {
    await using bench = await startBench();
    const { transcoder } = await startChain(bench);
    const groups = await groupsOf(bench.dir);
    await transcoder.faults?.kill();
    await transcoder.faults?.kill();
    await waitFor({ ms: 5_000, what: 'three stages to be left', everyMs: 100 }, async () =>
      (await groupsOf(bench.dir)).length === groups.length - 1 ? true : undefined,
    );
    await expect(transcoder.command?.({ fill: 'black', forMs: 100 })).rejects.toThrow(
      'not running',
    );
    await transcoder.stop();
    expect(await transcoder.exited).toMatchObject({ asked: true });
  });

  test('a stage that is restarted is found where it was, with what it had', async () => {
    await using bench = await startBench();
    const { origin, transcoder, base } = await startChain(bench);
    await playlistWith(`${base}/v0/index.m3u8`, 2);
    const { port } = origin.hostAddress ?? {};
    const at = `http://127.0.0.1:${port}/one/v0/index.m3u8`;
    const before = sequenceOf(await fetchText(at));
    for (const stage of [origin, transcoder]) {
      await stage.faults?.shutDown();
      await stage.faults?.restart();
    }
    expect(origin.hostAddress?.port).toBe(port);
    expect(sequenceOf(await fetchText(at))).toBeGreaterThanOrEqual(before);
    // The playout finds the transcoder again, whose numbers go on.
    await waitFor({ ms: 20_000, what: 'newer segments', everyMs: 200 }, async () =>
      sequenceOf(await fetchText(at)) > before + 2 ? true : undefined,
    );
    expect(bench.notes('origin')).toContain('shut down');
  });

  test('says what it cannot do to a stage', async () => {
    await using bench = await startBench();
    const origin = await bench.runtime.start(launchOf(ORIGIN), never);
    await expect(origin.faults?.squeeze({ cpus: 0.5 })).rejects.toMatchObject({
      code: 'TOOL_UNFIT',
    });
    await expect(origin.faults?.disconnect()).rejects.toThrow(
      'cannot take a stage off the network',
    );
  });

  test('a stage whose tool dies ends by itself and says why', async () => {
    await using bench = await startBench();
    const { playout } = await startChain(bench);
    const [playoutGroup = 0] = await groupsOf(join(bench.dir, 'work', 'playout'));
    const source = (await pidsIn(playoutGroup)).find(({ args }) => args.includes('lavfi'));
    process.kill(source?.pid ?? 0, 'SIGKILL');
    const exit = await playout.exited;
    expect(exit).toMatchObject({ code: 1, asked: false });
    expect(exit.lastLines.join('\n')).toContain('source ffmpeg was ended by SIGKILL');
  });

  test('a paused stage says nothing until it is resumed', async () => {
    await using bench = await startBench();
    const { origin } = await startChain(bench);
    await origin.faults?.pause();
    const lines = () =>
      bench.records.filter((r) => r.type === 'stats' && r.stage === 'origin').length;
    await waitFor({ ms: 5_000, what: 'silence', everyMs: 1_000 }, steadyAt(lines));
    const before = lines();
    await origin.faults?.resume();
    await waitFor({ ms: 5_000, what: 'counters again' }, () =>
      lines() > before ? true : undefined,
    );
  });

  test('a paused stage is resumed to be stopped, as at the end of a run that was interrupted', async () => {
    await using bench = await startBench();
    const { origin, playout } = await startChain(bench);
    const groups = await groupsOf(bench.dir);
    for (const stage of [origin, playout]) {
      await stage.faults?.pause();
      await stage.stop();
      // By itself, and not killed for being silent.
      expect(await stage.exited).toMatchObject({ code: 0, signal: null, asked: true });
    }
    await bench.runtime[Symbol.asyncDispose]();
    await allGone(groups);
  });

  test('keeps a log of each stage in the folder of the run', async () => {
    await using bench = await startBench();
    await startChain(bench);
    await waitFor({ ms: 5_000, what: 'the log' }, async () => {
      const log = await readFile(join(bench.dir, 'logs', 'playout.log'), 'utf8');
      return log.includes('connected to 127.0.0.1') ? true : undefined;
    });
  });
});

const sequenceOf = (playlist = ''): number => Number(/SEQUENCE:(\d+)/.exec(playlist)?.[1] ?? 0);

/** A probe that is content when a count did not change between two looks. */
function steadyAt(count: () => number) {
  let last = -1;
  return () => {
    const now = count();
    const steady = now === last;
    last = now;
    return steady ? true : undefined;
  };
}

describe('what cannot start', () => {
  let bench: Bench;
  beforeEach(async () => {
    bench = await startBench();
  });
  afterEach(() => bench[Symbol.asyncDispose]());

  const errorOf = (work: Promise<unknown>): Promise<HarnessError> =>
    work.then(
      () => Promise.reject(new Error('it started')),
      (error: unknown) => error as HarnessError,
    );

  test('names the tool that is missing', async () => {
    await using other = await startBench({ ffmpeg: '/nowhere/ffmpeg', nginx: '/nowhere/nginx' });
    const playout = await errorOf(other.runtime.start(launchOf(PLAYOUT), never));
    expect(playout).toMatchObject({ code: 'TOOL_MISSING', target: 'playout' });
    expect(playout.message).toContain('/nowhere/ffmpeg');
    const origin = await errorOf(other.runtime.start(launchOf(ORIGIN), never));
    expect(origin).toMatchObject({ code: 'TOOL_MISSING' });
  });

  test('names the encoder or module that a tool lacks', async () => {
    const poor = join(bench.dir, 'poor');
    await writeFile(poor, '#!/bin/sh\necho " V..... mpeg4  MPEG-4"\n');
    await chmod(poor, 0o755);
    await using other = await startBench({ ffmpeg: poor, nginx: poor });
    const transcoder = await errorOf(other.runtime.start(launchOf(TRANSCODER), never));
    expect(transcoder).toMatchObject({ code: 'TOOL_UNFIT' });
    expect(transcoder.message).toContain('libx264');
    const edge = await errorOf(
      other.runtime.start(launchOf(EDGE, { host: '127.0.0.1', port: 9 }), never),
    );
    expect(edge.message).toContain('http_dav_module');
  });

  test.each([
    ['text', 'not a film'],
    ['a list of other files', "ffconcat version 1.0\nfile '/etc/hostname'\n"],
    ['a playlist', '#EXTM3U\n#EXTINF:1,\nhttp://127.0.0.1:9/film.ts\n'],
  ])('says what is wrong with a file that holds no video but %s', async (_, text) => {
    const path = join(bench.dir, 'text.mp4');
    await writeFile(path, text);
    const stage = { ...PLAYOUT, source: { kind: 'file', path } } as const;
    const error = await errorOf(bench.runtime.start(launchOf(stage), never));
    expect(error).toMatchObject({ code: 'STAGE_FAILED', target: 'playout' });
    expect(error.message).toContain(`${path} holds no video`);
  });

  test('leaves nothing behind when the start is given up', async () => {
    const giveUp = new AbortController();
    const starting = errorOf(bench.runtime.start(launchOf(PLAYOUT), giveUp.signal));
    giveUp.abort(new Error('given up'));
    expect((await starting).message).toBe('given up');
    const events = bench.records.filter((r) => r.type === 'stage' && r.stage === 'playout');
    expect(events.slice(-3)).toMatchObject(
      ['starting', 'stopping', 'exited'].map((event) => ({ event })),
    );
    await allGone(await groupsOf(bench.dir));
  });

  test('names the port that is taken', async () => {
    const holder = createServer();
    await new Promise<void>((resolve) => holder.listen(0, '127.0.0.1', resolve));
    const address = holder.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    for (const stage of [ORIGIN, TRANSCODER] as const) {
      const lines = await runProgram({
        ...launchOf(stage, { host: '127.0.0.1', port: 9 }),
        workDir: bench.dir,
        tools: TOOLS,
        stopOnStdinEnd: true,
        listen: { host: '127.0.0.1', port },
      });
      expect(lines.at(-1)).toMatchObject({ type: 'failed', code: 'PORT_TAKEN' });
      expect(JSON.stringify(lines.at(-1))).toContain(`port ${port} on 127.0.0.1 is taken`);
    }
    holder.close();
  });
});

function startProgram(config: StageConfig) {
  const child = spawn(process.execPath, [programFile(config.stage.role)], {
    env: { ...process.env, [STAGE_ENV]: JSON.stringify(config) },
    stdio: ['pipe', 'pipe', 'ignore'],
    detached: true,
  });
  return { child, lines: createInterface({ input: child.stdout }) };
}

/** Runs a stage program until it ends, and gives its telemetry. */
async function runProgram(config: StageConfig): Promise<unknown[]> {
  const lines: unknown[] = [];
  for await (const line of startProgram(config).lines) lines.push(JSON.parse(line));
  return lines;
}

describe('a program that is killed without its runtime', () => {
  for (const stage of [ORIGIN, PLAYOUT] as const) {
    test(`takes its tools with it (${stage.name})`, async () => {
      await using bench = await startBench();
      const { child, lines } = startProgram({
        ...launchOf(stage),
        workDir: bench.dir,
        tools: TOOLS,
        stopOnStdinEnd: true,
        listen: { host: '127.0.0.1', port: 0 },
      });
      for await (const line of lines) if (line.includes('"stats"')) break;
      const group = child.pid ?? 0;
      expect((await pidsIn(group)).length).toBeGreaterThan(2);
      child.kill('SIGKILL');
      await allGone([group]);
    });
  }
});

describe('when the harness is killed', () => {
  let harness: ChildProcess | undefined;
  let dir = '';
  afterEach(async () => {
    harness?.kill('SIGKILL');
    if (dir !== '') await rm(dir, { recursive: true, force: true, maxRetries: 5 });
  });

  for (const paused of ['none', 'playout', 'origin']) {
    test(`no process of a chain lives on (paused: ${paused})`, async () => {
      const program = fileURLToPath(new URL('./chainHolder.ts', import.meta.url));
      const stdio = ['ignore', 'pipe', 'inherit'] as const;
      harness = spawn(process.execPath, [program, paused], { stdio: [...stdio] });
      for await (const line of createInterface({ input: harness.stdout ?? process.stdin })) {
        dir = line;
        break;
      }
      const groups = await groupsOf(dir);
      expect(groups).toHaveLength(4);
      harness.kill('SIGKILL');
      await allGone(groups);
    });
  }
});

interface ProcessLine {
  readonly pid: number;
  readonly group: number;
  readonly args: string;
}

async function listProcesses(): Promise<ProcessLine[]> {
  const ps = spawn('ps', ['-eo', 'pid=,pgid=,args='], { stdio: ['ignore', 'pipe', 'ignore'] });
  const lines: ProcessLine[] = [];
  for await (const line of createInterface({ input: ps.stdout })) {
    const [, pid, group, args = ''] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    lines.push({ pid: Number(pid), group: Number(group), args });
  }
  return lines;
}

const pidsIn = async (group: number): Promise<ProcessLine[]> =>
  (await listProcesses()).filter((line) => line.group === group);

/** Process groups of stage programs whose configuration names this folder. */
async function groupsOf(folder: string): Promise<number[]> {
  const programs = (await listProcesses()).filter(({ args }) =>
    args.includes('/pipeline/programs/'),
  );
  const groups: number[] = [];
  for (const { pid, group } of programs) {
    const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
    if (environment.includes(folder)) groups.push(group);
  }
  return [...new Set(groups)];
}
