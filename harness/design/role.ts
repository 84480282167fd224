// Defines what the product must know of a role of stages: what is true of every stage that has it,
// how it is written in a design, what its program takes and tells. One file a role, one line each in
// catalogue.ts.

import type { z } from 'zod';
import type { CounterName } from '../model/counters.ts';
import type { MediaSettings, Stage, StageBase, Transport, Protocol } from '../model/scenario.ts';
import type { Runtime } from '../model/world.ts';

/** The media of a design as far as roles read their keys by it. */
export interface RoleMedia extends Pick<MediaSettings, 'segmentMs'> {
  readonly container: 'ts' | 'cmaf';
}

/** A figure that the program of a stage reports; `fill` says what it puts in place of its input. */
export type Told = CounterName | 'fill' | 'wrongIn' | 'contribution';

export interface RoleTraits {
  /** The roles that may stand right before it; none where the picture comes from. */
  readonly follows: readonly string[];
  /** Roles that may stand right behind it although their own files do not know it. */
  readonly feeds?: readonly string[];
  /** The one of the two that opens the connection between them. */
  readonly connects: 'itself' | 'the one before';
  /**
   * Its inputs: one for each link that leads to it, one for each stage before it, or a single one
   * for all, where a second stage would overwrite what the first has sent.
   */
  readonly inputs: 'each link' | 'each stage' | 'one';
  /** The transports that a link can reach it by; none where no link leads to it. */
  readonly transports: readonly Transport[];
  /** The protocols over UDP that a link can reach it by. */
  readonly protocols?: readonly Protocol[];
  /** It passes the picture on; a stage that only answers where the picture is does not. */
  readonly carriesPicture: boolean;
  /** It sees every frame; the others see a new counter with each segment. */
  readonly carriesFrames: boolean;
  /** There is an instance of it for each channel, else one for all. */
  readonly perChannel: boolean;
  /** Viewers and the harness reach it by HTTP. */
  readonly servesViewers: boolean;
  /** Set-top boxes ask it when they are switched on. */
  readonly bootsBoxes?: true;
  /** The number of stages of the role that may stand beside each other. */
  readonly count: readonly [least: number, most: number];
  /** Its program, a file of harness/pipeline/programs. */
  readonly program: string;
  /**
   * Memory in MB that a container of it may use, where the design does not say: enough for a ladder
   * of five rungs at 1080p, so that a leak ends the stage and not the machine.
   */
  readonly memoryMb: number;
  /** The first keys of the commands that its program takes (harness/pipeline/contract.ts). */
  readonly commands: readonly string[];
  /** The figures that its program reports, besides those of every program's own limits. */
  readonly tells: readonly Told[];
  /** The runtimes that can play it; any when not said. */
  readonly engines?: readonly Runtime['kind'][];
}

/** The traits of a stage beside the picture whose program is that of a portal. */
export const ASKED_BESIDE = {
  follows: [],
  connects: 'itself',
  inputs: 'one',
  transports: [],
  carriesPicture: false,
  carriesFrames: false,
  perChannel: false,
  servesViewers: false,
  count: [0, 1],
  program: 'portal',
  memoryMb: 256,
  tells: ['requests', 'bytesOut'],
} as const satisfies Omit<RoleTraits, 'commands'>;

/** The file of a user's that a stage reads. */
export interface StageFile<S> {
  readonly path: string;
  /** The same stage where the file lies elsewhere. */
  readonly movedTo: (path: string) => S;
}

/** The part of a stage that its role adds. */
export type Own<S extends Stage> = Omit<S, keyof StageBase | 'role'>;

/** Something wrong with a stage of the role, at a key of it or at the whole. */
export interface StageMistake {
  readonly key?: string;
  readonly message: string;
}

export interface AskedStage<S extends Stage> {
  readonly stage: S;
  /** Its keys as they stand in the file. */
  readonly written: Readonly<Record<string, unknown>>;
  /** The other stages of the role in the design. */
  readonly twins: readonly S[];
  readonly channels: readonly string[];
  /** The connections that bring it its picture. */
  readonly inputs: number;
}

export interface Role<S extends Stage = Stage> extends RoleTraits {
  readonly role: S['role'];
  /** The two sentences of the schema: of the word itself, and of a stage that has it. */
  readonly word: string;
  readonly about: string;
  /** The keys of a design file that only this role has. */
  readonly keys: z.ZodRawShape;
  /** Makes of those keys, with their defaults, what a stage of the model has. */
  read(keys: never, media: RoleMedia): Own<S>;
  /** Refuses what makes no sense. */
  check?(asked: AskedStage<S>): readonly StageMistake[];
  /** The time for which it may hold pictures back before it drops them, in milliseconds. */
  sendMs?(stage: S): number;
  /** The time for which it watches an input that is well again, where it has several. */
  clearMs?(stage: S): number;
  /** The age of a playlist that it may still serve as new. */
  playlistMs?(stage: S): number;
  /** The file of a user's that it reads. */
  file?(stage: S): StageFile<S> | undefined;
}

/** Lets the compiler see what the keys of a role give and what they are read into. */
export const role = <S extends Stage, K extends z.ZodRawShape>(
  one: Omit<Role<S>, 'keys' | 'read'> & {
    readonly keys: K;
    read(keys: z.output<z.ZodObject<K>>, media: RoleMedia): Own<S>;
  },
): Role<S> => one;
