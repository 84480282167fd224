// Messages over a socket, one JSON object a line, bounded in both directions: a line that is too long
// or an end that does not read ends the connection, and nothing grows without bound.

import type { Socket } from 'node:net';
import { StringDecoder } from 'node:string_decoder';
import { parseObject } from '../../harness/kernel/parseObject.ts';
import { LINE_BYTES_MAX, UNSENT_BYTES_MAX } from './messages.ts';

export interface Lines<Sent> {
  /** Does nothing once the connection has ended. */
  readonly send: (message: Sent) => void;
  /** Settles with the reason as the end of a sentence; never rejects. */
  readonly closed: Promise<string>;
  /** Ends it when everything has been sent. */
  readonly end: () => void;
  readonly destroy: (why: string) => void;
}

export interface LinesOptions {
  /** Bytes that the other side sent while the connection was made. */
  readonly head?: Buffer;
  /** Gets what is an object; a line that is none ends the connection. */
  readonly onMessage: (message: Readonly<Record<string, unknown>>) => void;
}

export function talkInLines<Sent extends object>(
  socket: Socket,
  { head, onMessage }: LinesOptions,
): Lines<Sent> {
  const { promise: closed, resolve: close } = Promise.withResolvers<string>();
  const destroy = (why: string) => {
    close(why);
    socket.destroy();
  };
  const read = splitLines((line) => {
    const message = parseObject(line);
    if (message) onMessage(message);
    else destroy('it sent a line that is no message');
  });
  const hear = (chunk: Buffer) => {
    if (!read(chunk)) destroy(`it sent a line of more than ${LINE_BYTES_MAX} bytes`);
  };
  socket.setNoDelay(true);
  socket.setTimeout(0);
  // It is heard in its turn, when the caller is ready.
  if (head && head.length > 0) socket.unshift(head);
  socket.on('data', hear);
  socket.on('error', (error) => destroy(`the connection broke (${error.message})`));
  socket.on('close', () => close('the connection ended'));
  socket.on('end', () => socket.end());
  return {
    send: (message) => {
      if (!socket.writable) return;
      if (socket.writableLength > UNSENT_BYTES_MAX)
        destroy(`the connection was too slow: ${UNSENT_BYTES_MAX >> 20} MB waited to be sent`);
      else socket.write(`${JSON.stringify(message)}\n`);
    },
    closed,
    end: () => socket.end(),
    destroy,
  };
}

/** Gives a function that takes bytes; it answers false once a line is too long. */
function splitLines(onLine: (line: string) => void): (chunk: Buffer) => boolean {
  const decoder = new StringDecoder('utf8');
  let parts: string[] = [];
  let length = 0;
  return (chunk) => {
    const pieces = decoder.write(chunk).split('\n');
    const rest = pieces.pop() ?? '';
    for (const piece of pieces) {
      onLine(parts.join('') + piece);
      parts = [];
      length = 0;
    }
    parts.push(rest);
    length += rest.length;
    return length <= LINE_BYTES_MAX;
  };
}
