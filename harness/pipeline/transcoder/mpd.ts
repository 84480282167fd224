// A DASH manifest as text (ISO/IEC 23009-1, profile isoff-live): a timeline for each track, because
// what was never uploaded differs between them. Its time is the epoch's, and so are time stamps.

import type { MediaSettings, Rung } from '../../model/scenario.ts';
import { AUDIO } from '../pace.ts';
import type { Listed } from './listing.ts';
import { averageBps, peakBps, pictureCodec, SOUND_CODEC } from './playlist.ts';
import { INIT, rungFolder, SOUND } from './tracks.ts';

export interface Manifest {
  readonly media: MediaSettings;
  /** The segments that each track lists, in the order of trackFolders. */
  readonly tracks: readonly (readonly Listed[])[];
  readonly publishedEpochMs: number;
}

/** A player holds as far from the live edge as one of HLS does (RFC 8216, 6.3.3). */
const DELAY_SEGMENTS = 3;

export function dashManifest({ media, tracks, publishedEpochMs }: Manifest): string {
  const { segmentMs, playlistSegments, ladder } = media;
  const newest = tracks[0]?.at(-1);
  // The transcoder's clock may be wrong, and then players wait for or run after what there is.
  const skewMs = newest ? newest.dateEpochMs - newest.startEpochMs : 0;
  const pictures = ladder.map((rung, i) => picture(rung, i, media, tracks[i] ?? []));
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<MPD xmlns="urn:mpeg:dash:schema:mpd:2011" profiles="urn:mpeg:dash:profile:isoff-live:2011"' +
      ` type="dynamic" availabilityStartTime="${iso(skewMs)}" publishTime="${iso(publishedEpochMs)}"` +
      ` minimumUpdatePeriod="${span(segmentMs)}" minBufferTime="${span(segmentMs)}"` +
      ` maxSegmentDuration="${span(segmentMs)}" timeShiftBufferDepth="${span(segmentMs * playlistSegments)}"` +
      ` suggestedPresentationDelay="${span(segmentMs * DELAY_SEGMENTS)}">`,
    '<Period id="1" start="PT0S">',
    '<AdaptationSet id="1" contentType="video" mimeType="video/mp4" segmentAlignment="true" startWithSAP="1">',
    ...pictures,
    '</AdaptationSet>',
    '<AdaptationSet id="2" contentType="audio" mimeType="audio/mp4" segmentAlignment="true" startWithSAP="1">',
    `<Representation id="${SOUND}" bandwidth="${peakBps(averageBps(AUDIO.kbps))}"` +
      ` codecs="${SOUND_CODEC}" audioSamplingRate="${AUDIO.sampleRate}">`,
    ...segments(tracks[ladder.length] ?? []),
    '</Representation>',
    '</AdaptationSet>',
    '</Period>',
    '</MPD>',
    '',
  ].join('\n');
}

const picture = (
  rung: Rung,
  index: number,
  { fps }: MediaSettings,
  listed: readonly Listed[],
): string =>
  [
    `<Representation id="${rungFolder(index)}" bandwidth="${peakBps(averageBps(rung.videoKbps))}"` +
      ` codecs="${pictureCodec(rung, fps)}" width="${rung.width}" height="${rung.height}"` +
      ` frameRate="${fps}">`,
    ...segments(listed),
    '</Representation>',
  ].join('\n');

/** A gap is a hole in the timeline. */
const segments = (listed: readonly Listed[]): readonly string[] => [
  `<SegmentTemplate timescale="1000" initialization="$RepresentationID$/${INIT}" media="$RepresentationID$/t$Time$.m4s">`,
  '<SegmentTimeline>',
  ...listed
    .filter(({ gap }) => !gap)
    .map(({ startEpochMs, durationMs }) => `<S t="${startEpochMs}" d="${durationMs}"/>`),
  '</SegmentTimeline>',
  '</SegmentTemplate>',
];

const iso = (epochMs: number): string => new Date(epochMs).toISOString();
const span = (ms: number): string => `PT${ms / 1000}S`;
