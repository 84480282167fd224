// Reminders that an owner promises and that did not come: the next notice may not come either.

import { calendarDaysBefore } from '../../kernel/zone.ts';
import { hasLength, listed, findRule, type CheckContext } from '../context.ts';
import type { AnnouncedWindow } from '../input.ts';
import { aboutWindow, type Found, type Rule } from '../rule.ts';

export const reminderMissing: Rule = {
  name: 'reminder-missing',
  find: (context) =>
    context.windows.filter(hasLength).flatMap((window) => findMissing(context, window)),
};

const DAY_MS = 86_400_000;

function findMissing(context: CheckContext, window: AnnouncedWindow): Found | [] {
  const { remindedAtEpochMs: reminded, kind, fromEpochMs, noticedAtEpochMs } = window;
  const now = context.nowEpochMs;
  if (reminded === undefined || now === undefined || kind !== 'planned') return [];
  const days = findRule(context, window.owner).reminderDays.filter((count) => {
    const dueEpochMs = calendarDaysBefore(fromEpochMs, count, context.zone);
    const isDue = dueEpochMs + DAY_MS <= now && dueEpochMs > (noticedAtEpochMs ?? -Infinity);
    return isDue && !reminded.some((at) => Math.abs(at - dueEpochMs) <= DAY_MS);
  });
  if (days.length === 0) return [];
  return {
    severity: 'warning',
    ...aboutWindow(window),
    text: `the reminder of ${window.name} ${listed(days.map((count) => `${count} ${count === 1 ? 'day' : 'days'}`))} before has not come`,
    hint: `Ask ${window.owner} whether the window still holds, and which mailbox it writes to.`,
  };
}
