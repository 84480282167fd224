// Defines what the product must know of a kind of fault: how it is written and checked, what is said
// of it, what carries it out, who can see it. One file a kind, one line each in catalogue.ts.

import type { z } from 'zod';
import type { Mapping } from '../fields/mapping.ts';
import type { Random } from '../kernel/random.ts';
import type {
  Design,
  Drawn,
  Fault,
  FaultTraits,
  Link,
  LinkFault,
  OnStageFault,
  Stage,
  StageResources,
  Verb,
} from '../model/scenario.ts';
import type { StageFaults, ToxicSpec } from '../model/world.ts';
import type { StageTrace, StreamTrace } from './traces.ts';
import type { WrongAnswers } from '../model/wrongAnswers.ts';

/** Something wrong in the mapping of a fault. */
export interface Mistake {
  /** The place, from that mapping on. */
  readonly at: readonly (string | number)[];
  readonly message: string;
  /** The key is pointed at instead of its value. */
  readonly on?: 'key';
}

/** The facts that a key is checked against. */
export interface Asked<V> {
  /** Undefined when it cannot be read, which has been reported. */
  readonly value: V | undefined;
  /** The mapping of the fault as it stands in the file: anything may be in it. */
  readonly written: Mapping;
  /** The time that the fault is in force without a break, where it can be read. */
  readonly length: Drawn | undefined;
  /** The stages it names that the design has. */
  readonly stages: readonly Stage[];
  /** The links it names that the design has. */
  readonly links: readonly Link[];
  readonly design: Design | undefined;
}

/** One way to write a fault: a key of a scenario file. */
export interface Writing<R, V = unknown> {
  readonly field: z.ZodType<V>;
  read(value: V): R;
  check?(asked: Asked<V>): readonly Mistake[];
}

/** Lets the compiler see what a field gives and what it is read into. */
export const writing = <R, V>(one: Writing<R, V>): Writing<R> => one;

/** A fault without its place, which every fault has. */
export type Unplaced<F extends Fault> = F extends Fault
  ? Omit<F, 'links' | 'stages' | 'channels' | 'direction' | 'transport'>
  : never;

/** The course of a ramp at one of its steps. */
export interface Step {
  /** Share of the full size, above 0 and at most 1. */
  readonly share: number;
  /** The bandwidth that a narrowing begins from or goes back to, where it is said. */
  readonly wideKbps: number | undefined;
}

/** A part of a fault in time: from its beginning on, in milliseconds as played. */
export interface Part<F> {
  readonly fromMs: number;
  readonly forMs: number;
  readonly fault: F;
}

/** More than anybody reads in a plan. */
export const PARTS_MAX = 500;

/** The abilities of a runtime that some faults need. */
export interface RuntimeAbility {
  readonly kind: 'processes' | 'containers';
  /** It limits and pauses stages by control groups, which not every engine has. */
  readonly canLimit: boolean;
}

/** The part of a kind that does not depend on its place. */
export interface KindBase<F extends Fault> {
  readonly kind: F['kind'];
  readonly on: 'links' | 'stages';
  readonly writings: Readonly<Record<string, Writing<Unplaced<F>>>>;
  /** The sight to expect, as a sentence; `where` names its place. */
  injected(fault: F, where: string): string;
  /** The sight to expect once it is over. */
  healed(fault: F, where: string): string;
  effect(fault: F): string;
  verb(fault: F): Verb;
  /** Where it takes pictures away; at its links or stages when not said. */
  at?(fault: F): FaultTraits['at'];
  nature?(fault: F): FaultTraits['nature'];
  /** A part of its size; a kind without it cannot grow or shrink. */
  sized?(fault: F, step: Step): F;
  /** Divides it in time, into at most one more than PARTS_MAX; whole when not said. */
  divided?(fault: F, forMs: number, random: Random): readonly Part<F>[];
  /** Divides the durations inside it that follow a clock of the scenario. */
  compressed?(fault: F, by: number): F;
  /** Tells whether two of it may be in force at one place at once. */
  goesWith?(fault: F, other: F): boolean;
}

/** A toxic, but for the ways that the fault concerns. */
export interface Toxic extends Pick<ToxicSpec, 'type' | 'attributes'> {
  /** Tells toxics of one fault apart, where there are several. */
  readonly part?: string;
}

/** The effect of a fault on what passes a link, in each direction it concerns; what is not said stays. */
export interface LinkNumbers {
  /** False: nothing passes. */
  readonly passes: boolean;
  readonly delayMs?: number;
  /** At most this much more or less than the delay, evenly. */
  readonly jitterMs?: number;
  readonly rateKbps?: number;
  /** Share of packets, 0..1. */
  readonly lossShare?: number;
  /** A wait after each piece of so many bytes. */
  readonly piece?: { readonly bytes: number; readonly delayMs: number };
}

/** The part of a kind that depends on the transport of a link. */
export interface OnTransport<F extends LinkFault> {
  /** `off`: the proxy itself is switched off. */
  toxics(fault: F): readonly Toxic[] | 'off';
  /** The trace in a stream of many bytes a second, where it arrives. */
  stream(fault: F): StreamTrace;
}

export interface LinkKind<F extends LinkFault> extends KindBase<F>, OnTransport<F> {
  readonly on: 'links';
  /**
   * The part that differs on a UDP link, or `same`; a kind without it cannot act on one. `only`: it
   * acts on nothing else.
   */
  readonly datagrams?: OnTransport<F> | 'same' | 'only';
  numbers(fault: F): LinkNumbers;
  /** The trace in the few replies that go against a stream; undefined: they are too few to show it. */
  readonly replies?: 'silence' | 'delay';
  /** Tells whether nothing is left of another fault while this one is in force. */
  hides?(fault: F, other: LinkFault): boolean;
}

/** The effect of a fault on what a stage does; what is not said stays. */
export interface StageNumbers {
  /** False: it does nothing at all. */
  readonly works?: false;
  readonly limits?: StageResources;
  /** The picture that it sends in place of the programme. */
  readonly picture?: 'black' | 'frozen' | 'other channel';
  readonly silent?: true;
  readonly dateErrorMs?: number;
  readonly stores?: false;
  readonly wrong?: WrongAnswers;
}

/** The commands of a stage's program (harness/pipeline/contract.ts). */
export type StageMessage = Readonly<Record<string, unknown>>;

/** A fault in force on a stage. */
export interface StageInForce<F extends OnStageFault> {
  readonly fault: F;
  /** Decides what it leaves to chance. */
  readonly seed: number;
}

/** Carried out by the program of the stage, which a new life of it has to be told again. */
export interface ByProgram<F extends OnStageFault> {
  readonly by: 'program';
  /** First key of the message: the fault befalls stages of the roles whose programs take it. */
  readonly command: string;
  /** The command that says everything of the kind that is in force on the stage; nothing heals it. */
  message(inForce: readonly StageInForce<F>[]): StageMessage;
}

/** Carried out by the runtime. */
export interface ByRuntime<F extends OnStageFault> {
  readonly by: 'runtime';
  inject(fault: F, stage: StageFaults): Promise<void>;
  heal(fault: F, stage: StageFaults): Promise<void>;
  /** Tells whether the inject leaves the stage without a life, and which step gives it a new one. */
  life?(fault: F): { readonly ends: boolean; readonly begins: 'inject' | 'heal' | undefined };
}

export interface StageKind<F extends OnStageFault> extends KindBase<F> {
  readonly on: 'stages';
  readonly acts: ByProgram<F> | ByRuntime<F>;
  /** The thing that the runtime would have to do and cannot; undefined when it can. */
  lacks?(fault: F, runtime: RuntimeAbility): string | undefined;
  trace(fault: F): StageTrace;
  numbers(fault: F): StageNumbers;
}

/** Any kind, once nothing of it is asked that only it has. */
export type Kind = LinkKind<LinkFault> | StageKind<OnStageFault>;
