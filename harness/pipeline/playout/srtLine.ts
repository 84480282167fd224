// The way of a sender over SRT.

import { srtUrl, passOn } from '../srt.ts';
import { startTool } from '../tool.ts';
import type { Dial } from './sender.ts';

/** Resolves at once: whether somebody listens there shows when the way ends. */
export const dialSrt =
  (ffmpeg: string): Dial =>
  (to) => {
    let lastLine = 'closed by the far side';
    const tool = startTool({
      command: ffmpeg,
      name: 'srt ffmpeg',
      args: passOn('pipe:0', srtUrl(to, 'caller')),
      pipes: ['in'],
      log: (line) => (lastLine = line),
    });
    const stdin = tool.input(0);
    let bytes = 0;
    return Promise.resolve({
      write: (chunk) => {
        bytes += chunk.length;
        stdin.write(chunk);
      },
      waitingBytes: () => stdin.writableLength,
      handedOverBytes: () => bytes - stdin.writableLength,
      inKernelBytes: () => Promise.resolve(0),
      onData: () => undefined,
      ended: tool.exited.then(({ error }) => error?.message ?? lastLine),
      close: () => tool.kill('SIGKILL'),
    });
  };
