// Defines a scenario once it has been read, checked and filled with defaults. Durations are whole
// milliseconds of the scenario's own time; `compress` has not touched them.

import type { Access } from './access.ts';
import type { Alert } from './alert.ts';
import type { DayCurve } from './dayCurve.ts';
import type { Drawn, MaintenanceWindow, TimedFault } from './fault.ts';
import type { Stage } from './stages.ts';
import type { Supplied } from './supply.ts';

export * from './fault.ts';
export * from './stages.ts';
export * from './supply.ts';

/** Field names that end in `Ms` are milliseconds. */
export interface Scenario {
  /** Short name, also the folder of its runs: `[a-z0-9-]+`. */
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** `incident` re-enacts what happened, `window` rehearses what is planned, `drill` explores. */
  readonly kind: 'incident' | 'window' | 'drill';
  /** Words to choose it by; absent where it has none. */
  readonly tags?: readonly string[];
  /** The places the numbers come from: marks of docs/sources.md, papers, pages. */
  readonly sources: readonly Source[];
  /** Numbers chosen without a source, said as such. */
  readonly assumptions: readonly string[];
  readonly design: Design;
  /** Wall-clock time that the start of the disrupt phase stands for (ISO 8601 with offset). */
  readonly clock: string | undefined;
  /** The zone where the audience lives (IANA), when it was said. */
  readonly zone?: string;
  /** Name of the variant of the file, when one was asked for. */
  readonly variant?: string;
  /** It is played on another design than its file names. */
  readonly otherDesign?: true;
  /** The player in its browsers, where that is not the one in the file. */
  readonly otherPlayer?: string;
  /** The number of viewers, where that is not the one in the file. */
  readonly otherCount?: number;
  readonly seed: number;
  /** Emergency alerts, in the order of the file; absent where there are none. */
  readonly alerts?: readonly Alert[];
  /** One group without a name, or several with one each; `listGroups` gives them as a list. */
  readonly viewers: ViewerGroup | readonly ViewerGroup[];
  readonly steady: SteadyState;
  readonly windows: readonly MaintenanceWindow[];
  readonly faults: readonly TimedFault[];
  readonly recover: { readonly withinMs: number };
  /** The largest compression at which the expectations hold; absent where they hold at any. */
  readonly compressAtMost?: number;
  readonly expectations: readonly Expectation[];
  /** Conditions under which the run heals and ends early, watched live; same grammar. */
  readonly guardrails: readonly Expectation[];
  /** The file it was read from, as the user named it; '' for a scenario built in TypeScript. */
  readonly file: string;
}

export interface Source {
  readonly id: string;
  readonly text: string;
}

/** The pipeline under test: stages joined by links, one flow per channel. */
export interface Design extends Supplied {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly sources: readonly Source[];
  /** Channel names in order of their frame-clock number, which counts from 1. */
  readonly channels: readonly string[];
  readonly media: MediaSettings;
  readonly stages: readonly Stage[];
  readonly links: readonly Link[];
  /** Redundancy groups; links that are in none have one path that never fails by itself. */
  readonly accesses?: readonly Access[];
  /** The monthly cost beside the other designs, in classes, not in money. */
  readonly costClass?: 'low' | 'medium' | 'high' | 'very high';
}

export interface MediaSettings {
  readonly width: number;
  readonly height: number;
  readonly fps: number;
  /** Bit rate of the contribution feed from playout to transcoder. */
  readonly contributionKbps: number;
  readonly segmentMs: number;
  /** Media segments in a live playlist. */
  readonly playlistSegments: number;
  /** Fragmented MP4 with HLS and DASH; MPEG transport streams with HLS when not said. */
  readonly container?: 'cmaf';
  /** Segments are published in parts while they are made; as a whole when not said. */
  readonly latency?: 'low';
  readonly ladder: readonly Rung[];
}

export interface Rung {
  readonly width: number;
  readonly height: number;
  readonly videoKbps: number;
}

/** The ways that a link can carry what passes it. */
export const TRANSPORTS = ['tcp', 'udp'] as const;
export type Transport = (typeof TRANSPORTS)[number];

/**
 * `srt` and `repair` go over UDP and send again what was lost; `repair` and `messages` are beside the
 * picture: for single boxes, and for viewers and boxes who ask over HTTP.
 */
export const PROTOCOLS = ['srt', 'repair', 'messages'] as const;
export type Protocol = (typeof PROTOCOLS)[number];
export type StreamProtocol = Exclude<Protocol, 'repair' | 'messages'>;

/** A link through Toxiproxy; one proxy per channel where an end of it runs per channel. */
export interface Link {
  readonly name: string;
  readonly from: string;
  readonly to: string;
  /** TCP when not said. */
  readonly transport?: Transport;
  /** Repairs the datagrams of a UDP link, or is a way beside the picture. */
  readonly protocol?: Protocol;
}

/** A link that the picture passes. */
export interface PictureLink extends Link {
  readonly protocol?: StreamProtocol;
}

export const readTransport = ({ transport = 'tcp' }: Pick<Link, 'transport'>): Transport =>
  transport;

export type PlayerPolicy =
  | { readonly onFatal: 'none' }
  | {
      /** `fallback`: the next way in to the same channel; `channel`: the next channel. */
      readonly onFatal: 'startLoad' | 'reload' | 'fallback' | 'channel';
      readonly delayMs: number;
      readonly jitterMs: number;
    };

/** Viewers who watch alike. */
export interface ViewerGroup {
  /** Absent where there is one group only. */
  readonly name?: string;
  /** Viewers on the wall, the control not counted; dealt over the channels in turn. */
  readonly count: number;
  /** A name of the registry of players (players/registry.ts). */
  readonly player: string;
  readonly policy: PlayerPolicy;
  /** Settings that the player declares (players/settings), by its own keys. */
  readonly config: Readonly<Record<string, unknown>>;
  /** Viewers of the audience that each of them stands for; 1 when absent. */
  readonly weight?: number;
  /** The area they live in: alerts may be for some areas only. */
  readonly area?: string;
  readonly channel?: string;
  /** The exponent of Zipf's law by which they are dealt over the channels, the first the most watched. */
  readonly zipf?: number;
  /** The way the picture gets to them; the player's own when absent. */
  readonly carriage?: string;
  /** Its name in the catalogue of behaviours (harness/people); `stay` when absent. */
  readonly behaviour?: string;
  /** They watch as another group does once they saw no programme for long enough; played by agents alone. */
  readonly switches?: Switching;
  /** Times since the start of the disrupt phase. Without `joins` they are there from the start. */
  readonly joins?: Drawn;
  readonly leaves?: Drawn;
  readonly returns?: Drawn;
  /** Tells how many of them are there at each hour: all where it is highest within the plan. */
  readonly curve?: DayCurve;
}

export interface Switching {
  readonly to: string;
  /** The share of them who do so, 0..1, and the time within which, evenly. */
  readonly share: number;
  readonly withinMs: number;
}

export const listGroups = ({ viewers }: Pick<Scenario, 'viewers'>): readonly ViewerGroup[] =>
  'count' in viewers ? [viewers] : viewers;

/**
 * Segments that must be there before viewers join. A player starts three segments from the live edge
 * (docs/sources.md 2.3: no closer than that); one that is told to stay further behind needs more of them.
 */
export function segmentsToStart(scenario: Pick<Scenario, 'viewers' | 'design'>): number {
  const backs = listGroups(scenario).map(({ config }) =>
    Number(config['liveSyncDurationCount'] ?? 0),
  );
  return Math.min(scenario.design.media.playlistSegments, Math.max(3, ...backs.map(Math.ceil)));
}

/** Counts the viewers of all groups, the control not counted. */
export const countViewers = (scenario: Pick<Scenario, 'viewers'>): number =>
  listGroups(scenario).reduce((sum, { count }) => sum + count, 0);

/** The group of a viewer; the control watches as the first group with its player does. */
export function findGroup(
  scenario: Pick<Scenario, 'viewers'>,
  { group, player }: { readonly group?: string; readonly player: string },
): ViewerGroup {
  const groups = listGroups(scenario);
  const own = groups.find((one) => one.name === group && one.player === player);
  const alike = own ?? groups.find((one) => one.player === player);
  return alike ?? { count: 1, player, policy: { onFatal: 'none' }, config: {} };
}

export interface SteadyState {
  /** Every viewer shows the programme without a break for this long … */
  readonly holdMs: number;
  /** … within this long after provisioning, or the run is inconclusive. Never compressed. */
  readonly withinMs: number;
}

/** One line of `expect:`; see scenario/expectation.ts for the grammar. */
export interface Expectation {
  readonly text: string;
  readonly aggregate: Aggregate | undefined;
  /** Its name in the table of metrics (measure/metrics/catalogue.ts). */
  readonly metric: string;
  /** The country or scope that a metric such as `outside` is about. */
  readonly about?: string;
  /** The group of viewers it is about; all real screens when absent. */
  readonly group?: string;
  readonly operator: '<' | '<=' | '==' | '>=' | '>';
  readonly value: ExpectedValue;
}

export const AGGREGATES = ['min', 'mean', 'p50', 'p90', 'p95', 'p99', 'max'] as const;
export type Aggregate = (typeof AGGREGATES)[number];

export type ExpectedValue =
  | { readonly unit: 'ms'; readonly value: number }
  /** A share 0..1, written `95%`. */
  | { readonly unit: 'share'; readonly value: number }
  /** A share of the length of the cut as it was played, written `80% of cut`. */
  | { readonly unit: 'ofCut'; readonly value: number }
  | { readonly unit: 'count'; readonly value: number }
  | { readonly unit: 'bytes'; readonly value: number };
