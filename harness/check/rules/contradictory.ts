// Windows that cannot all be true.

import {
  hasLength,
  showLength,
  WINDOW_DAYS_MAX,
  type AccessGroup,
  type CheckContext,
  type Work,
} from '../context.ts';
import type { AnnouncedWindow } from '../input.ts';
import { aboutWindow, type Found, type Rule } from '../rule.ts';
import { sweepSpans } from '../spans.ts';

export const contradictory: Rule = {
  name: 'contradictory-windows',
  looksAtTime: true,
  find: (context) => [
    ...context.windows.flatMap((window) => withItself(context, window)),
    ...sameName(context),
    ...context.groups.flatMap((group) => twiceOnOnePath(context, group)),
  ],
};

function withItself({ clock, nowEpochMs }: CheckContext, window: AnnouncedWindow): Found | [] {
  const { name, fromEpochMs, toEpochMs, noticedAtEpochMs: noticed } = window;
  const say = (text: string, hint: string, severity: Found['severity'] = 'stop') => ({
    ...aboutWindow(window),
    severity,
    text: `${name} ${text}`,
    hint,
  });
  if (toEpochMs <= fromEpochMs)
    return {
      severity: 'stop',
      fromEpochMs,
      targets: [name],
      source: window.source,
      text: `${name} ends before it starts, or at once`,
      hint: 'Correct its start, its end or its length.',
    };
  if (!hasLength(window))
    return say(
      `lasts for ${showLength(toEpochMs - fromEpochMs)}, which is more than ${WINDOW_DAYS_MAX} days`,
      'Correct its start or its end: a month or a year may be wrong.',
    );
  if (noticed !== undefined && noticed >= toEpochMs)
    return say(
      `was announced on ${clock.show(noticed)}, after its end`,
      'Correct the date of the notice or of the window.',
    );
  if (noticed !== undefined && nowEpochMs !== undefined && noticed > nowEpochMs)
    return say(
      `was announced on ${clock.show(noticed)}, which is still to come`,
      'Correct the date of the notice.',
      'warning',
    );
  return [];
}

/** Finds windows of the same name; what notices say twice has been said where they were read. */
function sameName({ windows }: CheckContext): readonly Found[] {
  const first = new Map<string, AnnouncedWindow>();
  return windows.flatMap((window): Found | [] => {
    const other = first.get(window.name);
    if (!other) first.set(window.name, window);
    if (!other || (other.fromNotice && window.fromNotice)) return [];
    return {
      ...aboutWindow(window),
      severity: 'stop',
      text: `two windows are called ${window.name}, the other one in ${other.source}`,
      hint: 'Keep the newer notice, or give each work a name of its own.',
    };
  });
}

/** One owner, one path, two windows at the same time: one of them has probably been replaced. */
function twiceOnOnePath({ clock }: CheckContext, group: AccessGroup): readonly Found[] {
  const running = new Map<string, Set<Work>>();
  const placesOf = ({ window, paths }: Work) => paths.map((path) => `${window.owner}\n${path}`);
  const order = new Map<Work, number>();
  const findings: Found[] = [];
  for (const { begun, ended } of sweepSpans(group.works)) {
    for (const work of ended) placesOf(work).forEach((place) => running.get(place)?.delete(work));
    for (const work of begun) {
      const places = placesOf(work);
      const rivals = places.flatMap(
        (place) => running.get(place)?.values().take(1).toArray() ?? [],
      );
      order.set(work, order.size);
      for (const place of places)
        running.set(place, (running.get(place) ?? new Set<Work>()).add(work));
      const [first] = rivals.sort((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0));
      if (first) findings.push(twice(clock, group.access.name, [first, work]));
    }
  }
  return findings;
}

const twice = (
  clock: CheckContext['clock'],
  access: string,
  [first, work]: readonly [Work, Work],
): Found => ({
  ...aboutWindow(work.window),
  severity: 'warning',
  targets: [access, work.window.name, first.window.name],
  text: `${work.window.owner} announced ${first.window.name} and ${work.window.name} on the same path at the same time (${clock.show(work.fromEpochMs)})`,
  hint: 'Ask which of them still holds.',
});
