// Windows over programmes nobody wants to lose.

import { hasLength, showLength } from '../context.ts';
import type { Found, Rule } from '../rule.ts';
import { overlaps } from '../spans.ts';

export const overEvent: Rule = {
  name: 'over-event',
  about: 'No window, and no overrun of one, touches a declared event.',
  find: ({ windows, events, clock }) =>
    windows.filter(hasLength).flatMap((window) =>
      events.flatMap((event): readonly Found[] => {
        const late = { ...window, toEpochMs: window.toEpochMs + window.overrunMs };
        if (!overlaps(late, event)) return [];
        const announced = overlaps(window, event);
        const fromEpochMs = Math.max(
          announced ? window.fromEpochMs : window.toEpochMs,
          event.fromEpochMs,
        );
        const toEpochMs = Math.min(announced ? window.toEpochMs : late.toEpochMs, event.toEpochMs);
        const length = showLength(toEpochMs - fromEpochMs);
        return [
          {
            severity: announced ? 'stop' : 'warning',
            fromEpochMs,
            toEpochMs,
            targets: [window.name, event.name],
            text: announced
              ? `${window.name} lies over ${event.name} for ${length} from ${clock.show(fromEpochMs)}`
              : `${window.name} reaches ${length} into ${event.name} if it overruns by ${showLength(window.overrunMs)}`,
            hint: `Ask ${window.owner} for another night, or for a freeze from ${clock.show(event.fromEpochMs)} to ${clock.show(event.toEpochMs)}.`,
            source: window.source,
          },
        ];
      }),
    ),
};
