import { expect, test } from 'vitest';
import { blackPicture, readClock } from '../../../harness/pipeline/picture.ts';
import { createContent } from '../../../harness/pipeline/playout/content.ts';
import { contributionArgs, USUAL_FORMAT } from '../../../harness/pipeline/playout/encoder.ts';

const SIZE = { width: 320, height: 180 };
const content = () => createContent(SIZE, 63);
const grey = () => Buffer.from(blackPicture(SIZE).fill(100));

test('stamps the programme with its channel and counter', () => {
  const sent = content().picture(grey(), 7);
  expect(readClock(sent.picture, SIZE)).toEqual({ counter: 7, channel: 63, slate: false });
});

test('a black carries no clock and counts as no programme', () => {
  const one = content();
  one.command({ content: 'black' });
  const { picture, counter } = one.picture(grey(), 7);
  expect(counter).toBeUndefined();
  expect(readClock(picture, SIZE)).toBeUndefined();
  expect(Math.max(...picture.subarray(0, SIZE.width * SIZE.height))).toBe(16);
});

test('a freeze repeats one frame with its clock until it is healed', () => {
  const one = content();
  one.command({ content: 'frozen' });
  expect([7, 8, 9].map((counter) => one.picture(grey(), counter).counter)).toEqual([7, 7, 7]);
  one.command({ content: 'programme' });
  expect(one.picture(grey(), 10).counter).toBe(10);
});

test('a wrong channel is the next one when none is named', () => {
  const one = content();
  one.command({ content: 'wrongChannel' });
  expect(readClock(one.picture(grey(), 1).picture, SIZE)?.channel).toBe(1);
  one.command({ content: 'wrongChannel', number: 5 });
  expect(readClock(one.picture(grey(), 1).picture, SIZE)?.channel).toBe(5);
});

test('a silence leaves the picture as it is', () => {
  const one = content();
  one.command({ content: 'silent' });
  expect(one.silent).toBe(true);
  expect(one.picture(grey(), 3).counter).toBe(3);
});

test('a decoder that comes anew waits for one group of pictures, as long as the design says', () => {
  const args = (gopMs: number) =>
    contributionArgs({
      service: 'one',
      size: SIZE,
      fps: 25,
      rateKbps: 1_000,
      gopMs,
      format: USUAL_FORMAT,
      startsAtMs: 0,
    });
  expect(args(1_000).join(' ')).toContain('keyint=25:min-keyint=25');
  expect(args(200).join(' ')).toContain('keyint=5:min-keyint=5');
  expect(args(1).join(' ')).toContain('keyint=1:min-keyint=1');
});

test('changes of format reach the encoder and are undone by the programme', () => {
  const one = content();
  const args = () =>
    contributionArgs({
      service: 'one',
      size: SIZE,
      fps: 25,
      rateKbps: 1_000,
      gopMs: 1_000,
      format: one.format,
      startsAtMs: 2_000,
    }).join(' ');
  one.command({ content: 'timestampJump', byMs: -1_500 });
  // Ten hours, and two seconds of programme before it.
  expect(args()).toContain('-output_ts_offset 36000.5');
  one.command({ content: 'resolution', width: 160, height: 90 });
  expect(args()).toContain('-s 160x90');
  one.command({ content: 'codec', codec: 'mpeg2video' });
  expect(args()).toContain('-c:v mpeg2video');
  one.command({ content: 'programme' });
  expect(one.format).toEqual(USUAL_FORMAT);
});

test('says what is wrong with a command and keeps what it had', () => {
  const one = content();
  one.command({ content: 'silent' });
  for (const [command, message] of [
    [{}, 'unknown command'],
    [{ content: 'pink' }, 'unknown command'],
    [{ content: 'wrongChannel', number: 64 }, 'number is not 1 to 63'],
    [{ content: 'timestampJump' }, 'byMs is not a number'],
    [{ content: 'resolution', width: 161, height: 90 }, 'width and height must be even'],
    [{ content: 'codec', codec: 'vp9' }, 'codec is not one of libx264, mpeg2video'],
  ] as const) {
    expect(() => one.command(command)).toThrow(message);
  }
  expect(one.silent).toBe(true);
});
