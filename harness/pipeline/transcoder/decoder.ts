// Decodes one contribution connection into raw pictures and sound, as they come.

import { cutStream } from '../chunks.ts';
import { AUDIO } from '../pace.ts';
import { frameBytes, type Size } from '../picture.ts';
import { startTool, toolError, words } from '../tool.ts';
import type { ConnectionSink } from './receiver.ts';

export interface DecoderOptions {
  readonly ffmpeg: string;
  readonly size: Size;
  readonly onPicture: (picture: Buffer) => void;
  readonly onSound: (chunk: Buffer) => void;
  readonly log: (text: string) => void;
  /**
   * Takes the error that ended it while its connection lived: nothing would be decoded any more.
   */
  readonly fail: (error: unknown) => void;
}

/** A decoder that ends later than this after its connection did is killed. */
const END_WITHIN_MS = 2_000;

export function startDecoder(options: DecoderOptions): ConnectionSink {
  const { ffmpeg, size, log } = options;
  const tool = startTool({
    command: ffmpeg,
    name: 'decoder ffmpeg',
    args: decoderArgs(size),
    pipes: ['in', 'none', 'out', 'out'],
    log,
  });
  // Pictures of an ended connection still in the decoder are of no use to a live programme.
  let ended = false;
  cutStream(tool.output(2), frameBytes(size), (picture) => !ended && options.onPicture(picture));
  tool.output(3).on('data', (chunk: Buffer) => !ended && options.onSound(chunk));
  void tool.exited.then((exit) => {
    if (!ended && exit.signal) options.fail(toolError('decoder ffmpeg', ffmpeg, exit));
  });
  const input = tool.input(0);
  return {
    write: (chunk, whenReady) => {
      if (input.destroyed || input.write(chunk)) return true;
      input.once('drain', whenReady).once('close', whenReady);
      return false;
    },
    end: () => {
      ended = true;
      input.end();
      const timer = setTimeout(() => tool.kill('SIGKILL'), END_WITHIN_MS);
      void tool.exited.then(() => clearTimeout(timer));
    },
  };
}

function decoderArgs({ width, height }: Size): string[] {
  return [
    ...words('-hide_banner -loglevel error -filter_threads 1 -threads 1 -flags low_delay'),
    // Damaged packets are dropped: a broken picture is held, not shown.
    ...words('-fflags +nobuffer+discardcorrupt'),
    // Enough to find both streams; more would be waited for at every reconnection.
    ...words('-probesize 200000 -analyzeduration 200000 -fpsprobesize 0 -f mpegts -i pipe:0'),
    ...words(`-map 0:v:0 -fps_mode passthrough -pix_fmt yuv420p -s ${width}x${height}`),
    ...words('-sws_flags fast_bilinear -flush_packets 1 -f rawvideo pipe:3'),
    // Lost sound becomes silence, or all that follows would be early.
    ...words(`-map 0:a:0? -af aresample=async=1 -ar ${AUDIO.sampleRate} -ac ${AUDIO.channels}`),
    ...words('-flush_packets 1 -f s16le pipe:4'),
  ];
}
