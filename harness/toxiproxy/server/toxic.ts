// A toxic of a proxy: what the API shows of it, and what it did so far.

import type { ExactAttributes, Stage, ToxicKind } from './toxics/stage.ts';

export type Stream = 'upstream' | 'downstream';

/** The work of one toxic, over all links of its proxy, while they live and after. */
export interface ToxicCounters {
  /** Links it was ever applied to. */
  links: number;
  receivedBytes: number;
  sentBytes: number;
  closedConnections: number;
  resetConnections: number;
  /** The stages of living links: their number, and asked for what they hold. */
  readonly stages: Set<Stage>;
}

export interface Toxic {
  readonly name: string;
  readonly kind: ToxicKind;
  readonly stream: Stream;
  /** The stream as its creator wrote it, in any case. */
  readonly streamText: string;
  /** A 32-bit float. */
  toxicity: number;
  attributes: ExactAttributes;
  readonly counters: ToxicCounters;
}

export type ToxicFields = Readonly<Omit<Toxic, 'counters'>>;

export interface ToxicJson {
  readonly attributes: ExactAttributes;
  readonly name: string;
  readonly type: string;
  readonly stream: string;
  readonly toxicity: number;
}

export const toxicJson = ({ attributes, name, kind, streamText, toxicity }: Toxic): ToxicJson => ({
  attributes,
  name,
  type: kind.type,
  stream: streamText,
  toxicity: shortestOf32(toxicity),
});

/** A 32-bit float as Go writes it: the fewest digits that read back as the same one. */
function shortestOf32(value: number): number {
  for (let digits = 1; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return short;
  }
  return value;
}

export function createToxic(fields: ToxicFields): Toxic {
  const counters: ToxicCounters = {
    links: 0,
    receivedBytes: 0,
    sentBytes: 0,
    closedConnections: 0,
    resetConnections: 0,
    stages: new Set(),
  };
  return { ...fields, counters };
}

export const heldBytes = ({ counters }: Toxic): number =>
  counters.stages.values().reduce((sum, stage) => sum + stage.heldBytes(), 0);

/** Bytes it took and will never pass on. Slicing and duplication aside, in = out + held + dropped. */
export const droppedBytes = (toxic: Toxic): number =>
  Math.max(0, toxic.counters.receivedBytes - toxic.counters.sentBytes - heldBytes(toxic));
