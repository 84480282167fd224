// Work that leaves a path in place and makes it worse: less capacity, or nothing behind it.

import {
  hasLength,
  listed,
  pathsLeft,
  showLength,
  type AccessGroup,
  type CheckContext,
  type WeakWork,
  type Work,
} from '../context.ts';
import type { WeakImpact } from '../input.ts';
import type { Found, Rule } from '../rule.ts';
import { joinStretches, stretchesOf, type Stretch } from '../spans.ts';

export const weakenedPath: Rule = {
  name: 'weakened-path',
  about: 'While a path is degraded or without its spare, another one is as good as ever.',
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
  const judged = stretchesOf<AnyWork>([...group.works, ...group.weak]).flatMap((stretch) => {
    const state = stateOf(group, stretch);
    return state === undefined ? [] : [{ ...stretch, state }];
  });
  return (['stop', 'warning', 'note'] as const).flatMap((severity) =>
    joinStretches(judged.filter(({ state }) => state.severity === severity)).map((stretch) =>
      found(context, group, stretch),
    ),
  );
}

interface WeakState {
  readonly severity: Found['severity'];
  readonly text: string;
  readonly hint: string;
}

/** Undefined where nothing is weak, or no path is left at all, which another rule says. */
function stateOf(
  { access }: AccessGroup,
  { active }: Pick<Stretch<AnyWork>, 'active'>,
): WeakState | undefined {
  const weak = active.filter(isWeak);
  const left = pathsLeft(
    access,
    active.filter((work) => !isWeak(work)),
  );
  if (weak.length === 0 || left.length === 0) return undefined;
  const by = (impact: WeakImpact) => (name: string) =>
    weak.some((work) => work.impact === impact && work.paths.includes(name));
  const degraded = left.filter(by('degraded'));
  const sound = left.filter((name) => !by('degraded')(name) && !by('reduced-redundancy')(name));
  const first = access.paths
    .filter(({ name }) => left.includes(name))
    .reduce((a, b) => (b.preference > a.preference ? b : a)).name;
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
  const undrained = weak.some(
    ({ impact, paths, window }) =>
      impact === 'degraded' && paths.includes(first) && window.drain.style === 'none',
  );
  if (undrained)
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

function found(
  context: CheckContext,
  group: AccessGroup,
  { active, fromEpochMs, toEpochMs }: Stretch<AnyWork>,
): Found {
  const windows = [...new Set(active.map(({ window }) => window))];
  const state = stateOf(group, { active });
  return {
    severity: state?.severity ?? 'note',
    fromEpochMs,
    toEpochMs,
    targets: [group.access.name, ...windows.map(({ name }) => name)],
    text: `${group.access.name} for ${showLength(toEpochMs - fromEpochMs)} from ${context.clock.show(fromEpochMs)}: ${state?.text ?? ''}`,
    hint: state?.hint ?? '',
    source: windows.map(({ source }) => source).join(', '),
  };
}

const onStages = (context: CheckContext): readonly Found[] =>
  context.windows.filter(hasLength).flatMap((window) =>
    (window.weakened ?? [])
      .filter(({ target }) => target.kind === 'stage' || target.kind === 'zone')
      .map(({ target, impact }): Found => ({
        severity: 'warning',
        fromEpochMs: window.fromEpochMs,
        toEpochMs: window.toEpochMs,
        targets: [window.name, target.name],
        text: `${window.name} announces the ${target.kind} ${target.name} as ${impact}`,
        hint: `Ask ${window.owner} what viewers will see.`,
        source: window.source,
      })),
  );
