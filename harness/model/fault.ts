// Describes faults: on links, stages and paths, their place on the timeline, and the maintenance
// windows that cause them.

import type { DrainStyle, PathFilter, WorkTarget } from './access.ts';

/** The links that a fault acts on. */
export interface OnLinks {
  readonly links: readonly string[];
  /** Channels whose flow it acts on; all of the design's when not said. */
  readonly channels: readonly string[];
  /** `forward` runs from the link's `from` to its `to`; both ways when not said. */
  readonly direction?: 'forward' | 'backward';
  /** All of its links carry datagrams; not said where one of them is a TCP link. */
  readonly transport?: 'udp';
}

/** The stages that a fault acts on; the instances of these channels where they run per channel. */
export interface OnStages {
  readonly stages: readonly string[];
  readonly channels: readonly string[];
  /** Empty: no link is touched. */
  readonly links: readonly string[];
}

/** The faults on links by their kind; each file of harness/faults adds its own. */
// eslint-disable-next-line @typescript-eslint/no-empty-object-type
export interface LinkFaults {}
/** The faults on stages, or made by them, by their kind; each file of harness/faults adds its own. */
// eslint-disable-next-line @typescript-eslint/no-empty-object-type
export interface OnStageFaults {}

export type LinkFault = LinkFaults[keyof LinkFaults];
export type OnStageFault = OnStageFaults[keyof OnStageFaults];

/** Becomes actions of the plan. */
export type Fault = LinkFault | OnStageFault;

export const isOnStages = (fault: Fault): fault is OnStageFault => 'stages' in fault;
export type FaultKind = Fault['kind'];

/** The act of a fault in the past tense: its verb, and the words that follow its targets. */
export interface Verb {
  readonly verb: string;
  readonly then?: string;
  /** The effect is told after it, in brackets. */
  readonly told?: true;
}

/** The words of reports for a fault, and what measuring must know of it, so that nothing asks its kind. */
export interface FaultTraits {
  /** Its size or its way, for tables: `40 ms ± 0 ms`. */
  readonly effect: string;
  readonly verb: Verb;
  /**
   * Where it takes pictures away: where its links lead, where its stages stand, or at the source,
   * before anything else has the programme.
   */
  readonly at: 'links' | 'stages' | 'source';
  /**
   * `cut`: nothing passes, and its time is that of the cut. `life`: a stage may end of it. `answers`:
   * wrong ones are given in place of the programme. `channel`: viewers are shown another channel.
   */
  readonly nature?: 'cut' | 'life' | 'answers' | 'channel';
}

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

/** Several faults that begin and end together, because one supplier is behind them. */
export interface WithdrawFault {
  readonly kind: 'withdraw';
  readonly parts: readonly Disruption[];
}

/** The faults that a fault of a scenario stands for: itself, or the parts of a withdrawal. */
export const listParts = (fault: Disruption | WithdrawFault): readonly Disruption[] =>
  fault.kind === 'withdraw' ? fault.parts : [fault];

/** A length of time; drawn from the seed, uniformly, when the ends differ. */
export interface Drawn {
  readonly fromMs: number;
  readonly toMs: number;
}

/** A time that people need: drawn evenly, or log-normal by its median and the time in which nine of ten are done. */
export type HumanTime = Drawn | { readonly p50Ms: number; readonly p90Ms: number };

/** The people who end work that went wrong: they see it, decide, and undo it, one after the other. */
export const OPERATOR_STEPS = ['detect', 'declare', 'rollback'] as const;
export type OperatorTimes = Readonly<Record<(typeof OPERATOR_STEPS)[number], HumanTime>>;

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
      readonly fall?: Fall;
    }
  /** Has its full size at once, and goes back in steps. */
  | { readonly kind: 'fall'; readonly fall: Fall };

/** The way back to nothing in equal steps, over the last `overMs`; a bandwidth grows to `toKbps`. */
export interface Fall {
  readonly overMs: number;
  readonly steps: number;
  readonly toKbps: number | undefined;
}

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
  readonly fault: Disruption | WithdrawFault;
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
  /** The work ends when they have undone it, whatever was planned. */
  readonly operator?: OperatorTimes;
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
