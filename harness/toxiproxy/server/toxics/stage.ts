// Defines a toxic on one link: a stage that takes chunks in order and decides what leaves, when. A
// kind of toxic is one file that exports a `ToxicKind`, and one line in registry.ts.
//
//   source --> stage.write() --> outlet.send() --> next stage or destination
//   source <-- ready()       <-- drained()     <-- next stage or destination

import type { Random } from '../../../kernel/random.ts';

/** Time as a stage sees it, so that a test can hand in a clock of its own. */
export interface StageClock {
  nowMs(): number;
  /** Calls back once, at or after `ms` from now; the returned function forgets it. */
  after(ms: number, callback: () => void): () => void;
}

/** The next stage or destination after a stage. */
export interface Outlet {
  /** Passes a chunk on; it is always taken. False: send nothing more until `drained()`. */
  send(chunk: Buffer): boolean;
  /** The end of the stream passes on. */
  end(): void;
  /** Ends the whole connection, once what was sent is delivered. */
  close(): void;
  /** Ends the whole connection with a TCP reset to both peers, at once. */
  reset(): void;
  /**
   * The stage has room again after a `write` that answered false. Never called from within a `write`,
   * of this stage or of another: whoever writes several chunks would be asked for newer ones meanwhile.
   */
  ready(): void;
}

export interface StageContext {
  readonly clock: StageClock;
  /** One and the same for all links that the toxic acts on. */
  readonly toxic: object;
  /** One stream of chance for this toxic on this link. */
  readonly random: Random;
  readonly outlet: Outlet;
  /** True on UDP: a chunk is a datagram and must not be split or joined. */
  readonly datagrams: boolean;
}

/** The chunks that a stage still held when it was taken out of the chain. */
export interface Released {
  readonly chunks: readonly Buffer[];
  /** The end of the stream had arrived and was not passed on yet. */
  readonly ended: boolean;
}

export interface Stage {
  /**
   * Takes a chunk, always; it is lent for the call, and `keepChunk` gives what may be held. False: please
   * pause until `outlet.ready()`.
   */
  write(chunk: Buffer): boolean;
  /** The end of the stream arrived; nothing is written after it. */
  end(): void;
  /** The outlet takes chunks again. */
  drained(): void;
  /** The attributes changed; what is held stays in order. */
  update(attributes: Attributes): void;
  /** Bytes taken and neither passed on nor dropped. */
  heldBytes(): number;
  /** Stops all timers and hands over what is held, in order. Called once, last. */
  release(): Released;
}

/** Attributes of a toxic, complete and of the right type (requestBody.ts sees to it). */
export type Attributes = Readonly<Record<string, number>>;

/** The same as they were given: a whole number that a double would round is a bigint. */
export type ExactAttributes = Readonly<Record<string, number | bigint>>;

export const reckoned = (exact: ExactAttributes): Attributes =>
  Object.fromEntries(Object.entries(exact).map(([name, value]) => [name, Number(value)]));

/** `int64` and `float64` are the names Toxiproxy clients see in error messages. */
export type AttributeType = 'int64' | 'int' | 'float64';

export interface ToxicKind {
  readonly type: string;
  /** Name of the type in error messages of the API, as in "Go struct field LatencyToxic.attributes.latency". */
  readonly structName: string;
  /** Every attribute with its type; an attribute that is not given is 0 unless `defaults` says otherwise. */
  readonly attributes: Readonly<Record<string, AttributeType>>;
  readonly defaults?: Attributes;
  /** The protocols of the proxies that can carry it. */
  readonly protocols: readonly ('tcp' | 'udp')[];
  /** A sentence on what is wrong with the attributes, or undefined. */
  readonly refuse?: (attributes: Attributes) => string | undefined;
  /** Removing it closes the links it acted on, because bytes are missing from them. */
  readonly closesWhenRemoved?: boolean;
  create(attributes: Attributes, context: StageContext): Stage;
}
