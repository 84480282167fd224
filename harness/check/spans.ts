// Spans of time that overlap, cut into stretches in which the same ones are in force.

export interface TimeSpan {
  readonly fromEpochMs: number;
  readonly toEpochMs: number;
}

/** A stretch while it is swept over. `active` is the sweep's own set and goes on changing. */
export interface Moment<S extends TimeSpan> extends TimeSpan {
  /** In order of their starts; empty where nothing is in force. */
  readonly active: ReadonlySet<S>;
  /** Spans that begin, and that ended, at the start of this stretch. */
  readonly begun: readonly S[];
  readonly ended: readonly S[];
}

/** Every stretch between two edges, in order of time. Spans that end before they start are left out. */
export function* sweepSpans<S extends TimeSpan>(all: readonly S[]): Generator<Moment<S>> {
  const spans = all.filter(({ fromEpochMs, toEpochMs }) => fromEpochMs < toEpochMs);
  const starts = Map.groupBy(
    spans.toSorted((a, b) => a.fromEpochMs - b.fromEpochMs),
    ({ fromEpochMs }) => fromEpochMs,
  );
  const ends = Map.groupBy(spans, ({ toEpochMs }) => toEpochMs);
  const edges = [...new Set([...starts.keys(), ...ends.keys()])].sort((a, b) => a - b);
  const active = new Set<S>();
  for (const [index, fromEpochMs] of edges.slice(0, -1).entries()) {
    const [begun, ended] = [starts.get(fromEpochMs) ?? [], ends.get(fromEpochMs) ?? []];
    ended.forEach((span) => active.delete(span));
    begun.forEach((span) => active.add(span));
    yield { fromEpochMs, toEpochMs: edges[index + 1] as number, active, begun, ended };
  }
}

export interface Stretch<S extends TimeSpan, K = unknown> extends TimeSpan {
  /** In force for a part of it; never empty. */
  readonly active: readonly S[];
  /** The key that it was found to have. */
  readonly key: K;
}

/** Neighbouring stretches of one key joined; those where nothing is in force, or without a key, left out. */
export function stretchesBy<S extends TimeSpan, K>(
  spans: readonly S[],
  keyOf: (moment: Moment<S>) => K | undefined,
): readonly Stretch<S, K>[] {
  const joined: { fromEpochMs: number; toEpochMs: number; active: Set<S>; key: K }[] = [];
  const lastOf = new Map<K, (typeof joined)[number]>();
  for (const moment of sweepSpans(spans)) {
    const { fromEpochMs, toEpochMs, active, begun } = moment;
    const key = keyOf(moment);
    if (key === undefined || active.size === 0) continue;
    const last = lastOf.get(key);
    if (last?.toEpochMs === fromEpochMs) {
      last.toEpochMs = toEpochMs;
      begun.forEach((span) => last.active.add(span));
    } else {
      const next = { fromEpochMs, toEpochMs, active: new Set(active), key };
      lastOf.set(key, next);
      joined.push(next);
    }
  }
  return joined.map((stretch) => ({ ...stretch, active: [...stretch.active] }));
}

export const overlaps = (a: TimeSpan, b: TimeSpan): boolean =>
  a.fromEpochMs < b.toEpochMs && b.fromEpochMs < a.toEpochMs;

/** Gives for each span those of others that overlap it, in the order of others. */
export function overlapping<A extends TimeSpan, B extends TimeSpan>(
  spans: readonly A[],
  others: readonly B[],
): (span: A) => readonly B[] {
  const found = new Map<TimeSpan, B[]>(spans.map((span) => [span, []]));
  const order = new Map<TimeSpan, number>(others.map((other, index) => [other, index]));
  const running = { spans: new Set<TimeSpan>(), others: new Set<TimeSpan>() };
  const sideOf = (one: TimeSpan) => (order.has(one) ? running.others : running.spans);
  for (const { begun, ended } of sweepSpans<TimeSpan>([...spans, ...others])) {
    ended.forEach((one) => sideOf(one).delete(one));
    for (const one of begun) {
      if (order.has(one)) for (const span of running.spans) found.get(span)?.push(one as B);
      else for (const other of running.others) found.get(one)?.push(other as B);
      sideOf(one).add(one);
    }
  }
  const place = (other: B) => order.get(other) ?? 0;
  return (span) => (found.get(span) ?? []).toSorted((a, b) => place(a) - place(b));
}
