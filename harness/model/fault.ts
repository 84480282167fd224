// Describes faults: on links, stages and paths, their place on the timeline, and the maintenance
// windows that cause them.

import type { DrainStyle, PathFilter, WorkTarget } from './access.ts';

/** The effect of a cut link on bytes. Named by effect; harness/faults maps it to toxics. */
export type CutEffect = 'hold' | 'drop' | 'refuse' | 'reset';

/** The links that a fault acts on. */
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

/** First wait of a sender for what was lost: Linux; RFC 6298 asks for 1 s. It doubles each time. */
export const RETRANSMIT_TIMEOUT_MS = 200;

/** Packet loss, as TCP shows it: no byte is lost, bytes come late and fewer at a time. */
export interface LossFault extends OnLinks {
  readonly kind: 'loss';
  /** Share of packets, 0..1. */
  readonly share: number;
  readonly roundTripMs: number;
  /** Every packet for about so long, then none for a while; of an action, the length of its burst. */
  readonly burstMs?: number;
}

/** Bytes come in small pieces with a wait after each. */
export interface SliceFault extends OnLinks {
  readonly kind: 'slice';
  readonly pieceBytes: number;
  readonly delayMs: number;
}

/** The faults on links. */
export type LinkFault = CutFault | LatencyFault | BandwidthFault | LossFault | SliceFault;

/** The stages that a fault acts on; the instances of these channels where they run per channel. */
interface OnStages {
  readonly stages: readonly string[];
  readonly channels: readonly string[];
  /** Empty: no link is touched. */
  readonly links: readonly string[];
}

/**
 * `kill` is a crash, `stop` an operator's hand, both started again at the heal; `restart` is stopped
 * and started again at once; `pause` stops its time; `disconnect` lets what is sent to it or by it
 * vanish.
 */
export interface StageFault extends OnStages {
  readonly kind: 'stage';
  readonly does: 'kill' | 'stop' | 'restart' | 'pause' | 'disconnect';
}

/** Less of the machine than a stage has otherwise: at least one of the two. */
export interface SqueezeFault extends OnStages {
  readonly kind: 'squeeze';
  readonly limits: { readonly cpus?: number; readonly memoryMb?: number };
}

/** The faults of the programme at its source. */
export type ContentFault = OnStages & { readonly kind: 'content' } & ContentWrong;

/**
 * `timestamp-jump` adds so much to every PTS and DTS from then on (negative: they go back), the
 * last two send the programme in another size or by another codec than was agreed.
 */
export type ContentWrong =
  | { readonly shows: 'black' | 'frozen' | 'silent' | 'wrong-channel' }
  | { readonly shows: 'timestamp-jump'; readonly byMs: number }
  | { readonly shows: 'resolution'; readonly width: number; readonly height: number }
  | { readonly shows: 'codec'; readonly codec: 'mpeg2' };

/** The clock that a transcoder writes EXT-X-PROGRAM-DATE-TIME by is wrong; negative: slow. */
export interface ClockSkewFault extends OnStages {
  readonly kind: 'clock-skew';
  readonly byMs: number;
}

/** An origin that can store nothing any more: what is there is served and can be deleted. */
export interface FullDiskFault extends OnStages {
  readonly kind: 'full-disk';
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

/** The wrong answers that harness/pipeline/contract.ts describes. */
export type HttpAnswer =
  | SingleHttpAnswer
  /** One step after another, and again from the first, since the fault began. */
  | { readonly kind: 'cycle'; readonly steps: readonly HttpCycleStep[] };

/** One step of a cycle; without an answer of its own it is healthy. */
export interface HttpCycleStep {
  readonly forMs: number;
  readonly answer?: SingleHttpAnswer;
}

export type SingleHttpAnswer =
  | { readonly kind: 'status'; readonly status: number }
  | { readonly kind: 'slow'; readonly delayMs: number }
  | { readonly kind: 'truncated' | 'corrupt'; readonly share: number }
  | { readonly kind: 'gap'; readonly every: number }
  | { readonly kind: 'hang' | 'stale' | 'empty' | 'sequenceReset' | 'noDiscontinuity' };

/** The faults on stages, or made by them. */
export type OnStageFault =
  StageFault | SqueezeFault | ContentFault | ClockSkewFault | FullDiskFault | HttpFault;

/** Becomes actions of the plan. */
export type Fault = LinkFault | OnStageFault;

export const isOnStages = (fault: Fault): fault is OnStageFault => 'stages' in fault;
export type FaultKind = Fault['kind'];

/** A fault on paths of an access; routing makes link faults of it (model/access.ts). */
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

/** The course of a fault between its start and its end. */
export type Profile =
  | { readonly kind: 'steady' }
  /** Is on and off in turn, starting with on. */
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
  /** The target of the work, where a device, location and so on is named, not a link or path. */
  readonly target?: WorkTarget;
  /** When it was told to those it concerns; undefined = not said. */
  readonly announcedOn: string | undefined;
  /** Start of the announced interval, from the start of the disrupt phase; may be negative. */
  readonly announcedFromMs: number;
  readonly announcedForMs: number;
  /** The way traffic is moved away beforehand; `none` = it is not. */
  readonly drain: { readonly style: DrainStyle; readonly leadMs: number };
  /** When the work takes the links away, and how long it was meant to. */
  readonly work: { readonly atMs: number; readonly forMs: number; readonly fault: Disruption };
  /** The time it takes longer than meant. */
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
