// Windows written in another clock than the audience lives by, and nights on which clocks change.

import { audienceOver } from '../audience.ts';
import { hasLength, showLength, type CheckContext } from '../context.ts';
import type { AnnouncedWindow } from '../input.ts';
import { aboutWindow, type Found, type Rule } from '../rule.ts';

/** The real hour holds this many times the audience of the hour as it reads [C]. */
const WORSE_THAN_IT_READS = 2;

export const clockConfusion: Rule = {
  name: 'clock-confusion',
  looksAtTime: true,
  find: (context) =>
    context.windows
      .filter(hasLength)
      .flatMap((window) => [...otherClock(context, window), ...changingClock(context, window)]),
};

function otherClock({ clock, audience }: CheckContext, window: AnnouncedWindow): readonly Found[] {
  const written = /T(\d{2}:\d{2})/.exec(window.clock.text)?.[1];
  const local = clock.iso(window.fromEpochMs).slice(11, 16);
  if (written === undefined || written === local) return [];
  const aheadMs = minutesBetween(written, local) * 60_000;
  const asRead = {
    fromEpochMs: window.fromEpochMs - aheadMs,
    toEpochMs: window.toEpochMs - aheadMs,
  };
  const [real, read] = [window, asRead].map(
    (span) => audienceOver(audience, clock, span).setMinutes,
  );
  const worse = (real ?? 0) > (read ?? 0) * WORSE_THAN_IT_READS;
  return [
    {
      severity: worse ? 'warning' : 'note',
      ...aboutWindow(window),
      text: `${window.name} is written as ${written} ${window.clock.zone}, which is ${local} in ${clock.zone}${worse ? ', when many more watch' : ''}`,
      hint: `Ask ${window.owner} which clock is meant, and write the window in ${clock.zone}.`,
    },
  ];
}

/** From one clock time to the other the short way round: -720 to 719. */
function minutesBetween(from: string, to: string): number {
  const toMinute = (time: string) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));
  return ((toMinute(to) - toMinute(from) + 3 * 720) % 1440) - 720;
}

function changingClock({ clock }: CheckContext, window: AnnouncedWindow): readonly Found[] {
  return clock.changes
    .filter(({ atEpochMs }) => atEpochMs > window.fromEpochMs && atEpochMs < window.toEpochMs)
    .map(({ atEpochMs, byMs }) => {
      const lengthMs = window.toEpochMs - window.fromEpochMs;
      return {
        severity: 'warning',
        ...aboutWindow(window),
        targets: [window.name, clock.zone],
        text: `the clocks of ${clock.zone} go ${byMs > 0 ? 'forward' : 'back'} during ${window.name} (${clock.iso(atEpochMs)}): ${showLength(lengthMs + byMs)} on the clock are ${showLength(lengthMs)}`,
        hint: `Ask ${window.owner} when it ends, in UTC.`,
      };
    });
}
