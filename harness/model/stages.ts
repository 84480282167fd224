// Describes the stages of a design by their role.

import type { Place } from './supply.ts';

/** The stages by their role; the file of a new one in harness/design/roles adds its own. */
export interface Stages {
  playout: PlayoutStage;
  transcoder: TranscoderStage;
  inserter: InserterStage;
  origin: OriginStage;
  edge: EdgeStage;
  steering: SteeringStage;
  multicast: MulticastStage;
  portal: PortalStage;
  cells: CellsStage;
}

export type Stage = Stages[keyof Stages];
export type StageRole = Stage['role'];

/** The share of the machine a stage may use; undefined = no limit but the runtime's own. */
export interface StageResources {
  /** Processor cores, `0.5` is half of one. */
  readonly cpus?: number;
  readonly memoryMb?: number;
}

export interface StageBase extends Place {
  /** Unique in the design; its role says whether it runs once per channel or once. */
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
  /** The time between two pictures of the contribution that a decoder can begin with. */
  readonly gopMs: number;
}

/** The encoder's output while its input is gone: repeat, then black, then `then`, for ever. */
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
  /** The failover between its inputs, where several links lead to it. */
  readonly inputFailover: InputFailover;
  /**
   * Segments and time stamps follow the clock, so that two transcoders of one channel make the same
   * ones and a player can go from one to the other. Each makes its own when not said.
   */
  readonly epochLocked?: true;
  /** When it is started again and nothing arrives; it waits when not said. */
  readonly startWithoutInput?: StartWithoutInput;
}

/**
 * A channel that is started without a source fails its probe, which is another thing than losing
 * the source later (docs/sources.md 2.2, S41): it does not run until somebody starts it once more.
 */
export interface StartWithoutInput {
  /** The time without a picture after the start by which the probe has failed. */
  readonly probeMs: number;
  /** It is started once more this long after that. */
  readonly againMs: number;
}

/** When another input is shown (docs/sources.md 2.2: MediaLive's automatic input failover). */
export interface InputFailover {
  /** No picture for this long. */
  readonly lossMs: number;
  /** Pictures darker than `blackLevel` for this long; undefined = black is no reason. */
  readonly blackMs: number | undefined;
  /** Mean brightness as a share of white. */
  readonly blackLevel: number;
  /** `primary` goes back to the first input once that was good for `clearMs`; `equal` stays. */
  readonly prefer: 'primary' | 'equal';
  readonly clearMs: number;
}

export interface UploadSettings {
  readonly timeoutMs: number;
  readonly retries: number;
  readonly retryDelayMs: number;
  /** Segments older than this are dropped, not uploaded. */
  readonly maxAgeMs: number;
}

/** Decodes and encodes again what a transcoder sends. */
export interface InserterStage extends Omit<TranscoderStage, 'role'> {
  readonly role: 'inserter';
}

export interface OriginStage extends StageBase {
  readonly role: 'origin';
  /** The answer for a playlist older than `staleAfterMs`. */
  readonly whenStale: 'serve' | '404' | '503' | 'hang';
  readonly staleAfterMs: number;
}

export interface EdgeStage extends StageBase {
  readonly role: 'edge';
  /** Default segmentMs / 2 (docs/sources.md 2.3, S48). */
  readonly playlistTtlMs: number;
  readonly segmentTtlMs: number;
  /** The time for which an error answer of the origin is kept; 0 = not. */
  readonly errorTtlMs: number;
  /** Serve an expired object when the origin fails. */
  readonly staleIfError: boolean;
  /** One request to the origin for many viewers. */
  readonly collapse: boolean;
  readonly originTimeoutMs: number;
  /** The way it moves from its first origin to the next, where it has several. */
  readonly originFailover?: OriginFailover;
}

/** The failures within a time after which an origin is left alone for the same time. */
export interface OriginFailover {
  readonly maxFails: number;
  readonly failTimeoutMs: number;
}

/** Tells players which edges there are, and in which order to prefer them (HLS content steering). */
export interface SteeringStage extends StageBase {
  readonly role: 'steering';
  /** Players ask again after this long; undefined = redundant playlists only, players are not told. */
  readonly ttlMs: number | undefined;
  /** The time between checks of a playlist at each edge; one that fails comes last. 0 = never. */
  readonly checkEveryMs: number;
  /** The share of viewers that each edge comes first for, by its name; the first for all when absent. */
  readonly shares?: Readonly<Record<string, number>>;
}

/** Sends the programme to set-top boxes, one group a channel. */
export interface MulticastStage extends StageBase {
  readonly role: 'multicast';
  /** The groups by channel; a channel without one gets one. */
  readonly groups: Readonly<Record<string, GroupAddress>>;
  readonly repair?: Repair;
}

/** Sends boxes again what they miss, and bursts to those that zap. */
export interface Repair {
  /** Bit rate of both together. */
  readonly budgetKbps: number;
}

export interface GroupAddress {
  readonly host: string;
  /** The port of the sender when not said. */
  readonly port?: number;
}

/** Set-top boxes that are switched on boot through it: login, guide, rights. */
export interface PortalStage extends StageBase {
  readonly role: 'portal';
  /** Requests that it answers in a second; more wait for their turn. */
  readonly perSecond: number;
}

/** A stand-in for the cell broadcast of mobile operators, without radio. */
export interface CellsStage extends Pick<PortalStage, keyof StageBase | 'perSecond'> {
  readonly role: 'cells';
}
