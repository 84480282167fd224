// HLS playlists as text (RFC 8216; EXT-X-GAP from its second edition).

import type { MediaSettings, Rung } from '../../model/scenario.ts';
import { AUDIO } from '../pace.ts';
import { h264Level } from './ladder.ts';
import type { PlaylistPart } from './parts.ts';
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
  /** The parts that it is made of, where players may still want them. */
  readonly parts?: readonly PlaylistPart[] | undefined;
}

/** The end of a playlist of low latency. */
export interface LiveEdge {
  /** Length of all parts but the last of a segment. */
  readonly partMs: number;
  /** The segment in the making, as far as its parts are uploaded. */
  readonly open?: Pick<PlaylistEntry, 'dateEpochMs' | 'discontinuity'> & {
    readonly parts: readonly PlaylistPart[];
  };
  /** Name of the part that is uploaded next, where that is sure. */
  readonly hint?: string | undefined;
}

/** Where a playlist ends. */
export interface Newest {
  readonly segment: number;
  /** Absent for a segment without parts. */
  readonly part?: number;
}

/** Tells of the end of another playlist, so that a player can go there without asking first. */
export interface RenditionReport {
  /** Relative to the playlist. */
  readonly uri: string;
  readonly newest: Newest;
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
  /** Absent where segments are published as a whole. */
  readonly edge?: LiveEdge | undefined;
  readonly reports?: readonly RenditionReport[] | undefined;
}

export function mediaPlaylist(playlist: MediaPlaylist): string {
  return [
    '#EXTM3U',
    '#EXT-X-VERSION:6',
    `#EXT-X-TARGETDURATION:${Math.ceil(playlist.targetMs / 1000)}`,
    ...(playlist.edge ? controlLines(playlist.edge) : []),
    `#EXT-X-MEDIA-SEQUENCE:${playlist.sequence}`,
    `#EXT-X-DISCONTINUITY-SEQUENCE:${playlist.discontinuitySequence}`,
    '#EXT-X-INDEPENDENT-SEGMENTS',
    ...(playlist.init === undefined ? [] : [`#EXT-X-MAP:URI="${playlist.init}"`]),
    ...(playlist.dateRanges ?? []),
    ...playlist.entries.flatMap(entryLines),
    ...(playlist.edge ? edgeLines(playlist.edge) : []),
    ...(playlist.reports ?? []).map(reportLine),
    '',
  ].join('\n');
}

const entryLines = (entry: PlaylistEntry): string[] => [
  ...startLines(entry),
  ...(entry.parts ?? []).map(partLine),
  ...(entry.gap ? ['#EXT-X-GAP'] : []),
  `#EXTINF:${seconds(entry.durationMs)},`,
  entry.name,
];

const startLines = ({
  discontinuity,
  dateEpochMs,
}: Pick<PlaylistEntry, 'dateEpochMs' | 'discontinuity'>): string[] => [
  ...(discontinuity ? ['#EXT-X-DISCONTINUITY'] : []),
  `#EXT-X-PROGRAM-DATE-TIME:${new Date(dateEpochMs).toISOString()}`,
];

const seconds = (ms: number): string => (ms / 1000).toFixed(3);

/** Players hold so many parts from the end; two are the least that is allowed. */
const HOLD_BACK_PARTS = 3;

const controlLines = ({ partMs }: LiveEdge): string[] => [
  `#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK=${seconds(partMs * HOLD_BACK_PARTS)}`,
  `#EXT-X-PART-INF:PART-TARGET=${seconds(partMs)}`,
];

const edgeLines = ({ open, hint }: LiveEdge): string[] => [
  ...(open ? [...startLines(open), ...open.parts.map(partLine)] : []),
  ...(hint === undefined ? [] : [`#EXT-X-PRELOAD-HINT:TYPE=PART,URI="${hint}"`]),
];

const reportLine = ({ uri, newest: { segment, part } }: RenditionReport): string =>
  `#EXT-X-RENDITION-REPORT:URI="${uri}",LAST-MSN=${segment}${part === undefined ? '' : `,LAST-PART=${part}`}`;

const partLine = ({ name, durationMs, independent }: PlaylistPart): string =>
  `#EXT-X-PART:DURATION=${seconds(durationMs)},URI="${name}"${independent ? ',INDEPENDENT=YES' : ''}`;

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
