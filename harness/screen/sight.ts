// Reads a recording with ffmpeg: blackdetect, and the difference of each sample from the one before,
// on the picture of each viewer without the strip of the frame clock. What is found is found by
// pixels alone.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { HarnessError, errorMessage } from '../model/errors.ts';
import { FRAME_CLOCK } from '../model/frameClock.ts';
import { PAGE_CLOCK, type Rectangle, type ScreenLayout } from '../model/screen.ts';
import type { SeenSpan, Sighting } from '../model/screenRuler.ts';
import {
  blackSpans,
  clockLags,
  findGaps,
  medianStep,
  PARTS,
  stillSpans,
  tenth,
  UNITS_PER_S,
} from './findings.ts';

export interface SightOptions {
  readonly ffmpeg: string;
  readonly ffprobe: string;
  readonly file: string;
  readonly layout: ScreenLayout;
  /** A writable folder. */
  readonly workDir: string;
  readonly startedAtEpochMs: number;
  /** The length of a frame of the programme. */
  readonly frameMs: number;
  readonly signal: AbortSignal;
}

/** Errors: SCREEN_FAILED. */
export async function readRecording(options: SightOptions): Promise<Sighting> {
  const { layout, startedAtEpochMs, frameMs } = options;
  const timesEpochMs = await sampleTimes(options);
  await look(options);
  const [first = 0] = timesEpochMs;
  const last = timesEpochMs.at(-1) ?? 0;
  const inRun = <T extends { fromMs: number; toMs: number }>(since: number, span: T): T => ({
    ...span,
    fromMs: tenth(span.fromMs + since - startedAtEpochMs),
    toMs: tenth(span.toMs + since - startedAtEpochMs),
  });
  const tiles = Object.keys(layout.pictures).map(async (viewer, i) => {
    const black = blackSpans(await readFile(blackFile(options, i), 'utf8'), last - first);
    const changes = await readFile(changesFile(options, i));
    const still = stillSpans(changes, timesEpochMs, 2 * frameMs);
    const spans: SeenSpan[] = [
      ...black.map((span) => inRun(first, span)),
      ...still.map((span) => inRun(0, span)),
    ];
    return { viewer, spans: spans.toSorted((a, b) => a.fromMs - b.fromMs) };
  });
  return {
    ...inRun(0, { fromMs: first, toMs: last }),
    periodMs: medianStep(timesEpochMs),
    gaps: findGaps(timesEpochMs, 2 * frameMs).map((gap) => inRun(0, gap)),
    tiles: await Promise.all(tiles),
    clockLagsMs: clockLags(await readFile(clockFile(options)), timesEpochMs),
  };
}

async function sampleTimes({ ffprobe, file, signal }: SightOptions): Promise<readonly number[]> {
  const args = ['-v', 'error', '-show_entries', 'packet=pts_time', '-of', 'csv=p=0', file];
  // `1795829956.696564,` in some versions, without the comma in others.
  return (await run(ffprobe, args, signal))
    .split('\n')
    .map((line) => Number.parseFloat(line) * 1000)
    .filter((ms) => Number.isFinite(ms));
}

/** All but two of a hundred pixels of a black picture are darker than this share of white. */
const BLACK = 'blackdetect=d=0:pic_th=0.98:pix_th=0.08';
/**
 * A pixel has changed when its grey has by more than this, of 255: an encoder that makes a standing
 * picture better changes it by less, a programme that moves changes a tenth of them by more.
 */
const CHANGED_MIN = 32;
const CHANGES =
  `tblend=all_mode=difference,lut=c0=gt(val\\,${CHANGED_MIN})*255,` +
  `scale=${PARTS.columns}:${PARTS.rows}:flags=area`;

/** Writes a file of blacks and one of changes for every picture, and one of the page's clock. */
async function look(options: SightOptions): Promise<void> {
  const { ffmpeg, file, layout, signal } = options;
  const pictures = Object.values(layout.pictures);
  const chains = pictures.flatMap((picture, i) => [
    `[p${i}]${cropFilter(belowStrip(picture))},split[b${i}][d${i}]`,
    `[b${i}]${BLACK},metadata=mode=print:file=${quoted(blackFile(options, i))},nullsink`,
    `[d${i}]${CHANGES}[c${i}]`,
  ]);
  const outputs = pictures.map((_, i) => `[p${i}]`).join('');
  const graph = [
    `[0:v]setpts=PTS-STARTPTS,settb=1/${UNITS_PER_S},split=${pictures.length + 1}${outputs}[p]`,
    ...chains,
    `[p]${cropFilter(layout.clock)},scale=${PAGE_CLOCK.cells}:1:flags=area[clock]`,
  ].join(';');
  const raw = (name: string, to: string) => [
    ...['-map', `[${name}]`, '-fps_mode', 'passthrough', '-pix_fmt', 'gray', '-f', 'rawvideo', to],
  ];
  await run(
    ffmpeg,
    [
      ...['-nostdin', '-loglevel', 'fatal', '-y', '-i', file, '-filter_complex', graph],
      ...pictures.flatMap((_, i) => raw(`c${i}`, changesFile(options, i))),
      ...raw('clock', clockFile(options)),
    ],
    signal,
  );
}

const blackFile = ({ workDir }: SightOptions, i: number) => join(workDir, `black-${i}.txt`);
const changesFile = ({ workDir }: SightOptions, i: number) => join(workDir, `changes-${i}.gray`);
const clockFile = ({ workDir }: SightOptions) => join(workDir, 'clock.gray');

/** A path inside a filter's option inside a graph. */
const quoted = (path: string): string => `'${path.replaceAll(':', String.raw`\:`)}'`;

const cropFilter = ({ x, y, width, height }: Rectangle): string =>
  `crop=${width}:${height}:${x}:${y}:exact=1`;

/** Gives the part without the strip, the row it is blurred into, and the picture's edges. */
function belowStrip({ x, y, width, height }: Rectangle): Rectangle {
  const strip = Math.ceil(height * FRAME_CLOCK.heightShare) + 2;
  return { x: x + 1, y: y + strip, width: width - 2, height: height - strip - 1 };
}

/** Reading is done after the run, at the pace of the machine: an hour is never too short. */
const READ_MS_MAX = 60 * 60_000;
/** Times of a day of samples. */
const TEXT_BYTES_MAX = 2 ** 28;

async function run(program: string, args: readonly string[], signal: AbortSignal): Promise<string> {
  const options = { cancelSignal: signal, timeout: READ_MS_MAX, maxBuffer: TEXT_BYTES_MAX };
  const done = await execa(program, args, { ...options, stdin: 'ignore' }).catch(
    (error: unknown) => {
      signal.throwIfAborted();
      throw new HarnessError(
        'SCREEN_FAILED',
        `the recording cannot be read: ${errorMessage(error)}`,
        {
          target: program,
          cause: error,
        },
      );
    },
  );
  return done.stdout;
}
