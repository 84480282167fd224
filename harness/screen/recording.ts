// A recording of a display: ffmpeg takes its picture many times a second, and stamps each with the
// machine's clock at the moment it was taken. Lossless, and in grey, which is all that is looked at.

import { once } from 'node:events';
import { stat } from 'node:fs/promises';
import { waitFor } from '../kernel/deadline.ts';
import { HarnessError } from '../model/errors.ts';
import { displayEnd, lastWords, startOwned, type Display } from './display.ts';

/** The rate at which the browser paints. */
export const SAMPLES_PER_SECOND = 60;

const START_MS_MAX = 10_000;
/** It writes the rest of its index. */
const STOP_MS_MAX = 10_000;

export interface Recording {
  readonly file: string;
  /** Errors: SCREEN_FAILED when it ended before it was asked to. */
  stop(): Promise<void>;
}

/** Resolves when the first samples are in the file. Errors: SCREEN_FAILED. */
export async function startRecording(
  ffmpeg: string,
  display: Display,
  file: string,
  signal: AbortSignal,
): Promise<Recording> {
  const child = await startOwned(ffmpeg, recordingArgs(display, file), {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: display.env,
  });
  const said = lastWords(child);
  let stopping = false;
  const ended = once(child, 'exit').then(() => {
    if (stopping) return;
    throw new HarnessError('SCREEN_FAILED', `the recording of the display ended: ${said()}`, {
      target: 'ffmpeg',
      hint: 'look whether the disk is full, and whether this ffmpeg has x11grab (ffmpeg -devices)',
    });
  });
  ended.catch(() => undefined);
  const begun = waitFor(
    { ms: START_MS_MAX, what: 'the recording of the display', code: 'SCREEN_FAILED', signal },
    async () => (await fileSize(file)) > 0 || undefined,
  );
  await Promise.race([begun, ended]).catch(async (error: unknown) => {
    stopping = true;
    await displayEnd(child, 'SIGKILL');
    throw error;
  });
  return {
    file,
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return ended;
      stopping = true;
      await displayEnd(child, 'SIGINT', STOP_MS_MAX);
    },
  };
}

const recordingArgs = ({ name, size }: Display, file: string): readonly string[] => [
  ...['-nostdin', '-hide_banner', '-loglevel', 'error', '-y'],
  ...['-copyts', '-use_wallclock_as_timestamps', '1', '-thread_queue_size', '64'],
  ...['-f', 'x11grab', '-draw_mouse', '0', '-framerate', `${SAMPLES_PER_SECOND}`],
  ...['-video_size', `${size.width}x${size.height}`, '-i', name],
  ...['-vf', 'format=gray', '-fps_mode', 'passthrough', '-c:v', 'ffvhuff', '-flush_packets', '1'],
  ...['-f', 'nut', file],
];

const fileSize = (file: string): Promise<number> =>
  stat(file).then(
    ({ size }) => size,
    () => 0,
  );
