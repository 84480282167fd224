// Datagrams of our own to a repair server, which sends each back: how many come, how often, in which order,
// how soon, and how much at a time.

import { createSocket } from 'node:dgram';
import { systemClock } from '../kernel/clock.ts';
import { median } from '../kernel/median.ts';
import type { Answer } from '../model/answer.ts';
import { ECHO, echoRequest, readEcho } from '../model/rtcp.ts';
import type { Address } from '../model/world.ts';

/** Sends for so long; a limit shows in what comes within it. */
const SEND_MS = 500;
const TICK_MS = 10;

export interface EchoQuestion {
  readonly at: Address;
  /** The time for the last to come back. */
  readonly withinMs: number;
  readonly kbps: number;
}

/** Never rejects: silence is an answer too. `ms` is the median of those that came. */
export function askEchoes({ at, withinMs, kbps }: EchoQuestion): Promise<Answer> {
  const socket = createSocket('udp4');
  const sentAtMs: number[] = [];
  const cameAtMs: number[] = [];
  const tookMs: number[] = [];
  const seen = new Set<number>();
  const echoes = { sent: 0, lost: 0, twice: 0, late: 0 };
  let newest = -1;
  socket.on('error', () => undefined);
  socket.on('message', (datagram) => {
    const number = readEcho(datagram);
    const atMs = sentAtMs[number ?? -1];
    if (number === undefined || atMs === undefined) return;
    if (seen.has(number)) echoes.twice += 1;
    else if (number < newest) echoes.late += 1;
    seen.add(number);
    newest = Math.max(newest, number);
    cameAtMs.push(systemClock.epochMs());
    tookMs.push(systemClock.epochMs() - atMs);
  });
  const startedAtMs = systemClock.epochMs();
  const bytesPerMs = kbps / 8;
  const due = () => Math.max(1, ((systemClock.epochMs() - startedAtMs) * bytesPerMs) / ECHO.bytes);
  const sending = setInterval(() => {
    for (; sentAtMs.length < due(); sentAtMs.push(systemClock.epochMs()))
      socket.send(echoRequest(sentAtMs.length), at.port, at.host, () => undefined);
  }, TICK_MS);
  return new Promise((resolve) => {
    setTimeout(() => clearInterval(sending), SEND_MS);
    setTimeout(() => {
      socket.close();
      echoes.sent = sentAtMs.length;
      echoes.lost = sentAtMs.length - seen.size;
      resolve({ ms: median(tookMs), echoes: { ...echoes, kbps: rateKbps(cameAtMs) } });
    }, SEND_MS + withinMs);
  });
}

/** Between the first and the last. */
function rateKbps(cameAtMs: readonly number[]): number {
  const [first = 0, last = 0] = [cameAtMs[0], cameAtMs.at(-1)];
  return last > first ? ((cameAtMs.length - 1) * ECHO.bytes * 8) / (last - first) : 0;
}
