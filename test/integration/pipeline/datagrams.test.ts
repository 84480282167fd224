// Programmes over datagrams, received by programs that nobody here wrote, and counted there.

import { execFile } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { setImmediate } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { waitFor } from '../../../harness/kernel/deadline.ts';
import { splitPayloads, rtpPacket } from '../../../harness/model/rtp.ts';
import { clockIn, PACKET_BYTES } from '../../../harness/model/transportStream.ts';
import { launchOf, MEDIA, TOOLS } from './chain.ts';
import { openLossyChain, RECEIVED_S, SENDER, type LossyChain } from './lossyChain.ts';

const PICTURES_MIN = (RECEIVED_S - 1) * MEDIA.fps;

let chain: LossyChain;
beforeAll(async () => {
  chain = await openLossyChain();
});
afterAll(() => chain[Symbol.asyncDispose]());

test.concurrent(
  'a foreign receiver counts every picture of a group, and the holes of one that loses',
  async () => {
    const { proxy, group } = await chain.groupBehind('plain', false);
    const clean = await chain.receive(`udp://${group}`);
    expect(clean).toMatchObject({ holes: 0, damaged: 0 });
    expect(clean.pictures).toBeGreaterThanOrEqual(PICTURES_MIN);
    await chain.lose(proxy);
    const lossy = await chain.receive(`udp://${group}`);
    expect(lossy.holes).toBeGreaterThan(3);
    expect(lossy.damaged).toBeGreaterThan(3);
    // The stage reports once a second, and may yet have to tell of the last hole.
    await waitFor({ ms: 5_000, what: 'the stage to count as many holes' }, () => {
      const { datagramsLost = 0, continuityErrors = 0 } = chain.bench.stats('plain');
      return datagramsLost > 3 && continuityErrors >= lossy.holes ? true : undefined;
    });
  },
);

test.concurrent(
  'a foreign receiver reads the numbered datagrams of a group with repair',
  async () => {
    const { group } = await chain.groupBehind('numbered', true);
    const clean = await chain.receive(`rtp://${group}`);
    expect(clean).toMatchObject({ holes: 0, damaged: 0 });
    expect(clean.pictures).toBeGreaterThanOrEqual(PICTURES_MIN);
  },
);

/** A programme by ffmpeg, whose clocks (PCR) are made stuffing (ISO/IEC 13818-1, 2.4.3.4). */
async function programmeWithoutClock(): Promise<Buffer> {
  const source = ['-f', 'lavfi', '-i', 'testsrc2=size=320x180:rate=25', '-t', '20', '-b:v', '2M'];
  const { stdout } = await promisify(execFile)(
    TOOLS.ffmpeg,
    ['-v', 'error', ...source, '-c:v', 'libx264', '-preset', 'ultrafast', '-f', 'mpegts', '-'],
    { encoding: 'buffer', maxBuffer: 2 ** 26 },
  );
  for (let at = 0; at < stdout.length; at += PACKET_BYTES) {
    const packet = stdout.subarray(at, at + PACKET_BYTES);
    if (!clockIn(packet)) continue;
    packet[5]! &= ~0x10;
    packet.fill(0xff, 6, 12);
  }
  return stdout;
}

test.concurrent('a sender refuses a programme that carries no clock', async () => {
  const launch = launchOf({ ...SENDER, name: 'clockless' });
  const sender = await chain.bench.runtime.start(launch, new AbortController().signal);
  const socket = createSocket('udp4');
  const payloads = splitPayloads(await programmeWithoutClock());
  const { host, port } = sender.address!;
  for (const [number, payload] of payloads.entries()) {
    socket.send(rtpPacket({ number, source: 1, payload }, 0), port, host);
    await setImmediate();
  }
  const { asked, code } = await sender.exited;
  socket.close();
  expect({ asked, code }).toEqual({ asked: false, code: 1 });
  expect(chain.bench.notes('clockless')).toContain(
    'failed: the transport stream that arrives carries no clock (PCR)',
  );
});

test('SRT brings a contribution whole over a link that loses', async () => {
  const { lost, holes, damaged, pictures } = await chain.receiveSrt();
  // Many were lost on the way, though nothing is missing.
  expect(lost).toBeGreaterThan(3);
  expect({ holes, damaged }).toEqual({ holes: 0, damaged: 0 });
  expect(pictures).toBeGreaterThanOrEqual(PICTURES_MIN);
});
