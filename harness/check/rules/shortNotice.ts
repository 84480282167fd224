// Notices that came later than the owner promises, or that nobody knows of.

import { findRule, showLength, type CheckContext } from '../context.ts';
import type { AnnouncedWindow, OwnerRule } from '../input.ts';
import { aboutWindow, type Found, type Rule } from '../rule.ts';
import { calendarDaysBefore } from '../../kernel/zone.ts';

export const shortNotice: Rule = {
  name: 'short-notice',
  find: (context) => context.windows.flatMap((window) => judgeNotice(context, window)),
};

function judgeNotice(context: CheckContext, window: AnnouncedWindow): Found | [] {
  const rule = findRule(context, window.owner);
  const dueEpochMs = findDueTime(window, rule, context.zone);
  const told = window.noticedAtEpochMs;
  if (told !== undefined && told <= dueEpochMs) return [];
  const { clock } = context;
  const promised =
    window.kind === 'emergency'
      ? showLength(rule.emergencyMs)
      : `${rule.plannedDays} calendar days`;
  return {
    severity: 'warning',
    ...aboutWindow(window),
    text:
      told === undefined
        ? `nobody ${window.fromNotice ? `knows when ${window.name} was announced` : `has a notice of ${window.name}`}; ${window.owner} owed it by ${clock.show(dueEpochMs)}`
        : `${window.name} was announced ${showLength(Math.abs(window.fromEpochMs - told))} ${told > window.fromEpochMs ? 'after' : 'before'} it starts; ${window.owner} promises ${promised}, that is ${clock.show(dueEpochMs)}`,
    hint:
      told === undefined
        ? 'Ask which mailbox the owner writes to: notices go to the account that owns the connection.'
        : window.kind === 'planned' && rule.reminderDays.length > 0
          ? `Ask for a later date, and expect reminders ${rule.reminderDays.join(' and ')} days before.`
          : 'Drain now: there may be no time to ask for a later date.',
  };
}

const findDueTime = (
  { kind, fromEpochMs }: AnnouncedWindow,
  rule: OwnerRule,
  zone: string,
): number =>
  kind === 'emergency'
    ? fromEpochMs - rule.emergencyMs
    : calendarDaysBefore(fromEpochMs, rule.plannedDays, zone);
