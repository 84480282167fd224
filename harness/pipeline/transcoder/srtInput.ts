// The contribution input over SRT: an ffmpeg listens behind a tap at the port of the receiver, by
// datagrams, and hands what comes to it.

import { systemClock } from '../../kernel/clock.ts';
import type { Address } from '../../model/world.ts';
import { passOn, srtUrl } from '../srt.ts';
import type { StageContext } from '../stage.ts';
import { startTool } from '../tool.ts';
import { tapSrt, type SrtTap } from './srtTap.ts';

/** It listens for so long at a time, and so outlives its stage by no more. */
const LISTEN_MS = 2_000;
const AGAIN_MS = 100;

type Surroundings = Pick<StageContext, 'config' | 'log' | 'signal'>;

export interface SrtInput extends Pick<SrtTap, 'stats' | 'stop'> {
  /** Settles when the stage ends. */
  readonly ended: Promise<void>;
}

/** Listens anew after each sender, until the stage ends. */
export async function listenForSrt(context: Surroundings, port: number): Promise<SrtInput> {
  const { stats, stop, listener } = await tapSrt({ ...context.config.listen, port });
  return { stats, stop, ended: listenAgain(context, port, listener) };
}

async function listenAgain(
  { config: { tools }, log, signal }: Surroundings,
  port: number,
  listener: Address,
): Promise<void> {
  const from = srtUrl(listener, 'listener', { listen_timeout: LISTEN_MS * 1_000 });
  while (!signal.aborted) {
    const tool = startTool({
      command: tools.ffmpeg,
      name: 'srt ffmpeg',
      args: passOn(from, `tcp://127.0.0.1:${port}`),
      pipes: [],
      // Nobody called: it listens again.
      log: (line) => (line.includes('Input/output error') ? undefined : log(line)),
    });
    const end = () => tool.kill('SIGKILL');
    signal.addEventListener('abort', end);
    await tool.exited;
    signal.removeEventListener('abort', end);
    await systemClock.sleep(AGAIN_MS, signal).catch(() => undefined);
  }
}
