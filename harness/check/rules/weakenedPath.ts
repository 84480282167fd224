// Work that leaves a path in place and makes it worse: less capacity, or nothing behind it.

import {
  deadPaths,
  hasLength,
  listed,
  showLength,
  type AccessGroup,
  type CheckContext,
  type WeakWork,
  type Work,
} from '../context.ts';
import type { Access } from '../../model/access.ts';
import { aboutWindow, listSources, type Found, type Rule } from '../rule.ts';
import { stretchesBy, type Stretch } from '../spans.ts';
import { Tally } from '../tally.ts';

export const weakenedPath: Rule = {
  name: 'weakened-path',
  looksAtTime: true,
  find: (context) => [
    ...context.groups.flatMap((group) => onAccess(context, group)),
    ...onStages(context),
  ],
};

type AnyWork = Work | WeakWork;
const isWeak = (work: AnyWork): work is WeakWork => 'impact' in work;

function onAccess(context: CheckContext, group: AccessGroup): readonly Found[] {
  if (group.weak.length === 0) return [];
  const paths = new WeakPaths(group.access);
  const states = new Map<string, WeakState>();
  const stretches = stretchesBy<AnyWork, string>(
    [...group.works, ...group.weak],
    ({ begun, ended }) => {
      begun.forEach((work) => paths.change(work, 'add'));
      ended.forEach((work) => paths.change(work, 'remove'));
      const state = findState(paths);
      if (state) states.set(state.text, state);
      return state?.text;
    },
  );
  return stretches.flatMap((stretch) => {
    const state = states.get(stretch.key);
    return state ? [sayWeakness(context, group, stretch, state)] : [];
  });
}

/** Keeps the state of the paths of an access at a moment, as works announce it. */
class WeakPaths {
  readonly access: Access;
  readonly away: Tally;
  readonly degraded = new Tally();
  readonly spareless = new Tally();
  /** Degraded, and traffic is not moved away. */
  readonly undrained = new Tally();

  constructor(access: Access) {
    this.access = access;
    this.away = new Tally(deadPaths(access));
  }

  change(work: AnyWork, how: 'add' | 'remove'): void {
    const { paths } = work;
    if (!isWeak(work)) this.away[how](paths);
    else if (work.impact === 'reduced-redundancy') this.spareless[how](paths);
    else {
      this.degraded[how](paths);
      if (work.window.drain.style === 'none') this.undrained[how](paths);
    }
  }
}

interface WeakState {
  readonly severity: Found['severity'];
  readonly text: string;
  readonly hint: string;
}

/** Undefined where nothing is weak, or no path is left at all, which another rule says. */
function findState(paths: WeakPaths): WeakState | undefined {
  const rest = paths.access.paths.filter(({ name }) => !paths.away.has(name));
  if (paths.degraded.size + paths.spareless.size === 0 || rest.length === 0) return undefined;
  const left = rest.map(({ name }) => name);
  const first = rest.reduce((a, b) => (b.preference > a.preference ? b : a)).name;
  const degraded = left.filter((name) => paths.degraded.has(name));
  const sound = left.filter((name) => !paths.degraded.has(name) && !paths.spareless.has(name));
  if (degraded.length === left.length)
    return {
      severity: 'stop',
      text: `nothing carries but ${listed(left)}, announced to be degraded: nobody knows how much still passes`,
      hint: 'Ask how much is left and whether it carries the demand, or move the work apart.',
    };
  if (sound.length === 0)
    return {
      severity: 'warning',
      text: `${listed(left)} ${left.length === 1 ? 'is' : 'are'} all that is left, and without the usual redundancy: one more failure is an outage`,
      hint: 'Ask for times that do not overlap, and let nobody else work meanwhile.',
    };
  if (paths.undrained.has(first))
    return {
      severity: 'warning',
      text: `traffic stays on ${first}, which is announced to be degraded, while ${listed(sound)} would carry`,
      hint: 'Drain it before the work: graceful-shutdown moves traffic without loss.',
    };
  return {
    severity: 'note',
    text: `${listed(left.filter((name) => !sound.includes(name)))} is worse than usual; ${listed(sound)} is not`,
    hint: 'Let nobody work on the others meanwhile.',
  };
}

function sayWeakness(
  context: CheckContext,
  group: AccessGroup,
  { active, fromEpochMs, toEpochMs }: Stretch<AnyWork>,
  { severity, text, hint }: WeakState,
): Found {
  const windows = [...new Set(active.map(({ window }) => window))];
  return {
    severity,
    fromEpochMs,
    toEpochMs,
    targets: [group.access.name, ...windows.map(({ name }) => name)],
    text: `${group.access.name} for ${showLength(toEpochMs - fromEpochMs)} from ${context.clock.show(fromEpochMs)}: ${text}`,
    hint,
    source: listSources(windows),
  };
}

const onStages = (context: CheckContext): readonly Found[] =>
  context.windows.filter(hasLength).flatMap((window) =>
    (window.weakened ?? [])
      .filter(({ target }) => target.kind === 'stage' || target.kind === 'zone')
      .map(({ target, impact }): Found => ({
        severity: 'warning',
        ...aboutWindow(window),
        targets: [window.name, target.name],
        text: `${window.name} announces the ${target.kind} ${target.name} as ${impact}`,
        hint: `Ask ${window.owner} what viewers will see.`,
      })),
  );
