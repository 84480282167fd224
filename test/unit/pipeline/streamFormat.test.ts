import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { pictureSize } from '../../../harness/pipeline/transcoder/pictureSize.ts';
import { createFormatReader } from '../../../harness/pipeline/transcoder/streamFormat.ts';

/** Heads of streams that x264 wrote: baseline, with cropping, high, interlaced. */
const H264 = [
  [
    '320x180',
    '0000016742c014da05067e7c0440000003004000000cb92000c3500186b924801e2855400000000168ce',
  ],
  [
    '1920x1080',
    '0000016742c028da01e0089f9701100000030010000003032e480030d40061ae4920078c1950000000',
  ],
  [
    '426x240',
    '0000016742c015da06c7f93c0440000003004000000cb92000c3500186b924801e2c5d400000000168ce',
  ],
  [
    '640x360',
    '0000016764001eacd940a02ff97011000003000100000300320f162d960000000168ebe3cb22c0000001',
  ],
  [
    '720x576',
    '0000016764001eacd940b424d8088000000300800000190f8a14cb0000000168fba3cb22c00000010605',
  ],
] as const;

describe('the size of a picture', () => {
  test.each(H264)('of H.264 is read from its parameter set: %s', (size, hex) => {
    const { width, height } = pictureSize('h264', Buffer.from(hex, 'hex')) ?? {};
    expect(`${width}x${height}`).toBe(size);
  });

  test('of MPEG-2 is read from its sequence header', () => {
    const head = Buffer.from('000001b3140' + '0b4' + '13ffffe018', 'hex');
    expect(pictureSize('mpeg2', head)).toEqual({ width: 320, height: 180 });
  });

  test('is not guessed where there is no head, or half of one', () => {
    expect(pictureSize('h264', Buffer.from('0000016588', 'hex'))).toBeUndefined();
    expect(pictureSize('h264', Buffer.from('0000016742c0', 'hex'))).toBeUndefined();
    expect(pictureSize('mpeg2', Buffer.from('000001b314', 'hex'))).toBeUndefined();
    expect(pictureSize('hevc', Buffer.from(H264[0][1], 'hex'))).toBeUndefined();
  });

  test('never hangs and never throws, whatever comes', () => {
    const bytes = fc.uint8Array({ maxLength: 200 });
    fc.assert(
      fc.property(bytes, (some) => {
        const body = Buffer.concat([Buffer.from('00000167', 'hex'), some]);
        for (const codec of ['h264', 'mpeg2']) pictureSize(codec, body);
        createFormatReader().read(body);
      }),
    );
  });
});

const PICTURES = 0x100;
const TABLE = 0x1000;

function packet(pid: number, payload: Buffer): Buffer {
  const head = Buffer.from([0x47, 0x40 | (pid >> 8), pid & 0xff, 0x10]);
  return Buffer.concat([head, payload, Buffer.alloc(188, 0xff)]).subarray(0, 188);
}

/** With its pointer, and a checksum that nobody looks at. */
function table(id: number, body: readonly number[]): Buffer {
  const length = body.length + 5 + 4;
  return Buffer.from([0, id, 0xb0, length, 0, 1, 0xc1, 0, 0, ...body, 0, 0, 0, 0]);
}

const pat = () => packet(0, table(0, [0, 1, 0xe0 | (TABLE >> 8), TABLE & 0xff]));
const pmt = (type: number) =>
  packet(
    TABLE,
    table(2, [
      ...[0xe1, 0, 0xf0, 0],
      ...[0x0f, 0xe1, 0x01, 0xf0, 0], // sound comes first here
      ...[type, 0xe0 | (PICTURES >> 8), PICTURES & 0xff, 0xf0, 0],
    ]),
  );

function picture(ptsMs: number, body = Buffer.alloc(0)): Buffer {
  const ticks = ptsMs * 90;
  const high = Math.floor(ticks / 2 ** 30);
  const middle = Math.floor(ticks / 2 ** 15) % 2 ** 15;
  const low = ticks % 2 ** 15;
  const time = Buffer.from([0x21 | (high << 1), 0, 0, 0, 0]);
  time.writeUInt16BE((middle << 1) | 1, 1);
  time.writeUInt16BE((low << 1) | 1, 3);
  const head = Buffer.from([0, 0, 1, 0xe0, 0, 0, 0x80, 0x80, 5]);
  return packet(PICTURES, Buffer.concat([head, time, body]));
}

const SPS = Buffer.from(H264[0][1], 'hex');
const TEN_HOURS_MS = 36_000_000;

describe('a contribution says', () => {
  const stream = Buffer.concat([pat(), pmt(0x1b), picture(TEN_HOURS_MS, SPS)]);

  test('its codec, its size and its time, however it is cut into chunks', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 400 }), { maxLength: 20 }), (cuts) => {
        const reader = createFormatReader();
        let at = 0;
        for (const cut of cuts) {
          reader.read(stream.subarray(at, at + cut));
          at += cut;
        }
        reader.read(stream.subarray(at));
        // A packet is known to be whole when the next one begins.
        reader.read(pat());
        const seen = { codec: 'h264', width: 320, height: 180, ptsMs: TEN_HOURS_MS };
        expect(reader.format).toEqual(seen);
      }),
    );
  });

  test('a newer time with each picture, and keeps its size', () => {
    const reader = createFormatReader();
    for (const chunk of [stream, picture(TEN_HOURS_MS + 40), pat()]) reader.read(chunk);
    expect(reader.format).toMatchObject({ ptsMs: TEN_HOURS_MS + 40, width: 320 });
  });

  test('another codec, whose size is not that of the one before', () => {
    const reader = createFormatReader();
    for (const chunk of [stream, pmt(0x02), picture(1000), pat()]) reader.read(chunk);
    expect(reader.format).toEqual({ codec: 'mpeg2', ptsMs: 1000 });
  });

  test('nothing before its tables have come, and all of it after noise', () => {
    const reader = createFormatReader();
    reader.read(picture(1000, SPS));
    expect(reader.format).toEqual({});
    for (const chunk of [Buffer.from('noise G in between'), stream, pat()]) reader.read(chunk);
    expect(reader.format).toMatchObject({ codec: 'h264', ptsMs: TEN_HOURS_MS });
  });
});
