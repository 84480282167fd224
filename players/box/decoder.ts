// The decoder of a set-top box: an ffmpeg that turns the packets of a transport stream into pictures so
// small that the frame clock can just be read from them.

import { spawn, type ChildProcessByStdio } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { PICTURE } from '../page/picture.ts';

/** The process of a decoder: packets go in, pictures come out. */
export type DecoderProcess = ChildProcessByStdio<Writable, Readable, null>;

export interface BoxDecoder {
  readonly write: (packets: Uint8Array) => void;
  readonly end: () => void;
}

export interface BoxDecoderOptions {
  /** Gives a process that has decoded nothing yet. */
  readonly take: () => DecoderProcess;
  readonly onPicture: (rgba: Uint8Array) => void;
  /** It ended though nobody asked it to. */
  readonly onEnded: (why: string) => void;
}

const PICTURE_BYTES = PICTURE.width * PICTURE.height * 4;
/** A decoder that is this far behind loses packets, as that of a box does. */
const WAITING_BYTES_MAX = 4 * 1024 * 1024;

const ARGUMENTS = [
  ...'-hide_banner -loglevel fatal -nostdin -filter_threads 1 -threads 1 -flags low_delay'.split(
    ' ',
  ),
  // With nobuffer the pictures that it looks at first are lost, and with them the one to begin with.
  ...'-fflags discardcorrupt -probesize 100000 -analyzeduration 100000'.split(' '),
  ...'-fpsprobesize 0 -f mpegts -i pipe:0 -map 0:v:0 -fps_mode passthrough'.split(' '),
  ...`-s ${PICTURE.width}x${PICTURE.height} -sws_flags area -pix_fmt rgba`.split(' '),
  ...'-flush_packets 1 -f rawvideo pipe:1'.split(' '),
];

/** Waits for packets from its start on: one that runs already is a zap without the time of its start. */
export function startDecoderProcess(ffmpeg: string): DecoderProcess {
  const child = spawn(ffmpeg, ARGUMENTS, { stdio: ['pipe', 'pipe', 'ignore'] });
  child.stdin.on('error', () => undefined);
  // Whoever takes it finds that it has ended.
  child.on('error', () => undefined);
  return child;
}

export function startBoxDecoder({ take, onPicture, onEnded }: BoxDecoderOptions): BoxDecoder {
  const child = take();
  let ended = false;
  const gone = (why: string) => {
    if (!ended) onEnded(why);
    ended = true;
  };
  child.once('error', (error) => gone(error.message));
  child.once('close', (code, signal) => gone(`ended ${signal ? `by ${signal}` : `with ${code}`}`));
  cutPictures(child.stdout, (picture) => {
    if (!ended) onPicture(picture);
  });
  return {
    write: (packets) => {
      if (!ended && child.stdin.writableLength < WAITING_BYTES_MAX) child.stdin.write(packets);
    },
    end: () => {
      ended = true;
      child.kill('SIGKILL');
    },
  };
}

function cutPictures(
  stream: NodeJS.ReadableStream,
  onPicture: (picture: Uint8Array) => void,
): void {
  let rest: Buffer = Buffer.alloc(0);
  stream.on('data', (chunk: Buffer) => {
    rest = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
    for (; rest.length >= PICTURE_BYTES; rest = rest.subarray(PICTURE_BYTES))
      onPicture(rest.subarray(0, PICTURE_BYTES));
  });
}
