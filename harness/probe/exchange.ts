// A connection of our own through the proxy of an HTTP link, to hear whether the far side answers
// and how long a question and an answer of known length take.

import { connect } from 'node:net';
import { systemClock } from '../kernel/clock.ts';
import type { Answer } from '../model/answer.ts';
import { PROBE, type Address } from '../model/world.ts';

const HEAD = `GET ${PROBE.path} HTTP/1.0\r\nHost: localhost\r\nX-Padding: `;
const END = '\r\n\r\n';
/** The question, as long as the answer, so that either direction shows what is done to it. */
const QUESTION = HEAD + 'x'.repeat(PROBE.upBytes - HEAD.length - END.length) + END;

/**
 * Gives the time to the end of an answer and its bytes, headers included, whatever its status: it
 * comes from the other end.
 */
export function exchange({ host, port }: Address, withinMs: number): Promise<Answer> {
  const startedAt = systemClock.epochMs();
  return new Promise((resolve) => {
    const socket = connect({ host, port, noDelay: true });
    let bytes = 0;
    const end = (ms: number | undefined) => {
      clearTimeout(timer);
      resolve({ ms, bytes });
      socket.destroy();
    };
    const timer = setTimeout(() => end(undefined), withinMs);
    socket.once('connect', () => socket.write(QUESTION));
    socket.on('data', (chunk) => (bytes += chunk.length));
    socket.once('end', () => end(bytes > 0 ? systemClock.epochMs() - startedAt : undefined));
    socket.once('error', () => end(undefined));
    socket.once('close', () => end(undefined));
  });
}
