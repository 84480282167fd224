// The way of a sender over UDP: numbered datagrams, which nobody acknowledges.

import { createSocket } from 'node:dgram';
import { systemClock } from '../../kernel/clock.ts';
import { freshSeed } from '../../kernel/random.ts';
import { nextNumber, splitPayloads, rtpPacket } from '../../model/rtp.ts';
import type { Address } from '../../model/world.ts';
import type { Line } from './sender.ts';

/** Resolves with the way, or with why there is none. */
export function dialUdp({ host, port }: Address, signal: AbortSignal): Promise<Line | Error> {
  const socket = createSocket({ type: 'udp4', signal });
  return new Promise((resolve) => {
    socket.once('error', resolve);
    socket.connect(port, host, () => {
      // Nobody listens there now: the datagram is lost, and the next may arrive.
      socket.on('error', () => undefined);
      resolve(
        lineOver(
          (datagram) => socket.send(datagram, () => undefined),
          () => socket.close(),
        ),
      );
    });
  });
}

function lineOver(send: (datagram: Uint8Array) => void, close: () => void): Line {
  const source = freshSeed();
  const ended = Promise.withResolvers<string>();
  let number = freshSeed() % 2 ** 16;
  let bytes = 0;
  let isClosed = false;
  return {
    write: (packets) => {
      if (isClosed) return;
      for (const payload of splitPayloads(packets)) {
        number = nextNumber(number);
        send(rtpPacket({ number, source, payload }, systemClock.epochMs()));
      }
      bytes += packets.length;
    },
    waitingBytes: () => 0,
    handedOverBytes: () => bytes,
    inKernelBytes: () => Promise.resolve(0),
    onData: () => undefined,
    ended: ended.promise,
    close: () => {
      if (isClosed) return;
      isClosed = true;
      ended.resolve('closed');
      close();
    },
  };
}
