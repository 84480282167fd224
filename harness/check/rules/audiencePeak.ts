// Windows while many watch, with what they cost if everything goes black, and the quietest start.

import { audienceOver, costByStartHour, millions } from '../audience.ts';
import { hasLength, passesUnseen, type CheckContext } from '../context.ts';
import type { AnnouncedWindow } from '../input.ts';
import { aboutWindow, type Found, type Rule } from '../rule.ts';

/** From this share of the day's peak a window is at a bad time [C]: 18:30 has 0.60, 23:30 has 0.50. */
const PEAK_SHARE_MIN = 0.55;

export const audiencePeak: Rule = {
  name: 'audience-peak',
  looksAtTime: true,
  find: (context) =>
    context.windows.filter(hasLength).flatMap((window) => judgeAudience(context, window)),
};

function judgeAudience(context: CheckContext, window: AnnouncedWindow): Found | [] {
  const { audience, clock } = context;
  const over = audienceOver(audience, clock, window);
  if (over.peakShare < PEAK_SHARE_MIN) return [];
  const unseen = passesUnseen(context, window);
  const lengthMs = window.toEpochMs - window.fromEpochMs;
  const quietest = costByStartHour(audience, lengthMs).reduce((a, b) =>
    b.setMinutes < a.setMinutes ? b : a,
  );
  const percent = Math.round((quietest.setMinutes / over.setMinutes) * 100);
  const hour = `${String(quietest.hour).padStart(2, '0')}:00`;
  return {
    severity: unseen ? 'warning' : 'stop',
    ...aboutWindow(window),
    text: `${window.name} runs while up to ${Math.round(over.peakShare * 100)} % of the day's peak watch (${clock.show(over.peakAtEpochMs)}); at worst it costs ${millions(over.setMinutes)} set-minutes${unseen ? ', none if nothing else fails' : ''}`,
    hint: `Starting at ${hour} ${clock.zone} puts ${percent} % of that at stake.`,
  };
}
