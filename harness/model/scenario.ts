// What a scenario file says once it has been read, checked and filled with defaults.
// Durations are whole milliseconds of the scenario's own time; `compress` has not touched them.

import type { Access, DrainStyle, PathFilter, WorkTarget } from './access.ts';

/** Field names that end in `Ms` are milliseconds. */
export interface Scenario {
  /** Short name, also the folder of its runs: `[a-z0-9-]+`. */
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** `incident` re-enacts what happened, `window` rehearses what is planned, `drill` explores. */
  readonly kind: 'incident' | 'window' | 'drill';
  /** Where the numbers come from: facts.md marks, papers, pages. */
  readonly sources: readonly Source[];
  /** Numbers chosen without a source, said as such. */
  readonly assumptions: readonly string[];
  readonly design: Design;
  /** Wall-clock time that the start of the disrupt phase stands for (ISO 8601 with offset). */
  readonly clock: string | undefined;
  /** Name of the variant of the file, when one was asked for. */
  readonly variant?: string;
  readonly seed: number;
  readonly viewers: ViewerGroup;
  readonly steady: SteadyState;
  readonly windows: readonly MaintenanceWindow[];
  readonly faults: readonly TimedFault[];
  readonly recover: { readonly withinMs: number };
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
export interface Design {
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
  /** What it costs a month beside the other designs, in classes, not in money. */
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
  readonly ladder: readonly Rung[];
}

export interface Rung {
  readonly width: number;
  readonly height: number;
  readonly videoKbps: number;
}

/** Where a stage stands, so that "which supplier, which jurisdiction" can be asked. */
export interface Place {
  readonly zone: string;
  readonly operator: string;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
}

export type Stage = PlayoutStage | TranscoderStage | OriginStage | EdgeStage | SteeringStage;
export type StageRole = Stage['role'];

/** What a stage may use of the machine; undefined = no limit but the runtime's own. */
export interface StageResources {
  /** Processor cores, `0.5` is half of one. */
  readonly cpus?: number;
  readonly memoryMb?: number;
}

interface StageBase extends Place {
  /** Unique in the design; `playout` and `transcoder` run once per channel, the others once. */
  readonly name: string;
  /** Kept by the containers runtime; the processes runtime cannot. */
  readonly resources?: StageResources;
}

export interface PlayoutStage extends StageBase {
  readonly role: 'playout';
  /** `synthetic` draws a programme; a file is looped. */
  readonly source:
    { readonly kind: 'synthetic' } | { readonly kind: 'file'; readonly path: string };
  /** Sender: what it may hold back before it drops whole transport packets. */
  readonly sendBufferMs: number;
  readonly reconnectMs: number;
}

/** What the encoder puts out while its input is gone: repeat, then black, then `then`, for ever. */
export interface InputLoss {
  readonly repeatMs: number;
  readonly blackMs: number;
  readonly then: 'black' | 'slate';
}

export interface TranscoderStage extends StageBase {
  readonly role: 'transcoder';
  readonly inputLoss: InputLoss;
  /** Good input for this long before the programme is shown again. */
  readonly failBackMs: number;
  /** `emit` publishes filler, `pause` publishes nothing while the input is gone. */
  readonly inputLossAction: 'emit' | 'pause';
  readonly upload: UploadSettings;
}

export interface UploadSettings {
  readonly timeoutMs: number;
  readonly retries: number;
  readonly retryDelayMs: number;
  /** Segments older than this are dropped, not uploaded. */
  readonly maxAgeMs: number;
}

export interface OriginStage extends StageBase {
  readonly role: 'origin';
  /** What is answered for a playlist older than `staleAfterMs`. */
  readonly whenStale: 'serve' | '404' | '503' | 'hang';
  readonly staleAfterMs: number;
}

export interface EdgeStage extends StageBase {
  readonly role: 'edge';
  /** Default segmentMs / 2 (facts.md 2.3, S48). */
  readonly playlistTtlMs: number;
  readonly segmentTtlMs: number;
  /** How long an error answer of the origin is kept; 0 = not. */
  readonly errorTtlMs: number;
  /** Serve an expired object when the origin fails. */
  readonly staleIfError: boolean;
  /** One request to the origin for many viewers. */
  readonly collapse: boolean;
  readonly originTimeoutMs: number;
  /** How it moves from its first origin to the next, where it has several. */
  readonly originFailover?: OriginFailover;
}

/** After so many failures within the time, an origin is left alone for the same time. */
export interface OriginFailover {
  readonly maxFails: number;
  readonly failTimeoutMs: number;
}

/** Tells players which edges there are, and in which order to prefer them (HLS content steering). */
export interface SteeringStage extends StageBase {
  readonly role: 'steering';
  /** Players ask again after this long; undefined = redundant playlists only, players are not told. */
  readonly ttlMs: number | undefined;
  /** How often edges are asked for a playlist; one that fails is preferred last. 0 = never. */
  readonly checkEveryMs: number;
}

/** A TCP link through Toxiproxy; one proxy per channel where its upstream end runs per channel. */
export interface Link {
  readonly name: string;
  readonly from: string;
  readonly to: string;
}

export type PlayerPolicy =
  | { readonly onFatal: 'none' }
  | { readonly onFatal: 'startLoad'; readonly delayMs: number; readonly jitterMs: number }
  | { readonly onFatal: 'reload'; readonly delayMs: number; readonly jitterMs: number };

export interface ViewerGroup {
  /** Viewers on the wall, the control not counted; dealt over the channels in turn. */
  readonly count: number;
  readonly player: 'hls.js';
  readonly policy: PlayerPolicy;
  /** Passed to the player as it is (hls.js configuration keys). */
  readonly config: Readonly<Record<string, unknown>>;
}

export interface SteadyState {
  /** Every viewer shows the programme without a break for this long … */
  readonly holdMs: number;
  /** … within this long after provisioning, or the run is inconclusive. Never compressed. */
  readonly withinMs: number;
}

/** What a cut link does to bytes. Named by effect; harness/faults maps it to toxics. */
export type CutEffect = 'hold' | 'drop' | 'refuse' | 'reset';

/** Where a fault acts on links. */
interface OnLinks {
  readonly links: readonly string[];
  /** Channels whose flow it acts on; all of the design's when not said. */
  readonly channels: readonly string[];
  /** `forward` runs from the link's `from` to its `to`; both ways when not said. */
  readonly direction?: 'forward' | 'backward';
}

export interface CutFault extends OnLinks {
  readonly kind: 'cut';
  readonly effect: CutEffect;
}

export interface LatencyFault extends OnLinks {
  readonly kind: 'latency';
  readonly delayMs: number;
  readonly jitterMs: number;
}

export interface BandwidthFault extends OnLinks {
  readonly kind: 'bandwidth';
  readonly rateKbps: number;
}

/** Packet loss, as TCP shows it: no byte is lost, bytes come late and fewer at a time. */
export interface LossFault extends OnLinks {
  readonly kind: 'loss';
  /** Share of packets, 0..1. */
  readonly share: number;
  readonly roundTripMs: number;
}

/** Bytes come in small pieces with a wait after each. */
export interface SliceFault extends OnLinks {
  readonly kind: 'slice';
  readonly pieceBytes: number;
  readonly delayMs: number;
}

/** What is done to links. */
export type LinkFault = CutFault | LatencyFault | BandwidthFault | LossFault | SliceFault;

/** Where a fault acts on stages; on the instances of these channels where they run per channel. */
interface OnStages {
  readonly stages: readonly string[];
  readonly channels: readonly string[];
  /** Empty: no link is touched. */
  readonly links: readonly string[];
}

/** `kill` is a crash, `stop` an operator's hand, both started again at the heal; `pause` stops its time. */
export interface StageFault extends OnStages {
  readonly kind: 'stage';
  readonly does: 'kill' | 'stop' | 'pause';
}

/** What is wrong with the programme at its source. */
export interface ContentFault extends OnStages {
  readonly kind: 'content';
  readonly shows: 'black' | 'frozen' | 'silent' | 'wrong-channel';
}

/** Wrong answers of an origin or an edge to the requests that match. */
export interface HttpFault extends OnStages {
  readonly kind: 'http';
  readonly match: {
    readonly of: 'multivariant' | 'playlist' | 'segment' | 'any' | 'upload';
    /** Index in the ladder; all when not said. */
    readonly rung: number | undefined;
    /** Segments whose number is a multiple of this. */
    readonly every: number | undefined;
    /** Share of the requests, 0..1. */
    readonly ratio: number;
  };
  readonly answer: HttpAnswer;
}

/** As harness/pipeline/contract.ts describes them. */
export type HttpAnswer =
  | { readonly kind: 'status'; readonly status: number }
  | { readonly kind: 'slow'; readonly delayMs: number }
  | { readonly kind: 'truncated' | 'corrupt'; readonly share: number }
  | { readonly kind: 'gap'; readonly every: number }
  | { readonly kind: 'hang' | 'stale' | 'empty' | 'sequenceReset' | 'noDiscontinuity' };

/** What is done to stages or by them. */
export type OnStageFault = StageFault | ContentFault | HttpFault;

/** Becomes actions of the plan. */
export type Fault = LinkFault | OnStageFault;

export const isOnStages = (fault: Fault): fault is OnStageFault =>
  fault.kind === 'stage' || fault.kind === 'content' || fault.kind === 'http';
export type FaultKind = Fault['kind'];

/** What happens to paths of an access; routing makes link faults of it (model/access.ts). */
export interface PathFault {
  readonly kind: 'path';
  /** Names of paths, which are unique in a design. */
  readonly paths: readonly string[];
  readonly happens: PathHappening;
}

/**
 * `down` is noticed when a timer runs out, `dark` at once (loss of light), `withdrawn` takes routes
 * away while the path works, `tested` is a failover test, `filtered` shows when the path is needed.
 */
export type PathHappening =
  | { readonly kind: 'dark' | 'withdrawn' | 'tested' }
  /** `members` of a lag or tunnels of a vpn; the whole path when not said. */
  | { readonly kind: 'down'; readonly members?: number }
  | { readonly kind: 'filtered'; readonly filter: PathFilter }
  | { readonly kind: 'degraded'; readonly lossShare: number; readonly capacityShare: number };

export type Disruption = Fault | PathFault;

/** A length of time; drawn from the seed, uniformly, when the ends differ. */
export interface Drawn {
  readonly fromMs: number;
  readonly toMs: number;
}

/** When something starts: from the start of the disrupt phase, or after something else. */
export type Start =
  | { readonly kind: 'at'; readonly at: Drawn }
  | { readonly kind: 'after'; readonly event: TimelineEvent; readonly wait: Drawn };

/** `end` is the last heal; `overrun` the moment the work of a window was meant to end. */
export interface TimelineEvent {
  readonly of: string;
  readonly what: 'start' | 'end' | 'overrun';
}

/** How a fault is in force between its start and its end. */
export type Profile =
  | { readonly kind: 'steady' }
  /** On and off in turn, starting with on. */
  | { readonly kind: 'flap'; readonly onMs: number; readonly offMs: number }
  /** Grows in equal steps to its full size within `overMs`; a bandwidth shrinks from `fromKbps`. */
  | {
      readonly kind: 'ramp';
      readonly overMs: number;
      readonly steps: number;
      readonly fromKbps: number | undefined;
    };

/** Again and again; at least one of `untilMs` and `times` is there. */
export interface Repeat {
  readonly every: Drawn;
  /** No occurrence starts later than this after the start of the disrupt phase. */
  readonly untilMs: number | undefined;
  readonly times: number | undefined;
}

/** A fault on the timeline. */
export interface TimedFault {
  readonly name: string;
  readonly start: Start;
  readonly length: Drawn;
  readonly repeat: Repeat | undefined;
  readonly profile: Profile;
  readonly fault: Disruption;
}

/** Announced work that causes a fault; it may overrun, and it gives channels back in steps. */
export interface MaintenanceWindow {
  readonly name: string;
  readonly owner: string;
  /** What is worked on, where it was named by device, location and so on instead of by link or path. */
  readonly target?: WorkTarget;
  /** When it was told to those it concerns; undefined = not said. */
  readonly announcedOn: string | undefined;
  /** Start of the announced interval, from the start of the disrupt phase; may be negative. */
  readonly announcedFromMs: number;
  readonly announcedForMs: number;
  /** How traffic is moved away beforehand; `none` = it is not. */
  readonly drain: { readonly style: DrainStyle; readonly leadMs: number };
  /** When the work takes the links away, and how long it was meant to. */
  readonly work: { readonly atMs: number; readonly forMs: number; readonly fault: Disruption };
  /** How much longer it takes than meant. */
  readonly overrunMs: number;
  /** Given up instead: decided this long after the work began, and done this much later. */
  readonly rollback: { readonly afterMs: number; readonly takesMs: number } | undefined;
  readonly restore: RestoreOrder;
}

export interface RestoreOrder {
  /** Channels in the order they come back; those not named come back last, together. */
  readonly order: readonly string[];
  /** The order is drawn from the seed instead. */
  readonly shuffled: boolean;
  /** Time between one channel and the next; 0 = all at once. */
  readonly paceMs: number;
}

/** One line of `expect:`; see scenario/expectation.ts for the grammar. */
export interface Expectation {
  readonly text: string;
  readonly aggregate: Aggregate | undefined;
  readonly metric: Metric;
  readonly operator: '<' | '<=' | '==' | '>=' | '>';
  readonly value: ExpectedValue;
}

export const AGGREGATES = ['min', 'mean', 'p50', 'p90', 'p95', 'p99', 'max'] as const;
export type Aggregate = (typeof AGGREGATES)[number];

/** Measured per viewer, in milliseconds unless said; these need an aggregate. */
export const VIEWER_METRICS = [
  'blackScreen',
  'programmeLoss',
  'frozen',
  'black',
  'slate',
  'stalled',
  'starting',
  'dead',
  'unmeasured',
  'timeToRecover',
  'latency',
  'amplification', // a ratio
  'interruptions', // a count
] as const;
/** Measured over all viewers; these take no aggregate. */
export const AUDIENCE_METRICS = [
  'recovered', // share of viewers
  'interrupted', // share of viewers
  'channelsRestored', // share of channels
] as const;
export type ViewerMetric = (typeof VIEWER_METRICS)[number];
export type AudienceMetric = (typeof AUDIENCE_METRICS)[number];
export type Metric = ViewerMetric | AudienceMetric;

export type ExpectedValue =
  | { readonly unit: 'ms'; readonly value: number }
  /** A share 0..1, written `95%`. */
  | { readonly unit: 'share'; readonly value: number }
  /** A share of the length of the cut as it was played, written `80% of cut`. */
  | { readonly unit: 'ofCut'; readonly value: number }
  | { readonly unit: 'count'; readonly value: number };
