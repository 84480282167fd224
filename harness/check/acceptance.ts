// Findings that somebody has accepted: by whom, until when and why. They stay in the report.

import type { AcceptedBy } from '../model/access.ts';
import type { CheckContext } from './context.ts';
import type { Acceptance } from './input.ts';
import type { Found, RuleFound } from './rule.ts';

/** Findings of its own: an acceptance that fits nothing any more. */
const RULE = 'acceptance';

export interface Accepting {
  readonly accepted?: AcceptedBy;
  /** For the end of the finding's text, when an acceptance is over. */
  readonly remark?: string;
}

/** Only stops and warnings are in anybody's way. */
export function findAcceptance(context: CheckContext, found: RuleFound): Accepting {
  if (found.severity === 'note') return {};
  const fitting = (context.accepted ?? []).filter((one) => fits(context, one, found));
  const now = context.nowEpochMs ?? -Infinity;
  const valid = fitting.find(({ untilEpochMs }) => now < untilEpochMs);
  if (valid)
    return {
      accepted: { by: valid.by, until: context.clock.iso(valid.untilEpochMs), why: valid.why },
    };
  const [over] = fitting;
  if (!over) return {};
  return {
    remark: `accepted by ${over.by} until ${context.clock.show(over.untilEpochMs)}, which is over (${over.source})`,
  };
}

/** Every window of the finding has to be named, so that another one beside it is a new finding. */
function fits(context: CheckContext, one: Acceptance, found: RuleFound): boolean {
  if (one.rule !== found.rule || found.shortened) return false;
  if (one.fromEpochMs !== undefined && one.fromEpochMs !== found.fromEpochMs) return false;
  if (!one.about.every((name) => found.targets.includes(name))) return false;
  const others = found.targets.filter((name) => !one.about.includes(name));
  return !others.some((name) => context.windows.some((window) => window.name === name));
}

/** Nobody has to remember to take them out, or wonders why one does not work. */
export function unusedAcceptances(
  context: CheckContext,
  found: readonly RuleFound[],
): readonly RuleFound[] {
  return (context.accepted ?? [])
    .filter((one) => !found.some((finding) => fits(context, one, finding)))
    .map((one): RuleFound & Found => ({
      rule: RULE,
      severity: 'note',
      targets: one.about,
      text: `${one.by} accepted ${one.rule} about ${one.about.join(', ')}, which is not found`,
      hint: 'Take it out; or name every window of the finding, and its start where it says one.',
      source: one.source,
    }));
}
