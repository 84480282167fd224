// HLS playlists as text (RFC 8216; EXT-X-GAP from its second edition).

import type { MediaSettings, Rung } from '../../model/scenario.ts';
import { AUDIO } from '../pace.ts';
import { h264Level } from './ladder.ts';
import { rungFolder, SOUND } from './tracks.ts';

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
  /** The file that begins every segment; transport streams have none. */
  readonly init?: string | undefined;
  /** Tags that stand before the first segment. */
  readonly dateRanges?: readonly string[];
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
    ...(playlist.init === undefined ? [] : [`#EXT-X-MAP:URI="${playlist.init}"`]),
    ...(playlist.dateRanges ?? []),
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
  const sound = media.container === 'cmaf' ? [SOUND_LINE] : [];
  return [...head, ...steering, ...sound, ...lines, ''].join('\n');
}

const steeringLines = ({ steeringUri, pathways }: Redundancy): string[] =>
  steeringUri === undefined
    ? []
    : [`#EXT-X-CONTENT-STEERING:SERVER-URI="${steeringUri}",PATHWAY-ID="${pathways[0]?.id}"`];

const SOUND_LINE = `#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="${SOUND}",NAME="sound",DEFAULT=YES,AUTOSELECT=YES,CHANNELS="${AUDIO.channels}",URI="${SOUND}/index.m3u8"`;

function variantLines(
  { ladder, fps, container }: MediaSettings,
  pathway: Redundancy['pathways'][number] | undefined,
): string[] {
  return ladder.flatMap((rung, index) => {
    const average = averageBps(rung.videoKbps + AUDIO.kbps);
    const sound = container === 'cmaf' ? `,AUDIO="${SOUND}"` : '';
    const folder = rungFolder(index);
    const place = pathway ? `,PATHWAY-ID="${pathway.id}",STABLE-VARIANT-ID="${folder}"` : '';
    return [
      `#EXT-X-STREAM-INF:BANDWIDTH=${peakBps(average)},AVERAGE-BANDWIDTH=${average},` +
        `RESOLUTION=${rung.width}x${rung.height},FRAME-RATE=${fps.toFixed(3)},` +
        `CODECS="${pictureCodec(rung, fps)},${SOUND_CODEC}"${sound}${place}`,
      `${pathway?.base ?? ''}${folder}/index.m3u8`,
    ];
  });
}

/** Average plus a tenth for the container; peaks are bounded by the encoder's VBV. */
export const averageBps = (kbps: number): number => Math.ceil(kbps * 1.1) * 1000;
export const peakBps = (averageBps: number): number => Math.ceil(averageBps * 1.2);

export const SOUND_CODEC = 'mp4a.40.2';
export const pictureCodec = (rung: Rung, fps: number): string => CODECS[h264Level(rung, fps)];

/** Constrained baseline profile, by level. */
const CODECS = { '3.1': 'avc1.42c01f', '4.0': 'avc1.42c028', '5.1': 'avc1.42c033' } as const;
