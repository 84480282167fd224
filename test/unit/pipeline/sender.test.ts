// Tests the contribution's sender over minutes, in virtual time: a line that holds, ends, or refuses.

import { describe, expect, test } from 'vitest';
import { virtualClock } from '../../support/virtualClock.ts';
import { PACKET_BYTES } from '../../../harness/model/transportStream.ts';
import { PEER_IDLE_MS, startSender, type Line } from '../../../harness/pipeline/playout/sender.ts';

const TICK_MS = 40;
const CHUNK = Buffer.alloc(PACKET_BYTES * 10, 1);
const LIMIT_BYTES = PACKET_BYTES * 100;
const RECONNECT_MS = 500;
/** The line is looked at so often; what came just before a look counts as of that look. */
const LOOK_MS = 200;

/** A playout that sends ten packets a picture over lines that take what the test lets them. */
function sending() {
  const clock = virtualClock(1_800_000_000_000);
  const startEpochMs = clock.epochMs();
  const ending = new AbortController();
  const notes: [atMs: number, text: string][] = [];
  const lines: { end: (why: string) => void; hear: (text: string) => void }[] = [];
  const state = { refuses: false, holds: false };
  const dial = async (): Promise<Line | Error> => {
    if (state.refuses) return new Error('connect ECONNREFUSED');
    const { promise: ended, resolve: end } = Promise.withResolvers<string>();
    let listener: (chunk: Buffer) => void = () => undefined;
    let [taken, unacknowledged] = [0, 0];
    lines.push({ end, hear: (text) => listener(Buffer.from(text)) });
    return {
      write: ({ length }) => {
        taken += length;
        unacknowledged = state.holds ? unacknowledged + length : 0;
      },
      waitingBytes: () => 0,
      handedOverBytes: () => taken,
      inKernelBytes: async () => unacknowledged,
      onData: (to) => (listener = to),
      ended,
      close: () => end('closed by ourselves'),
    };
  };
  const note = (text: string) => void notes.push([clock.epochMs() - startEpochMs, text]);
  const to = { host: 'transcoder', port: 9 };
  const sender = startSender(
    { clock, to, dial, limitBytes: LIMIT_BYTES, reconnectMs: RECONNECT_MS, note },
    ending.signal,
  );
  const play = async () => {
    for (;;) {
      await clock.sleep(TICK_MS, ending.signal);
      sender.send(CHUNK);
    }
  };
  void play().catch(() => undefined);
  const until = (seconds: number) => clock.passUntil(startEpochMs + seconds * 1000);
  return { sender, state, lines, notes, until, clock, end: () => ending.abort() };
}

const bytesSince = (fromS: number, toS: number) => ((toS - fromS) * 1000 * CHUNK.length) / TICK_MS;

describe('a sender', () => {
  test('sends all of five minutes on one connection', async () => {
    const { sender, until, notes, end } = sending();
    await until(300);
    const { bytesOut, bytesDropped, connections } = sender.stats();
    expect([bytesOut, bytesDropped, connections]).toEqual([bytesSince(0, 300), 0, 1]);
    expect(notes).toEqual([[0, 'connected to transcoder:9']]);
    end();
  });

  test('leaves a line on which nothing gets through, and drops what it would hold', async () => {
    const { sender, state, until, notes, end } = sending();
    await until(60);
    state.holds = true;
    await until(180);
    const reason = `connection lost: nothing got through for ${PEER_IDLE_MS} ms`;
    const lost = notes.filter(([, text]) => text === reason).map(([atMs]) => atMs);
    expect(lost[0]).toBeGreaterThan(60_000 + PEER_IDLE_MS - TICK_MS);
    expect(lost[0]).toBeLessThanOrEqual(60_000 + PEER_IDLE_MS + 2 * LOOK_MS);
    const round = PEER_IDLE_MS + RECONNECT_MS;
    expect(lost.length).toBeGreaterThanOrEqual(Math.floor(120_000 / (round + 2 * LOOK_MS)));
    expect(lost.length).toBeLessThanOrEqual(Math.ceil(120_000 / round));
    const { bytesDropped, bytesOut, connections = 0 } = sender.stats();
    expect((bytesOut ?? 0) + (bytesDropped ?? 0)).toBe(bytesSince(0, 180));
    // Each connection took its buffer, and a look's worth more before the kernel's queue was seen.
    const perLine = LIMIT_BYTES + CHUNK.length * 6;
    expect(bytesOut).toBeLessThan(bytesSince(0, 60) + connections * perLine);
    state.holds = false;
    await until(240);
    expect(sender.stats().bytesOut).toBeGreaterThan((bytesOut ?? 0) + bytesSince(190, 240));
    end();
  });

  test('comes back after its wait when the far side closes, as often as that does', async () => {
    const { sender, lines, until, notes, end } = sending();
    for (const seconds of [10, 70, 130]) {
      await until(seconds);
      lines.at(-1)?.end('closed by the far side');
    }
    await until(200);
    expect(sender.stats().connections).toBe(4);
    expect(notes.map(([atMs]) => atMs)).toEqual(
      [0, 10, 70, 130].flatMap((s, i) => (i === 0 ? [0] : [s * 1000, s * 1000 + RECONNECT_MS])),
    );
    end();
  });

  test('says once that it is refused, and tries on', async () => {
    const { sender, state, lines, until, notes, end } = sending();
    await until(10);
    state.refuses = true;
    lines[0]?.end('read ECONNRESET');
    await until(70);
    expect(notes.slice(1).map(([, text]) => text)).toEqual([
      'connection lost: read ECONNRESET',
      'cannot connect to transcoder:9: connect ECONNREFUSED',
    ]);
    expect(sender.stats().bytesDropped).toBe(bytesSince(10, 70));
    state.refuses = false;
    await until(71);
    expect(sender.stats().connections).toBe(2);
    end();
  });

  test('tells how old the last reply was, once', async () => {
    const { sender, lines, until, clock, end } = sending();
    await until(5);
    lines[0]?.hear(`${clock.epochMs() - 70}\n${clock.epochMs() - 30}`);
    lines[0]?.hear('\n');
    expect(sender.stats()).toMatchObject({ repliesIn: 2, replyAgeMs: 30 });
    expect(sender.stats()).not.toHaveProperty('replyAgeMs');
    end();
  });
});
