// HLS playlists as text (RFC 8216; EXT-X-GAP from its second edition).

import type { MediaSettings } from '../../model/scenario.ts';
import { AUDIO } from '../pace.ts';
import { h264Level } from './ladder.ts';

export interface PlaylistEntry {
  /** Relative to the playlist. */
  readonly name: string;
  readonly durationMs: number;
  /** The time on the transcoder's clock when its first frame was put out. */
  readonly dateEpochMs: number;
  /** Made by another encoder than the one before it. */
  readonly discontinuity: boolean;
  /** It was never uploaded. */
  readonly gap: boolean;
}

export interface MediaPlaylist {
  readonly targetMs: number;
  readonly sequence: number;
  readonly discontinuitySequence: number;
  readonly entries: readonly PlaylistEntry[];
}

export function mediaPlaylist(playlist: MediaPlaylist): string {
  return [
    '#EXTM3U',
    '#EXT-X-VERSION:6',
    `#EXT-X-TARGETDURATION:${Math.ceil(playlist.targetMs / 1000)}`,
    `#EXT-X-MEDIA-SEQUENCE:${playlist.sequence}`,
    `#EXT-X-DISCONTINUITY-SEQUENCE:${playlist.discontinuitySequence}`,
    '#EXT-X-INDEPENDENT-SEGMENTS',
    ...playlist.entries.flatMap(entryLines),
    '',
  ].join('\n');
}

const entryLines = (entry: PlaylistEntry): string[] => [
  ...(entry.discontinuity ? ['#EXT-X-DISCONTINUITY'] : []),
  `#EXT-X-PROGRAM-DATE-TIME:${new Date(entry.dateEpochMs).toISOString()}`,
  ...(entry.gap ? ['#EXT-X-GAP'] : []),
  `#EXTINF:${(entry.durationMs / 1000).toFixed(3)},`,
  entry.name,
];

/** Folder of a rung beside the multivariant playlist. */
export const rungFolder = (index: number): string => `v${index}`;

/** The same variants at several places, for players to move between (HLS content steering). */
export interface Redundancy {
  /** The address where players ask which pathway to prefer; they are not told when undefined. */
  readonly steeringUri: string | undefined;
  /** The preferred first. `base` ends where the folder of a rung begins. */
  readonly pathways: readonly { readonly id: string; readonly base: string }[];
}

export function multivariantPlaylist(media: MediaSettings, redundancy?: Redundancy): string {
  const steering = redundancy ? steeringLines(redundancy) : [];
  const pathways = redundancy?.pathways ?? [undefined];
  const lines = pathways.flatMap((pathway) => variantLines(media, pathway));
  const head = ['#EXTM3U', '#EXT-X-VERSION:6', '#EXT-X-INDEPENDENT-SEGMENTS'];
  return [...head, ...steering, ...lines, ''].join('\n');
}

const steeringLines = ({ steeringUri, pathways }: Redundancy): string[] =>
  steeringUri === undefined
    ? []
    : [`#EXT-X-CONTENT-STEERING:SERVER-URI="${steeringUri}",PATHWAY-ID="${pathways[0]?.id}"`];

function variantLines(
  { ladder, fps }: MediaSettings,
  pathway: Redundancy['pathways'][number] | undefined,
): string[] {
  return ladder.flatMap((rung, index) => {
    // Average plus a tenth for the transport stream; peaks are bounded by the encoder's VBV.
    const average = Math.ceil((rung.videoKbps + AUDIO.kbps) * 1.1) * 1000;
    const folder = rungFolder(index);
    const place = pathway ? `,PATHWAY-ID="${pathway.id}",STABLE-VARIANT-ID="${folder}"` : '';
    return [
      `#EXT-X-STREAM-INF:BANDWIDTH=${Math.ceil(average * 1.2)},AVERAGE-BANDWIDTH=${average},` +
        `RESOLUTION=${rung.width}x${rung.height},FRAME-RATE=${fps.toFixed(3)},` +
        `CODECS="${CODECS[h264Level(rung, fps)]},mp4a.40.2"${place}`,
      `${pathway?.base ?? ''}${folder}/index.m3u8`,
    ];
  });
}

/** Constrained baseline profile, by level. */
const CODECS = { '3.1': 'avc1.42c01f', '4.0': 'avc1.42c028', '5.1': 'avc1.42c033' } as const;
