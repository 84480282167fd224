// Windows that are over, or already running.

import { hasLength } from '../context.ts';
import { aboutWindow, type Found, type Rule } from '../rule.ts';

export const windowInPast: Rule = {
  name: 'window-in-past',
  find: ({ windows, nowEpochMs, clock }) =>
    nowEpochMs === undefined
      ? []
      : windows.filter(hasLength).flatMap((window): Found | [] => {
          const over = window.toEpochMs + window.overrunMs <= nowEpochMs;
          if (!over && window.fromEpochMs > nowEpochMs) return [];
          return {
            severity: over ? 'stop' : 'warning',
            ...aboutWindow(window),
            text: over
              ? `${window.name} ended on ${clock.show(window.toEpochMs)}, which is past`
              : `${window.name} is running since ${clock.show(window.fromEpochMs)}`,
            hint: over
              ? 'Correct its date, or take it out.'
              : 'Nothing can be moved any more: watch it.',
          };
        }),
};
