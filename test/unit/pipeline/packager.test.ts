// Tests the packager over minutes of programme, in virtual time: names, numbers, pauses, twins.

import { describe, expect, test } from 'vitest';
import { virtualClock } from '../../support/virtualClock.ts';
import { firstFrame, type LadderEncoder } from '../../../harness/pipeline/transcoder/ladder.ts';
import { startPackager, type EncoderLife } from '../../../harness/pipeline/transcoder/packager.ts';
import { virtualOrigin } from '../../support/virtualOrigin.ts';
import { SMALL_MEDIA, UPLOAD } from '../../support/smallMedia.ts';

const START_EPOCH_MS = 1_800_000_000_000;
const PICTURE = Buffer.alloc(1);

/** An encoder that completes a segment of every rung with the frame that begins the next one. */
function countingEncoder({ generation, onSegment }: EncoderLife): LadderEncoder {
  let frames = 0;
  let index = 0;
  const complete = () => {
    const name = `life ${generation}, segment ${index}`;
    SMALL_MEDIA.ladder.forEach((_, rung) =>
      onSegment({ rung, index, take: async () => Buffer.from(`${name} of rung ${rung}`) }),
    );
    index++;
  };
  return {
    write: () => {
      if (frames > 0 && frames === firstFrame(index + 1, SMALL_MEDIA)) complete();
      frames++;
      return true;
    },
    end: () => frames > firstFrame(index, SMALL_MEDIA) && complete(),
    kill: () => undefined,
    ended: new Promise(() => undefined),
  };
}

interface Setting {
  readonly epochLocked?: boolean;
  /** Frames that the programme is behind the clock. */
  readonly behind?: number;
  readonly startsAfterMs?: number;
}

/** A transcoder's output: a frame each 40 ms, with a picture of the programme or without. */
function publishing({ epochLocked = false, behind = 10, startsAfterMs = 0 }: Setting = {}) {
  const clock = virtualClock(START_EPOCH_MS);
  const origin = virtualOrigin(clock);
  const ending = new AbortController();
  const failures: unknown[] = [];
  const state = { shows: 'programme' as 'programme' | 'black' | 'nothing' };
  const packager = startPackager(
    {
      clock,
      encode: countingEncoder,
      sendTo: () => origin.send,
      media: SMALL_MEDIA,
      channel: 'one',
      upload: UPLOAD,
      epochLocked,
      to: [{ host: 'origin', port: 80 }],
      counters: { uploads: 0, uploadErrors: 0, bytesOut: 0 },
      log: () => undefined,
      fail: (error: unknown) => void failures.push(error),
    },
    ending.signal,
  );
  const tick = async () => {
    await clock.sleep(startsAfterMs, ending.signal);
    for (;;) {
      const frame = Math.floor((clock.epochMs() * SMALL_MEDIA.fps) / 1000) + 1;
      const atEpochMs = (frame * 1000) / SMALL_MEDIA.fps;
      await clock.sleepUntil(atEpochMs, ending.signal);
      const counter = state.shows === 'programme' ? frame - behind : undefined;
      if (state.shows === 'nothing') packager.pause();
      else packager.write(PICTURE, PICTURE, { frame, atEpochMs, counter });
    }
  };
  void tick().catch(() => undefined);
  const until = (seconds: number) => clock.passUntil(START_EPOCH_MS + seconds * 1000);
  const playlist = (rung = 0) => origin.textOf(`/one/v${rung}/index.m3u8`);
  return { packager, origin, state, until, playlist, failures, end: () => ending.abort() };
}

const datesOf = (playlist: string): number[] =>
  [...playlist.matchAll(/DATE-TIME:(.+)/g)].map(([, date]) => Date.parse(date ?? ''));

describe('four minutes of programme', () => {
  test('are published on every rung, each segment where the one before it ended', async () => {
    const { origin, until, playlist, failures, end } = publishing();
    await until(240);
    for (const rung of [0, 1]) {
      const dates = datesOf(playlist(rung));
      expect(dates).toHaveLength(4);
      expect(dates.map((date, i) => date - (dates[0] ?? 0) - i * 2_000)).toEqual([0, 0, 0, 0]);
      expect(playlist(rung)).not.toContain('DISCONTINUITY\n');
    }
    const last = /(\d+)-(\d+)\.ts\n$/.exec(playlist()) ?? [];
    // The newest complete segment ended within two seconds, and says the counter of its last frame.
    const endedAtMs = (datesOf(playlist()).at(-1) ?? 0) + 2_000 - START_EPOCH_MS;
    expect(240_000 - endedAtMs).toBeLessThan(2_500);
    expect(origin.textOf(`/one/v1/${last[0]?.trim()}`)).toMatch(/^life 0, segment 11\d of rung 1$/);
    expect(failures).toEqual([]);
    end();
  });

  test('with a pause begin anew behind a discontinuity, and numbers go on', async () => {
    const { state, until, playlist, end } = publishing();
    await until(100);
    const before = Number(/MEDIA-SEQUENCE:(\d+)/.exec(playlist())?.[1]);
    state.shows = 'nothing';
    await until(130);
    state.shows = 'programme';
    await until(136);
    expect(playlist().match(/#EXT-X-DISCONTINUITY\n/g)).toHaveLength(1);
    expect(Number(/MEDIA-SEQUENCE:(\d+)/.exec(playlist())?.[1])).toBeGreaterThan(before);
    const steps = datesOf(playlist()).map((date, i, all) => date - (all[i - 1] ?? date));
    expect(steps.filter((ms) => ms > 25_000)).toHaveLength(1);
    end();
  });

  test('carry the name of filler without a counter', async () => {
    const { state, until, playlist, end } = publishing();
    await until(60);
    state.shows = 'black';
    await until(80);
    expect(playlist()).toMatch(/\n\d+\.ts\n$/);
    end();
  });

  test('are dated by a clock that is wrong from the moment it is', async () => {
    const { packager, until, playlist, end } = publishing();
    await until(60);
    packager.skewMs = -3_600_000;
    await until(65);
    const steps = datesOf(playlist()).map((date, i, all) => date - (all[i - 1] ?? date));
    expect(steps.filter((ms) => ms === -3_600_000 + 2_000)).toHaveLength(1);
    end();
  });
});

test('twins that follow the clock publish the same playlists, whenever each began', async () => {
  const first = publishing({ epochLocked: true, behind: 12 });
  const second = publishing({ epochLocked: true, behind: 30, startsAfterMs: 33_330 });
  await first.until(180);
  await second.until(180);
  expect(first.playlist()).toMatch(/\.ts\n$/);
  expect(second.playlist()).toBe(first.playlist());
  first.end();
  second.end();
});
