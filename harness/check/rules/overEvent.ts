// Windows over programmes nobody wants to lose, and in times in which nobody may work.

import { hasLength, showLength, type CheckContext } from '../context.ts';
import type { AnnouncedWindow, DeclaredEvent } from '../input.ts';
import type { Found, Rule } from '../rule.ts';
import { overlapping } from '../spans.ts';

export const overEvent: Rule = {
  name: 'over-event',
  looksAtTime: true,
  find: (context) => {
    const events = context.events.toSorted((a, b) => a.fromEpochMs - b.fromEpochMs);
    const windows = context.windows.filter(hasLength);
    const eventsDuring = overlapping(windows, events);
    return windows.flatMap((window) =>
      eventsDuring(window).map((event) => sayOverlap(context, window, event)),
    );
  },
};

function sayOverlap({ clock }: CheckContext, window: AnnouncedWindow, event: DeclaredEvent): Found {
  const fromEpochMs = Math.max(window.fromEpochMs, event.fromEpochMs);
  const toEpochMs = Math.min(window.toEpochMs, event.toEpochMs);
  const frozen = event.kind === 'freeze';
  const over = `${frozen ? 'lies in the freeze' : 'lies over'} ${event.name}`;
  return {
    severity: frozen && window.kind === 'emergency' ? 'warning' : 'stop',
    fromEpochMs,
    toEpochMs,
    targets: [window.name, event.name],
    text: `${window.name} ${over} for ${showLength(toEpochMs - fromEpochMs)} from ${clock.show(fromEpochMs)}`,
    hint: frozen
      ? `Ask ${window.owner} for a time outside of it: it ends on ${clock.show(event.toEpochMs)}.`
      : `Ask ${window.owner} for another night, or for a freeze from ${clock.show(event.fromEpochMs)} to ${clock.show(event.toEpochMs)}.`,
    source: frozen ? `${window.source}, ${event.source}` : window.source,
  };
}
