// The rules that look at time, asked again of windows that last as long as they are thought they may.

import { makeContext, hasLength, listed, type CheckContext } from './context.ts';
import { RULES } from './registry.ts';
import type { Found, RuleFound } from './rule.ts';
import { overlaps } from './spans.ts';

/** Finds what is wrong only then, each as a warning with the windows that would have to overrun. */
export function overrunFindings(
  context: CheckContext,
  announced: readonly RuleFound[],
): readonly RuleFound[] {
  const late = context.windows.filter((window) => window.overrunMs > 0 && hasLength(window));
  if (late.length === 0) return [];
  const overruns = new Map(late.map(({ name, toEpochMs }) => [name, toEpochMs]));
  const known = Map.groupBy(announced, makeKey);
  const longer = makeContext({
    ...context,
    windows: context.windows.map((window) => ({
      ...window,
      toEpochMs: hasLength(window) ? window.toEpochMs + window.overrunMs : window.toEpochMs,
      overrunMs: 0,
    })),
  });
  return RULES.filter(({ looksAtTime }) => looksAtTime)
    .flatMap((rule) => rule.find(longer).map((found) => ({ ...found, rule: rule.name })))
    .filter((found) => !known.get(makeKey(found))?.some((one) => touches(one, found)))
    .map((found) => ({
      ...found,
      severity: found.severity === 'stop' ? 'warning' : found.severity,
      text: `if ${listed(found.targets.filter((name) => overruns.has(name)))} overruns: ${found.text}`,
    }));
}

/** The same finding may begin or end later; hints carry no figures where that matters. */
const makeKey = ({ rule, targets }: RuleFound): string => [rule, ...targets].join('\n');

/** Without times on both sides it is the same finding. */
function touches(a: Found, b: Found): boolean {
  const span = ({ fromEpochMs, toEpochMs }: Found) => ({
    fromEpochMs: fromEpochMs ?? -Infinity,
    toEpochMs: (toEpochMs ?? Infinity) + 1,
  });
  return overlaps(span(a), span(b));
}
