// The programme before it is encoded: an ffmpeg that draws a synthetic one or loops a file, read
// picture by picture at the playout's own pace.

import { systemClock } from '../../kernel/clock.ts';
import { HarnessError } from '../../model/errors.ts';
import type { PlayoutStage } from '../../model/scenario.ts';
import { byteQueue, cutStream } from '../chunks.ts';
import { AUDIO } from '../pace.ts';
import { frameBytes, type Size } from '../picture.ts';
import { askTool, startTool, toolError, words, type Tool } from '../tool.ts';

export interface SourceOptions {
  readonly ffmpeg: string;
  readonly source: PlayoutStage['source'];
  readonly size: Size;
  readonly fps: number;
  readonly channel: { readonly name: string; readonly number: number };
  readonly log: (text: string) => void;
  readonly fail: (error: unknown) => void;
}

export interface Source {
  /** The next picture, undefined when the source is slower than real time. */
  readonly nextPicture: () => Buffer | undefined;
  readonly nextAudio: (bytes: number) => Buffer;
  readonly stop: () => void;
}

/** Pictures read ahead; more would only cost memory. */
const AHEAD_FRAMES = 8;
const FIRST_PICTURE_WITHIN_MS = 15_000;

/** Resolves with the first picture at hand. */
export async function startSource(options: SourceOptions): Promise<Source> {
  if (options.source.kind === 'file')
    return open(options, await fileArgs(options.source.path, options));
  // Fonts may be missing; a programme without its name is as good for measuring.
  return open(options, syntheticArgs(options, true)).catch((error: unknown) => {
    options.log(`drawing without the channel's name: ${String(error)}`);
    return open(options, syntheticArgs(options, false));
  });
}

interface Inputs {
  readonly args: readonly string[];
  /** Stream with the sound, as -map names it. */
  readonly sound: string;
}

async function open(options: SourceOptions, inputs: Inputs): Promise<Source> {
  const { ffmpeg, size, log } = options;
  const tool = startTool({
    command: ffmpeg,
    name: 'source ffmpeg',
    args: [...QUIET, ...inputs.args, ...rawOutputs(options, inputs.sound)],
    pipes: ['none', 'none', 'out', 'out'],
    log,
  });
  const pictures: Buffer[] = [];
  const video = tool.output(2);
  cutStream(video, frameBytes(size), (picture) => {
    pictures.push(picture);
    if (pictures.length >= AHEAD_FRAMES) video.pause();
  });
  const { nextAudio } = readAudio(tool);
  await firstPicture(tool, options, pictures);
  let stopping = false;
  void tool.exited.then((exit) => {
    if (!stopping) options.fail(toolError('source ffmpeg', ffmpeg, exit));
  });
  return {
    nextPicture: () => {
      const picture = pictures.shift();
      if (pictures.length < AHEAD_FRAMES) video.resume();
      return picture;
    },
    nextAudio,
    stop: () => {
      stopping = true;
      tool.kill('SIGKILL');
    },
  };
}

function readAudio(tool: Tool) {
  const stream = tool.output(3);
  const highBytes = AUDIO.sampleRate * AUDIO.bytesPerSample;
  const queue = byteQueue(highBytes * 4);
  stream.on('data', (chunk: Buffer) => {
    queue.push(chunk);
    if (queue.length > highBytes) stream.pause();
  });
  return {
    nextAudio: (bytes: number) => {
      const taken = queue.take(bytes);
      if (queue.length <= highBytes) stream.resume();
      return taken;
    },
  };
}

async function firstPicture(tool: Tool, { ffmpeg }: SourceOptions, pictures: readonly Buffer[]) {
  const until = systemClock.epochMs() + FIRST_PICTURE_WITHIN_MS;
  const ended = tool.exited.then((exit) => exit);
  while (pictures.length === 0) {
    const exit = await Promise.race([ended, systemClock.sleep(20)]);
    if (exit) throw toolError('source ffmpeg', ffmpeg, exit);
    if (systemClock.epochMs() < until) continue;
    tool.kill('SIGKILL');
    throw new HarnessError(
      'STAGE_FAILED',
      `the source gave no picture within ${FIRST_PICTURE_WITHIN_MS} ms`,
    );
  }
}

const QUIET = words('-hide_banner -loglevel warning -nostdin -filter_threads 1');

function syntheticArgs({ size, fps, channel }: SourceOptions, named: boolean): Inputs {
  const name = channel.name.replace(/[^A-Za-z0-9 ]/g, ' ');
  const text = named
    ? `,drawtext=text='${name}':fontsize=h/7:fontcolor=white:box=1:boxborderw=6:` +
      `boxcolor=${BOX_COLOURS[channel.number % BOX_COLOURS.length]}:x=(w-tw)/2:y=h*0.72`
    : '';
  const picture = `testsrc2=size=${size.width}x${size.height}:rate=${fps}${text}`;
  // A tone of its own for each channel, with a beep every second.
  const tone = `sine=frequency=${220 + 55 * channel.number}:beep_factor=3:sample_rate=${AUDIO.sampleRate}`;
  return { args: [...lavfi(picture), ...lavfi(tone)], sound: '1:a:0' };
}

const lavfi = (graph: string) => ['-f', 'lavfi', '-i', graph];

const BOX_COLOURS = ['0x303030', '0x8a1c1c', '0x1c3f8a', '0x1c7a3a', '0x7a5c1c', '0x5c1c7a'];

/**
 * A scenario may come from anywhere: ffmpeg opens files only (no address is fetched), and reads them
 * as films only (no text, list of files or playlist becomes a programme).
 */
const FILMS_ONLY = [
  ...words('-protocol_whitelist file -format_whitelist'),
  'mov,matroska,mpegts,mpeg,avi,flv,mxf,ogg,nut',
];

async function fileArgs(path: string, { ffmpeg, log }: SourceOptions): Promise<Inputs> {
  const input = [...FILMS_ONLY, '-i', `file:${path}`];
  const told = await askTool(ffmpeg, ['-hide_banner', '-nostdin', ...input], () => undefined);
  if (!told.some((line) => /Stream #0:\d.*Video:/.test(line))) {
    throw new HarnessError('STAGE_FAILED', `${path} holds no video that ffmpeg can read`, {
      target: path,
      hint: `Check the path; ffmpeg said: ${told.at(-1) ?? 'nothing'}`,
    });
  }
  const silent = !told.some((line) => /Stream #0:\d.*Audio:/.test(line));
  if (silent) log(`${path} has no sound: sending silence`);
  const loop = ['-threads', '1', '-stream_loop', '-1', ...input];
  return silent
    ? { args: [...loop, ...lavfi(`anullsrc=r=${AUDIO.sampleRate}:cl=mono`)], sound: '1:a:0' }
    : { args: loop, sound: '0:a:0' };
}

function rawOutputs({ source, size, fps }: SourceOptions, sound: string): string[] {
  const { width, height } = size;
  const fit =
    `fps=${fps},scale=${width}:${height}:force_original_aspect_ratio=decrease:flags=fast_bilinear,` +
    `pad=${width}:${height}:(ow-iw)/2:(oh-ih)/2,setsar=1`;
  const filter = source.kind === 'file' ? ['-vf', fit] : [];
  return [
    ...[...words('-map 0:v:0'), ...filter, ...words('-pix_fmt yuv420p -f rawvideo pipe:3')],
    ...words(`-map ${sound} -ar ${AUDIO.sampleRate} -ac ${AUDIO.channels} -f s16le pipe:4`),
  ];
}
