// A connection of our own through the proxy of an HTTP link, to hear whether the far side answers.

import { connect } from 'node:net';
import { systemClock } from '../kernel/clock.ts';
import type { Address } from '../model/world.ts';

/** Any answer will do, an error status too: it comes from the other end of the link. */
const QUESTION = 'HEAD / HTTP/1.0\r\n\r\n';

/** Time to the first byte of an answer; undefined when none came in time, whatever the reason. */
export function answerMs({ host, port }: Address, withinMs: number): Promise<number | undefined> {
  const startedAt = systemClock.epochMs();
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const end = (ms: number | undefined) => {
      resolve(ms);
      socket.destroy();
    };
    socket.setTimeout(withinMs, () => end(undefined));
    socket.once('connect', () => socket.write(QUESTION));
    socket.once('data', () => end(systemClock.epochMs() - startedAt));
    socket.once('error', () => end(undefined));
    socket.once('close', () => end(undefined));
  });
}
