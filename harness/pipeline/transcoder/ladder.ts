// The ABR ladder: one ffmpeg encodes every rung into segments that begin at the same frames, and
// tells on a pipe of each rung when a segment is complete. CMAF has its sound in a track of its own.

import { readFile, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { MediaSettings, Rung } from '../../model/scenario.ts';
import { AUDIO } from '../pace.ts';
import { rawInputs } from '../rawInputs.ts';
import { frameBytes } from '../picture.ts';
import { startTool, toolError, words } from '../tool.ts';
import { readGrowing, type GrowingSegments } from './growingSegments.ts';
import { partMs, partsInSegment } from './parts.ts';
import { trackFolders } from './tracks.ts';

export interface LadderOptions {
  readonly ffmpeg: string;
  readonly media: MediaSettings;
  readonly workDir: string;
  /** Distinguishes the files of encoders that follow one another. */
  readonly generation: number;
  /** Time stamp of its first frame; 0 when not said. */
  readonly startsAtS?: number;
  readonly onSegment: (segment: EncodedSegment) => void;
  /** Gets the parts of a segment before it, where the latency is low. */
  readonly onPart?: (part: EncodedPart) => void;
  readonly log: (text: string) => void;
}

export interface EncodedSegment {
  /** Index in the ladder; after the last one comes the sound of CMAF. */
  readonly rung: number;
  /** The number of the segment, from 0 for the first of this encoder. */
  readonly index: number;
  /** Gives its bytes, once. */
  readonly take: () => Promise<Buffer>;
  /** Gives the head that CMAF segments have in common. */
  readonly init?: () => Promise<Buffer>;
}

/** A piece of a segment in the making, with no hole to the one before it. */
export interface EncodedPart extends Pick<EncodedSegment, 'rung' | 'index'> {
  /** Its number in the segment, from 0. */
  readonly part: number;
  readonly body: Buffer;
  readonly init: () => Promise<Buffer>;
}

export interface LadderEncoder {
  /** False when the encoder is more than a second late: the frame is not encoded. */
  readonly write: (picture: Buffer, sound: Buffer) => boolean;
  /** No more frames: the last segment is completed. */
  readonly end: () => void;
  readonly kill: () => void;
  /** Resolves when it ends, with what that means where nobody asked for it. */
  readonly ended: Promise<Error>;
}

export function startLadder(options: LadderOptions): LadderEncoder {
  const { ffmpeg, media, log } = options;
  const tool = startTool({
    command: ffmpeg,
    name: 'ladder ffmpeg',
    args: ladderArgs(options),
    pipes: ['none', 'none', 'in', 'in', ...trackFolders(media).map(() => 'out' as const)],
    log,
  });
  const growing = trackFolders(media).map((_, rung) => {
    const init = () => readFile(initFile(options, rung));
    const parts = partsOf(rung, options, init);
    // `file,start,end`, one line a segment, in order.
    createInterface({ input: tool.output(4 + rung) }).on('line', (line) => {
      const name = line.split(',')[0] ?? '';
      const index = Number(/-(\d+)\.\w+$/.exec(name)?.[1]);
      const segment = {
        rung,
        index,
        take: () => takeFile(join(options.workDir, name)),
        ...(media.container === 'cmaf' && { init }),
      };
      if (!parts) options.onSegment(segment);
      else void parts.finish().then(() => options.onSegment(segment));
    });
    return parts;
  });
  const [video, audio] = [tool.input(2), tool.input(3)];
  const waitingBytesMax = frameBytes(media) * media.fps;
  return {
    write: (picture, sound) => {
      if (video.writableLength > waitingBytesMax) return false;
      video.write(picture);
      audio.write(sound);
      for (const parts of growing) parts?.look();
      return true;
    },
    end: () => {
      video.end();
      audio.end();
    },
    kill: () => tool.kill('SIGKILL'),
    ended: tool.exited.then((exit) => toolError('ladder ffmpeg', ffmpeg, exit)),
  };
}

/** Reads parts of the segments of a track while they are written; undefined where there are none. */
function partsOf(
  rung: number,
  { media, onPart, ...options }: LadderOptions,
  init: EncodedPart['init'],
): GrowingSegments | undefined {
  if (media.latency !== 'low' || !onPart) return undefined;
  return readGrowing({
    file: (index) => join(options.workDir, segmentFile(options, rung, `${index}.m4s`)),
    parts: partsInSegment(media),
    onPart: (part) => onPart({ ...part, rung, init }),
    log: options.log,
  });
}

async function takeFile(file: string): Promise<Buffer> {
  const body = await readFile(file);
  await unlink(file);
  return body;
}

/** First frame of the encoder's n-th segment: the first that is not before n segment lengths. */
export const firstFrame = (index: number, { segmentMs, fps }: MediaSettings): number =>
  Math.max(0, Math.ceil((index * segmentMs * fps) / 1000 - 1e-6));

/** Public for its test. */
export function ladderArgs(options: LadderOptions): string[] {
  const { media } = options;
  const { ladder } = media;
  const split = ladder.map((_, i) => `[s${i}]`).join('');
  const scaled = ladder.map((rung, i) => `[s${i}]${scaleFilter(rung, media)}[v${i}]`).join(';');
  return [
    ...words('-hide_banner -loglevel warning -nostdin -filter_complex_threads 1'),
    ...rawInputs(media, media.fps),
    ...['-filter_complex', `[0:v]split=${ladder.length}${split};${scaled}`],
    ...ladder.flatMap((rung, i) => [
      ...pictureOutput(rung, i, media),
      ...(media.container === 'cmaf' ? [] : soundOutput()),
      ...segments(i, options),
    ]),
    ...(media.container === 'cmaf' ? [...soundOutput(), ...segments(ladder.length, options)] : []),
  ];
}

const soundOutput = () => words(`-map 1:a -c:a aac -b:a ${AUDIO.kbps}k`);

const scaleFilter = (rung: Rung, { width, height }: MediaSettings): string =>
  rung.width === width && rung.height === height
    ? 'null'
    : `scale=${rung.width}:${rung.height}:flags=area`;

function pictureOutput(rung: Rung, index: number, media: MediaSettings) {
  const seconds = media.segmentMs / 1000;
  const rate = `${rung.videoKbps}k`;
  return [
    ...words(`-map [v${index}] -c:v libx264 -preset ultrafast -tune zerolatency -threads 1`),
    // It puts out as many frames as it takes: one made up would shift all that is known of them.
    ...words(`-fps_mode passthrough -profile:v baseline -level ${h264Level(rung, media.fps)}`),
    ...words(`-b:v ${rate} -maxrate ${rate} -bufsize ${rate}`),
    // Rungs can be switched only where all of them begin a segment with a key frame.
    ...words(`-force_key_frames expr:gte(t,n_forced*${seconds})`),
    ...words(`-x264-params keyint=${Math.ceil(2 * seconds * media.fps)}:scenecut=0`),
  ];
}

function segments(index: number, options: LadderOptions): string[] {
  const { media, workDir, generation, startsAtS } = options;
  const cmaf = media.container === 'cmaf';
  return [
    ...words(`-f segment -segment_time ${media.segmentMs / 1000}`),
    ...(cmaf ? cmafFormat(options, index) : words('-segment_format mpegts')),
    ...words(`-segment_time_delta ${0.5 / media.fps}`),
    ...(startsAtS === undefined ? [] : words(`-initial_offset ${startsAtS.toFixed(6)}`)),
    ...words(`-segment_list pipe:${5 + index} -segment_list_type csv`),
    join(workDir, segmentFile({ generation }, index, `%d.${cmaf ? 'm4s' : 'ts'}`)),
  ];
}

const segmentFile = (
  { generation }: Pick<LadderOptions, 'generation'>,
  index: number,
  end: string,
) => `e${generation}-v${index}-${end}`;

const initFile = (options: LadderOptions, index: number): string =>
  join(options.workDir, segmentFile(options, index, 'init.mp4'));

/**
 * A fragment a segment (or a part), with the true time of its first frame, behind a head in a file of its
 * own. It is on disk before the list names it only when it is flushed.
 */
const cmafFormat = (options: LadderOptions, index: number): string[] => [
  ...words('-segment_format mp4 -individual_header_trailer 0 -segment_header_filename'),
  initFile(options, index),
  ...words('-segment_format_options'),
  'movflags=+empty_moov+default_base_moof+frag_discont+skip_trailer' +
    ':avoid_negative_ts=disabled:use_editlist=0:video_track_timescale=90000:flush_packets=1' +
    fragments(options.media, index),
];

/** Samples in a frame of AAC. */
const AAC_SAMPLES = 1024;

/** A new fragment begins half a frame before it would be due, so that rounding decides nothing. */
function fragments(media: MediaSettings, index: number): string {
  if (media.latency !== 'low') return '';
  const frameMs =
    index < media.ladder.length ? 1000 / media.fps : (AAC_SAMPLES * 1000) / AUDIO.sampleRate;
  return `:frag_duration=${Math.round((partMs(media) - frameMs / 2) * 1000)}`;
}

/** H.264 level, by macroblocks a second (ITU-T H.264 table A-1): 3.1, 4.0 or 5.1. */
export function h264Level({ width, height }: Rung, fps: number): '3.1' | '4.0' | '5.1' {
  const macroblocks = Math.ceil(width / 16) * Math.ceil(height / 16);
  if (macroblocks <= 3_600 && macroblocks * fps <= 108_000) return '3.1';
  return macroblocks <= 8_192 && macroblocks * fps <= 245_760 ? '4.0' : '5.1';
}
