// Alerts in playlists: what is written is what hls.js reads as date ranges.

import { M3U8Parser, PlaylistLevelType } from 'hls.js';
import { expect, it } from 'vitest';
import type { ToldAlert } from '../../../harness/model/alert.ts';
import { alertInRange, dateRangeTags, withDateRanges } from '../../../harness/model/dateRange.ts';
import { mediaPlaylist } from '../../../harness/pipeline/transcoder/playlist.ts';

const alert = (number: number, text: string): ToldAlert => ({
  id: `flood-${number}`,
  number,
  revision: 2,
  exercise: number === 2,
  text,
  issuedEpochMs: Date.parse('2025-09-12T20:25:00Z'),
});
const ALERTS = [alert(1, 'Stay "inside",\nclose doors: é, 100 %'), alert(2, 'Go')];
const entry = {
  durationMs: 2_000,
  dateEpochMs: 1_757_708_700_000,
  discontinuity: false,
  gap: false,
};
const playlist = {
  targetMs: 2_000,
  sequence: 7,
  discontinuitySequence: 0,
  entries: [
    { ...entry, name: '7.ts' },
    { ...entry, name: '8.ts', dateEpochMs: entry.dateEpochMs + 2_000 },
  ],
};

function alertsRead(text: string): readonly ToldAlert[] {
  const url = 'http://edge/one/v0/index.m3u8';
  const details = M3U8Parser.parseLevelPlaylist(text, url, 0, PlaylistLevelType.MAIN, 0, null);
  expect(details.playlistParsingError).toBeFalsy();
  expect(details.fragments).toHaveLength(2);
  return Object.values(details.dateRanges).flatMap((range) => alertInRange(range!.attr) ?? []);
}

it('is read by hls.js as it was written, by the packager and by the origin', () => {
  expect(alertsRead(mediaPlaylist({ ...playlist, dateRanges: dateRangeTags(ALERTS) }))).toEqual(
    ALERTS,
  );
  expect(alertsRead(withDateRanges(mediaPlaylist(playlist), ALERTS))).toEqual(ALERTS);
  expect(alertsRead(mediaPlaylist(playlist))).toEqual([]);
});

it('leaves a playlist without segments, and other date ranges, alone', () => {
  expect(withDateRanges('#EXTM3U\n', ALERTS)).toBe('#EXTM3U\n');
  expect(alertInRange({ CLASS: 'com.example.ad' })).toBeUndefined();
});
