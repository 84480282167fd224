// Starts the lanes and uploaders of each track, at every origin, and those of manifests beside them.

import type { Clock } from '../../kernel/clock.ts';
import type { MediaSettings, UploadSettings } from '../../model/scenario.ts';
import type { Address } from '../../model/world.ts';
import { createLane, type Lane, type LaneOptions } from './lane.ts';
import { createManifestLane } from './manifestLane.ts';
import { partMs, partsInSegment } from './parts.ts';
import { multivariantPlaylist, type RenditionReport } from './playlist.ts';
import { INIT, rungFolder, trackFolders } from './tracks.ts';
import {
  startUploader,
  type Send,
  type UploadCounters,
  type Uploader,
  type UploadOptions,
} from './uploader.ts';

export interface PublishingOptions extends Pick<LaneOptions, 'dateRanges'> {
  readonly clock: Clock;
  /** Gives the way to an origin. */
  readonly sendTo: (to: Address) => Send;
  readonly media: MediaSettings;
  readonly channel: string;
  readonly upload: UploadSettings;
  /** Segments and time stamps follow the clock (epochLock.ts). */
  readonly epochLocked: boolean;
  /** Origins: everything is published at each of them, whatever becomes of it at the others. */
  readonly to: readonly Address[];
  readonly counters: UploadCounters;
  readonly log: (text: string) => void;
}

/** The lanes of one track. */
export interface RungLanes {
  /** One for each origin. */
  readonly lanes: readonly Publishing[];
  nextSequence: number;
  /** The head of its segments, once it is known. */
  init: Buffer | undefined;
  /** The parts of the segment in the making, as they were published. */
  parts: Buffer[];
  /** Settles when the segments so far are in the lane. */
  taken: Promise<void>;
}

interface Publishing {
  readonly lane: Lane;
  readonly uploader: Uploader;
}

/**
 * hls.js keeps an array indexed by the discontinuity sequence and walks it from 0 at every refresh
 * (1.7.4, `initPTS.some`): a number as large as the media sequence hangs its page for minutes.
 */
const DISCONTINUITY_SPAN = 10_000;
/** A player that comes from the twin is up to so many segments from the live edge (docs/sources.md 2.3). */
const SEGMENTS_TO_COME_TO = 3;

/** Gives the lanes of each track; `sequence` is the number of the first segment. */
export function startTracks(
  sequence: number,
  options: PublishingOptions,
  signal: AbortSignal,
): readonly RungLanes[] {
  const folders = trackFolders(options.media);
  /** The ends of the playlists of the other tracks, at one origin. */
  const reportsAt = (at: number, own: string) => (): readonly RenditionReport[] =>
    folders.flatMap((folder, track) => {
      const newest = folder === own ? undefined : tracks[track]?.lanes[at]?.lane.newest();
      return newest ? [{ uri: `../${folder}/index.m3u8`, newest }] : [];
    });
  const tracks = folders.map((folder): RungLanes => {
    const publishing: Publishing[] = [];
    const track = {
      lanes: publishing,
      nextSequence: sequence,
      init: undefined,
      parts: [],
      taken: Promise.resolve(),
    };
    options.to.forEach((to, at) => {
      const reports = reportsAt(at, folder);
      publishing.push(publishTo(to, { folder, sequence, track, reports }, options, signal));
    });
    return track;
  });
  if (options.media.container === 'cmaf')
    options.to.forEach((to, at) => {
      const lanes = tracks.map((track) => track.lanes[at]!.lane);
      const { upload, media } = options;
      const uploading = { ...uploadOptions(to, options), folder: '', playlist: 'index.mpd' };
      startUploader(createManifestLane({ lanes, media, upload }), uploading, signal);
    });
  return tracks;
}

const uploadOptions = (
  to: Address,
  { clock, channel, upload, counters, log, sendTo }: PublishingOptions,
): UploadOptions => ({
  clock,
  send: sendTo(to),
  root: `/${channel}`,
  timeoutMs: upload.timeoutMs,
  counters,
  log,
});

interface Track {
  readonly folder: string;
  readonly sequence: number;
  readonly track: Pick<RungLanes, 'init'>;
  readonly reports: () => readonly RenditionReport[];
}

function publishTo(
  to: Address,
  { folder, sequence, track, reports }: Track,
  options: PublishingOptions,
  signal: AbortSignal,
): Publishing {
  const { media, upload, epochLocked } = options;
  const { segmentMs, playlistSegments, container } = media;
  const lane = createLane({
    upload,
    segmentMs,
    playlistSegments,
    sequence,
    init: container && INIT,
    dateRanges: options.dateRanges,
    ...(media.latency && {
      parts: { partMs: partMs(media), inSegment: partsInSegment(media) },
      reports,
    }),
    // A restarted transcoder begins a new time line, which players must not take for the old one.
    ...(epochLocked
      ? { discontinuitySequence: 0, firstSegments: SEGMENTS_TO_COME_TO }
      : { discontinuitySequence: sequence % DISCONTINUITY_SPAN }),
  });
  const multivariant = { path: 'index.m3u8', body: () => multivariantPlaylist(media) };
  const standing = [
    ...(folder === rungFolder(0) ? [multivariant] : []),
    ...(container ? [{ path: `${folder}/${INIT}`, body: () => track.init }] : []),
  ];
  const uploading = { ...uploadOptions(to, options), folder, standing };
  return { lane, uploader: startUploader(lane, uploading, signal) };
}
