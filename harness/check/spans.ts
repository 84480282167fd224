// Spans of time that overlap, cut into stretches in which the same ones are in force.

export interface TimeSpan {
  readonly fromEpochMs: number;
  readonly toEpochMs: number;
}

export interface Stretch<S extends TimeSpan> extends TimeSpan {
  /** In the order given; never empty. */
  readonly active: readonly S[];
}

/** Stretches in order of time; where nothing is in force there is none. */
export function stretchesOf<S extends TimeSpan>(spans: readonly S[]): readonly Stretch<S>[] {
  const edges = [...new Set(spans.flatMap((span) => [span.fromEpochMs, span.toEpochMs]))].sort(
    (a, b) => a - b,
  );
  const starts = spans.toSorted((a, b) => a.fromEpochMs - b.fromEpochMs);
  let next = 0;
  let active: S[] = [];
  return edges.slice(0, -1).flatMap((fromEpochMs, index) => {
    active = active.filter((span) => span.toEpochMs > fromEpochMs);
    for (; (starts[next]?.fromEpochMs ?? Infinity) <= fromEpochMs; next++) {
      const span = starts[next] as S;
      if (span.toEpochMs > fromEpochMs) active.push(span);
    }
    const toEpochMs = edges[index + 1] as number;
    return active.length > 0 ? [{ fromEpochMs, toEpochMs, active: [...active] }] : [];
  });
}

/** The same stretches with neighbours joined; each is in force for a part of it. */
export function joinStretches<S extends TimeSpan>(
  stretches: readonly Stretch<S>[],
): readonly Stretch<S>[] {
  const joined: { fromEpochMs: number; toEpochMs: number; active: Set<S> }[] = [];
  for (const { fromEpochMs, toEpochMs, active } of stretches) {
    const last = joined.at(-1);
    if (last?.toEpochMs === fromEpochMs) {
      last.toEpochMs = toEpochMs;
      active.forEach((span) => last.active.add(span));
    } else joined.push({ fromEpochMs, toEpochMs, active: new Set(active) });
  }
  return joined.map((stretch) => ({ ...stretch, active: [...stretch.active] }));
}

export const overlaps = (a: TimeSpan, b: TimeSpan): boolean =>
  a.fromEpochMs < b.toEpochMs && b.fromEpochMs < a.toEpochMs;
