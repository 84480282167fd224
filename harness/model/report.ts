// Defines the report that judge computes from a History and every output is rendered from. Version
// it with care: people keep these files.

import type { GivenPlaylist, RequestUnderWay } from './evidence.ts';
import type { BorderResult, InterfaceResult } from './border.ts';
import type { FaultKind, FaultTraits } from './fault.ts';
import type { CmcdResult } from './cmcd.ts';
import type { ProofRecord, RunRecord, ViewerDescription } from './history.ts';
import type { MachineResult } from './machine.ts';
import type { Margin } from './margin.ts';
import type { Phase } from './plan.ts';
import type { Scenario } from './scenario.ts';
import type { ScreenClass } from './screenClass.ts';
import type { BoxResult } from './received.ts';
import type { PlayerErrors } from './playerErrors.ts';
import type { CohortResult, Figure, LimitResult, StageLoad, Summary, Tail } from './summary.ts';
import type { SoundResult } from './sound.ts';
import type { ViewerAlert } from './alert.ts';
import type { WorkerResult } from './worker.ts';

export const REPORT_VERSION = 1;

export type { MachineResult } from './machine.ts';
export { CLASSES, type ScreenClass } from './screenClass.ts';
export type { PlayerErrorKind, PlayerErrors } from './playerErrors.ts';
export type { CohortResult, Figure, LimitResult, StageLoad, Summary, Tail } from './summary.ts';

/** Half-open interval [fromMs, toMs) since run start, whole milliseconds. */
export interface Span<C extends string = ScreenClass> {
  readonly class: C;
  readonly fromMs: number;
  readonly toMs: number;
}

export interface Interruption {
  readonly fromMs: number;
  readonly toMs: number;
  readonly blackScreenMs: number;
  /** The same with the unmeasured time in it and right beside it. */
  readonly atMost: { readonly lengthMs: number; readonly blackScreenMs: number };
  readonly spans: readonly Span[];
  /** Fault or window in force or just healed when it began; undefined when none explains it. */
  readonly cause: string | undefined;
  /** The stage nearest the source whose picture was lost, and when (from frame clocks). */
  readonly lostFirstAt: { readonly stage: string; readonly atMs: number } | undefined;
  /** Parts of the outage; a part that cannot be told is absent. See measure/interruptions.ts. */
  readonly parts: Readonly<Partial<Record<InterruptionPart, number>>>;
  /** Shorter than 200 ms: kept in the ledger, listed as a glitch. */
  readonly glitch: boolean;
  /** The programme came back before the viewer left or the run ended. */
  readonly recovered: boolean;
  /** Absent where there was none, and but for the longest interruptions of a run. */
  readonly playerActs?: PlayerActs;
  /** Absent where the page kept none, and but for the longest interruptions of a run. */
  readonly evidence?: { readonly begin?: KeptEvidence; readonly end?: KeptEvidence };
}

/** Evidence of one end of an interruption; times are since run start. */
export interface KeptEvidence {
  /** When the page noticed; also the name of its record in the journal, with the viewer's. */
  readonly recordMs: number;
  /** Its small pictures, which stand in the journal and in report.html. */
  readonly picturesAtMs: readonly number[];
  /** The one that the player had last been given. */
  readonly playlist?: GivenPlaylist;
  readonly underWay?: readonly RequestUnderWay[];
}

/** Acts of a player and its application from 2 s before an interruption to 2 s after it. */
export interface PlayerActs {
  /** In order of time. */
  readonly acts: readonly PlayerAct[];
  /** The number of those in the middle that are not listed. */
  readonly leftOut: number;
}

export interface PlayerAct {
  readonly atMs: number;
  readonly event: string;
  readonly detail?: string;
}
/** detect: fault to first lost picture; outage: to heal; refill: heal to media at the edge; player: to programme. */
export type InterruptionPart = 'detectMs' | 'outageMs' | 'refillMs' | 'playerMs';

export interface ViewerResult extends Omit<ViewerDescription, 'channelNumber' | 'area'> {
  /** The alerts that concerned it; absent where there were none. */
  readonly alerts?: readonly ViewerAlert[];
  readonly joinMs: number;
  readonly leaveMs: number;
  readonly sessionMs: number;
  /** Sums to sessionMs to the millisecond. */
  readonly ledger: Readonly<Record<ScreenClass, number>>;
  readonly blackScreenMs: number;
  readonly programmeLossMs: number;
  /** The same if every unmeasured moment was lost (model/range.ts). */
  readonly atMost: MostLost<number>;
  readonly interruptions: readonly Interruption[];
  /** blackScreenMs / cut; undefined without a cut. */
  readonly amplification: number | undefined;
  /** The same as `recovery === 'recovered'`. */
  readonly recovered: boolean;
  readonly recovery: RecoveryState;
  /** The time from the channel's last heal to its programme; undefined if not lost or not back. */
  readonly timeToRecoverMs: number | undefined;
  readonly presentedFps: number | undefined;
  /** Glass-to-glass, median over programme frames. */
  readonly latencyMs: number | undefined;
  readonly fatalErrors: number;
  readonly reloads: number;
  /** Absent when the player told of none. */
  readonly playerErrors?: PlayerErrors;
  readonly box?: BoxResult;
  /** Absent where nobody listened. */
  readonly sound?: SoundResult;
  /** Absent where its player told nothing by CMCD. */
  readonly cmcd?: CmcdResult;
}

/**
 * Tells whether the viewer has the programme again. `unseen`: nobody knows, for the run ended before
 * it could have been on the screen for long enough, or the end of a lost screen is unmeasured. `left`:
 * the viewer left as planned, and is asked nothing.
 */
export type RecoveryState = 'recovered' | 'not-recovered' | 'unseen' | 'left';

/** The audience of one group of viewers. */
export interface GroupResult {
  readonly name: string;
  /** The player that its viewers imitate without being it: they are in no other figure. */
  readonly imitates?: string;
  readonly audience: Report['audience'];
}

/** The other end of what unmeasured time makes an interval; one end is the field of that name. */
export interface MostLost<T> {
  readonly blackScreenMs: T;
  readonly programmeLossMs: T;
  readonly timeToRecoverMs: T | undefined;
  readonly amplification: T | undefined;
}

export type Verdict = 'pass' | 'fail' | 'inconclusive';

/** A fact that the reader must know; `verdict` is what it pulls the run down to. */
export interface Finding {
  readonly rule: string;
  readonly verdict: Verdict;
  readonly text: string;
  readonly atMs?: number;
  readonly hint?: string;
}

export interface ExpectationResult {
  readonly text: string;
  readonly verdict: Verdict;
  /** Printed with the unit of the expectation. */
  readonly observed: string;
  /** Absent where the limit is no duration, and where the observed value meets it or is on both sides. */
  readonly limit?: LimitResult;
  readonly reason?: string;
}

export interface ProofResult extends Omit<ProofRecord, 'type' | 'action' | 'target' | 'by'> {
  readonly link: string;
  readonly does: 'inject' | 'heal';
}

/** One fault as it was really in force on one set of links and channels. */
export interface FaultResult extends FaultTraits {
  readonly name: string;
  readonly window: string | undefined;
  readonly kind: FaultKind;
  readonly links: readonly string[];
  readonly channels: readonly string[];
  readonly plannedFromMs: number;
  readonly plannedToMs: number;
  /** When doing it began, where that was before it was in force: some of its links were hurt since. */
  readonly begunMs?: number;
  readonly fromMs: number | undefined;
  readonly toMs: number | undefined;
  /** No witness was asked: it is in the middle of a ramp, a flap or bursts. */
  readonly unasked?: true;
  readonly proofs: readonly ProofResult[];
}

/** A maintenance window as it was planned, in run time; what was really in force is in `faults`. */
export interface WindowResult {
  readonly name: string;
  readonly owner: string;
  readonly announcedFromMs: number;
  readonly announcedToMs: number;
  readonly workFromMs: number;
  /** When the work was meant to end; from here on it is overrun, until channels come back. */
  readonly workToMs: number;
}

export type LinkClass = 'up' | 'faulted';
export type StageClass = 'programme' | 'filling' | 'idle' | 'down';

/** A row of the timeline. */
export type Lane =
  | { readonly kind: 'link'; readonly id: string; readonly spans: readonly Span<LinkClass>[] }
  | { readonly kind: 'stage'; readonly id: string; readonly spans: readonly Span<StageClass>[] }
  | { readonly kind: 'viewer'; readonly id: string; readonly spans: readonly Span[] };

export interface Report {
  readonly version: typeof REPORT_VERSION;
  readonly run: Pick<RunRecord, 'id' | 'engine' | 'simulated' | 'harness' | 'environment'> &
    Pick<
      Scenario,
      'title' | 'variant' | 'otherDesign' | 'otherPlayer' | 'otherCount' | 'seed' | 'file'
    > & {
      readonly scenario: string;
      readonly kind: string;
      /** Name of the design that it was played on; absent in older reports. */
      readonly design?: string;
      /** ISO 8601, UTC. */
      readonly startedAt: string;
      /** Since run start. */
      readonly endedAtMs: number;
      readonly compress: number;
      readonly ended: 'complete' | 'interrupted' | 'guardrail' | 'error' | 'crashed';
      readonly endedDetail?: string;
      /** Wall-clock time the start of disrupt stands for, as the scenario says it. */
      readonly clock?: string;
    };
  readonly verdict: Verdict;
  readonly findings: readonly Finding[];
  readonly expectations: readonly ExpectationResult[];
  readonly phases: readonly {
    readonly phase: Phase;
    readonly fromMs: number;
    readonly toMs: number;
  }[];
  readonly faults: readonly FaultResult[];
  /** Lets readers tell planned work from overrun; absent in reports that do not know. */
  readonly windows?: readonly WindowResult[];
  /** Absent where the machine does not say, and in records from before it was sampled. */
  readonly machine?: MachineResult;
  /** Machines that showed the viewers; absent where the machine of the run did. */
  readonly workers?: readonly WorkerResult[];
  /** Time during which at least one cut was really in force. */
  readonly cutMs: number;
  /** The possible error in a duration of a screen. */
  readonly margin: Margin;
  readonly lanes: readonly Lane[];
  readonly viewers: readonly ViewerResult[];
  /** Everything here counts heads: a viewer counts as often as its weight says. */
  readonly audience: {
    readonly viewers: number;
    readonly interrupted: number;
    readonly recovered: number;
    /** Neither recovered nor lost (RecoveryState): nobody knows. */
    readonly recoveryUnseen: number;
    /** Left as planned, and is neither recovered nor lost; absent where nobody did. */
    readonly left?: number;
    readonly blackScreenMs: Summary;
    readonly programmeLossMs: Summary;
    readonly timeToRecoverMs: Summary | undefined;
    readonly amplification: Summary | undefined;
    readonly latencyMs: Summary | undefined;
    /** Sum over viewers of black screen, in minutes. */
    readonly viewerMinutesBlack: number;
    /** The same if every unmeasured moment was lost. */
    readonly atMost: MostLost<Summary> & { readonly viewerMinutesBlack: number };
    readonly ledger: Readonly<Record<ScreenClass, number>>;
  };
  /** Viewers that are known as cohorts; absent where there are none. */
  readonly cohorts?: readonly CohortResult[];
  /** Absent where there are no cohorts. */
  readonly tail?: Tail;
  /** Absent where nobody counted for a whole audience. */
  readonly loads?: readonly StageLoad[];
  /** The audience group by group; absent where there is one only, of real screens. */
  readonly groups?: readonly GroupResult[];
  /** Viewers who imitate a player, one by one; absent where there are none. */
  readonly beside?: readonly ViewerResult[];
  /** Metrics with a row of their own; absent where there is none. */
  readonly figures?: readonly Figure[];
  /** Absent where no two stages stand in different countries, or nobody asked for it. */
  readonly borders?: readonly BorderResult[];
  /** The second witness of borders; absent where stages have no interfaces of their own. */
  readonly interfaces?: readonly InterfaceResult[];
  /** The errors of all viewers but the control; absent when none told of any. */
  readonly playerErrors?: PlayerErrors;
  readonly screenshots: readonly {
    readonly moment: string;
    readonly atMs: number;
    readonly file: string;
  }[];
  readonly sources: readonly { readonly id: string; readonly text: string }[];
  readonly assumptions: readonly string[];
}
