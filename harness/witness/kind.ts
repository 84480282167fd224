// Describes a kind of witness: who sees one sort of trace (faults/traces.ts), what it is asked, and
// what proves to it that a fault is there, or over. One file a kind, one line in catalogue.ts.

import type { Answer } from '../model/answer.ts';
import type { ProofRecord, StatsRecord } from '../model/history.ts';
import type { Asks } from '../model/world.ts';

/** Judging is pure: the runner asks while it goes on, and anybody can ask again over the journal. */
export interface WitnessKind<W> {
  /** Gives the name in the record. */
  readonly name: (witness: W) => string;
  readonly judge: (witness: W, seen: Seen) => Proof;
  /** The question that it is asked again and again; absent for one that speaks in its reports. */
  readonly asks?: (witness: W) => Asks;
  /** So often it is asked before the first fault: the middle of the answers is kept. */
  readonly askedBefore?: number;
  /** Gives the time for which it must see a fault; 0 when not said. */
  readonly neededMs?: (witness: W) => number;
}

/** The fields that all witnesses share. */
export interface Standing {
  /** The instance of a stage that reports or answers. */
  readonly stage: string;
  /** Look no longer than this for a proof. */
  readonly withinMs: number;
}

/** A witness that has to be asked. */
export interface Asked extends Standing {
  /** The time after which an answer is taken not to come. */
  readonly patienceMs: number;
}

/** A witness that may tell one of several links to its stage from the others. */
export interface OverLink extends Standing {
  readonly link?: string;
}

/** Everything that was seen and heard of an action so far. */
export interface Seen {
  readonly does: 'inject' | 'heal';
  /** When the call that did it returned. */
  readonly doneAtMs: number;
  /** When that call began: a restart takes seconds. As `doneAtMs` when not said. */
  readonly begunAtMs?: number;
  /** The reports in order, of other stages too; from some seconds before to as late as known. */
  readonly stats: readonly StatsRecord[];
  /** The answers to our own questions since then. */
  readonly answers: readonly Answer[];
  /** The answer to the same question before the first fault; of several, the middle. */
  readonly before?: Answer | undefined;
  /** The reports of stages before the first fault. */
  readonly steady?: readonly StatsRecord[];
  /** Another fault was in force just before: what the witness saw then is no measure. */
  readonly afterAnother?: boolean;
}

/** `observed` is a sentence for the report. */
export type Proof = Pick<ProofRecord, 'proven' | 'maskedBy' | 'observed'>;

export const unproven = (observed: string): Proof => ({ proven: false, observed });

/** `transcoder.one over connect-up-a` */
export const placeText = ({ stage, link }: OverLink): string =>
  link === undefined ? stage : `${stage} over ${link}`;

/** Half of the delay is enough to tell it from chance, and jitter may take the other half. */
export const DELAY_SHARE_MIN = 0.5;
/** The added delay from which a single answer or report is enough to tell. */
export const PLAIN_DELAY_MS = 500;
