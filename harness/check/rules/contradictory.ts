// Windows that cannot all be true.

import { hasLength, worksIn, type AccessGroup, type CheckContext } from '../context.ts';
import type { AnnouncedWindow } from '../input.ts';
import type { Found, Rule } from '../rule.ts';

export const contradictory: Rule = {
  name: 'contradictory-windows',
  about: 'Windows do not contradict each other or themselves.',
  find: (context) => [
    ...context.windows.flatMap((window) => withItself(context, window)),
    ...sameName(context),
    ...context.groups.flatMap((group) => twiceOnOnePath(context, group)),
  ],
};

const at = (window: AnnouncedWindow) => ({
  fromEpochMs: window.fromEpochMs,
  toEpochMs: window.toEpochMs,
  source: window.source,
});

function withItself({ clock }: CheckContext, window: AnnouncedWindow): readonly Found[] {
  const { name, fromEpochMs, noticedAtEpochMs } = window;
  const stop = { severity: 'stop', targets: [name], source: window.source } as const;
  if (!hasLength(window))
    return [
      {
        ...stop,
        fromEpochMs,
        text: `${name} ends before it starts, or at once`,
        hint: 'Correct its start, its end or its length.',
      },
    ];
  if (noticedAtEpochMs !== undefined && noticedAtEpochMs >= window.toEpochMs)
    return [
      {
        ...stop,
        ...at(window),
        text: `${name} was announced on ${clock.show(noticedAtEpochMs)}, after its end`,
        hint: 'Correct the date of the notice or of the window.',
      },
    ];
  return [];
}

function sameName({ windows }: CheckContext): readonly Found[] {
  const first = new Map<string, AnnouncedWindow>();
  return windows.flatMap((window): readonly Found[] => {
    const other = first.get(window.name);
    if (!other) {
      first.set(window.name, window);
      return [];
    }
    return [
      {
        ...at(window),
        severity: 'stop',
        targets: [window.name],
        text: `two windows are called ${window.name}, the other one in ${other.source}`,
        hint: 'Keep the newer notice, or give each work a name of its own.',
      },
    ];
  });
}

/** One owner, one path, two windows at the same time: one of them has probably been replaced. */
function twiceOnOnePath({ clock }: CheckContext, group: AccessGroup): readonly Found[] {
  const works = group.works.toSorted((a, b) => a.fromEpochMs - b.fromEpochMs);
  return works.flatMap((work): readonly Found[] => {
    const rival = worksIn(group, work).find(
      (other) =>
        works.indexOf(other) < works.indexOf(work) &&
        other.window.owner === work.window.owner &&
        other.paths.some((path) => work.paths.includes(path)),
    );
    if (!rival) return [];
    return [
      {
        ...at(work.window),
        severity: 'warning',
        targets: [group.access.name, work.window.name, rival.window.name],
        text: `${work.window.owner} announced ${rival.window.name} and ${work.window.name} on the same path at the same time (${clock.show(work.fromEpochMs)})`,
        hint: 'Ask which of them still holds.',
      },
    ];
  });
}
