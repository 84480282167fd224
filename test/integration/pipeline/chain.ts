// A small real chain for tests: playout -> transcoder -> origin -> edge, on loopback, without proxies.

import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { waitFor } from '../../../harness/kernel/deadline.ts';
import type { FrameIdentity } from '../../../harness/model/frameClock.ts';
import type { Unstamped } from '../../../harness/model/history.ts';
import type { StageStats } from '../../../harness/pipeline/contract.ts';
import { figuresIn } from '../../support/counted.ts';
import type {
  EdgeStage,
  MediaSettings,
  OriginStage,
  PlayoutStage,
  TranscoderStage,
} from '../../../harness/model/scenario.ts';
import type { Address, Runtime, StageLaunch } from '../../../harness/model/world.ts';
import { cutStream } from '../../../harness/pipeline/chunks.ts';
import { frameBytes, readClock } from '../../../harness/pipeline/picture.ts';
import { startProcessesRuntime } from '../../../harness/runtime/processes.ts';
import { INPUT_FAILOVER } from '../../support/inputFailover.ts';

export const TOOLS = { ffmpeg: 'ffmpeg', nginx: '/usr/sbin/nginx' };

export const MEDIA: MediaSettings = {
  width: 320,
  height: 180,
  fps: 25,
  contributionKbps: 1_000,
  segmentMs: 1_000,
  playlistSegments: 6,
  ladder: [
    { width: 320, height: 180, videoKbps: 400 },
    { width: 160, height: 90, videoKbps: 150 },
  ],
};

const PLACE = { zone: 'test', operator: 'test', country: 'FR' };

export const PLAYOUT: PlayoutStage = {
  ...PLACE,
  name: 'playout',
  role: 'playout',
  source: { kind: 'synthetic' },
  sendBufferMs: 1_000,
  reconnectMs: 200,
  gopMs: 1_000,
};
export const TRANSCODER: TranscoderStage = {
  ...PLACE,
  name: 'transcoder',
  role: 'transcoder',
  inputLoss: { repeatMs: 500, blackMs: 500, then: 'slate' },
  failBackMs: 200,
  inputLossAction: 'emit',
  upload: { timeoutMs: 1_000, retries: 2, retryDelayMs: 200, maxAgeMs: 6_000 },
  inputFailover: INPUT_FAILOVER,
};
export const ORIGIN: OriginStage = {
  ...PLACE,
  name: 'origin',
  role: 'origin',
  whenStale: 'serve',
  staleAfterMs: 3_000,
};
export const EDGE: EdgeStage = {
  ...PLACE,
  name: 'edge',
  role: 'edge',
  playlistTtlMs: 500,
  segmentTtlMs: 60_000,
  errorTtlMs: 0,
  staleIfError: false,
  collapse: true,
  originTimeoutMs: 2_000,
};

export interface Bench extends AsyncDisposable {
  readonly runtime: Runtime;
  readonly records: Unstamped[];
  readonly dir: string;
  /** Newest counters of a stage. */
  stats(stage: string): StageStats & { readonly atEpochMs?: number };
  notes(stage: string): string[];
}

export async function startBench(tools = TOOLS, uploadToken?: string): Promise<Bench> {
  const dir = await mkdtemp(join(tmpdir(), 'ecran-noir-test-'));
  const records: Unstamped[] = [];
  const runtime = await startProcessesRuntime({
    runDir: dir,
    workDir: join(dir, 'work'),
    tools,
    ...(uploadToken !== undefined && { uploadToken }),
    emit: (record) => void records.push(record),
  });
  return {
    runtime,
    records,
    dir,
    stats: (stage) => {
      const all = records.filter((record) => record.type === 'stats');
      const last = all.findLast((record) => record.stage === stage);
      return last ? { ...last, ...figuresIn(last) } : {};
    },
    notes: (stage) =>
      records
        .filter((record) => record.type === 'stage')
        .filter((record) => record.stage === stage && record.event === 'note')
        .map((record) => record.detail ?? ''),
    [Symbol.asyncDispose]: async () => {
      await runtime[Symbol.asyncDispose]();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

export const launchOf = (
  stage: StageLaunch['stage'],
  sendsTo?: Address,
  media: MediaSettings = MEDIA,
): StageLaunch => ({
  instance: stage.name,
  stage,
  media,
  channel: { name: 'one', number: 1 },
  sendsTo: sendsTo ? [{ ...sendsTo, stage: 'next' }] : [],
});

export interface ChainOptions {
  readonly playout?: Partial<PlayoutStage>;
  readonly transcoder?: Partial<TranscoderStage>;
  readonly origin?: Partial<OriginStage>;
  readonly edge?: Partial<EdgeStage>;
  readonly media?: MediaSettings;
}

export async function startChain(bench: Bench, options: ChainOptions = {}) {
  const { runtime } = bench;
  const signal = new AbortController().signal;
  const start = (stage: StageLaunch['stage'], to?: Address) =>
    runtime.start(launchOf(stage, to, options.media), signal);
  const origin = await start({ ...ORIGIN, ...options.origin });
  const edge = await start({ ...EDGE, ...options.edge }, origin.address);
  const transcoder = await start({ ...TRANSCODER, ...options.transcoder }, origin.address);
  const playout = await start({ ...PLAYOUT, ...options.playout }, transcoder.address);
  const base = `http://127.0.0.1:${edge.hostAddress?.port}/one`;
  return { origin, edge, transcoder, playout, base };
}

export async function fetchText(url: string): Promise<string | undefined> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(5_000) }).catch(() => undefined);
  return answer?.ok ? answer.text() : undefined;
}

/** Segment names of a media playlist, gaps left out. */
export const segmentsIn = (playlist: string): string[] =>
  playlist.split('\n').filter((line) => line.endsWith('.ts'));

/** Waits for a media playlist with at least so many segments. */
export const playlistWith = (url: string, count: number): Promise<string> =>
  waitFor({ ms: 25_000, what: `${count} segments in ${url}`, everyMs: 200 }, async () => {
    const text = await fetchText(url);
    return text !== undefined && segmentsIn(text).length >= count ? text : undefined;
  });

export interface SeenFrame {
  readonly clock: FrameIdentity | undefined;
  readonly luma: number;
}

/** Decodes a segment and reads the frame clock and the mean luma of every frame. */
export async function framesOf(segment: Uint8Array, size: { width: number; height: number }) {
  const frames: SeenFrame[] = [];
  const args = ['-v', 'error', '-i', 'pipe:0', '-f', 'rawvideo', '-pix_fmt', 'yuv420p', 'pipe:1'];
  const ffmpeg = spawn(TOOLS.ffmpeg, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  cutStream(ffmpeg.stdout, frameBytes(size), (picture) => {
    const luma = picture.subarray(0, size.width * size.height);
    const sum = luma.reduce((total, level) => total + level, 0);
    frames.push({ clock: readClock(picture, size), luma: sum / luma.length });
  });
  ffmpeg.stdin.end(segment);
  await new Promise((resolve) => ffmpeg.once('close', resolve));
  return frames;
}

export async function fetchBytes(url: string): Promise<Uint8Array> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(5_000) });
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}`);
  return new Uint8Array(await answer.arrayBuffer());
}

export const fetchFrames = async (url: string, size: { width: number; height: number }) =>
  framesOf(await fetchBytes(url), size);
