// What a notice is about: object ids first, then the place, then names in its text.

import type { WorkTarget } from '../../model/access.ts';
import type { CalendarComponent } from './lines.ts';

export function targetsOf(
  event: CalendarComponent,
  known: ReadonlyMap<string, WorkTarget>,
): readonly WorkTarget[] {
  const valuesOf = (...names: readonly string[]) =>
    event.properties.filter(({ name }) => names.includes(name)).map(({ value }) => value);
  const objects = valuesOf('x-maintnote-object-id');
  if (objects.length > 0)
    return unique(objects.flatMap((value) => known.get(unescaped(value)) ?? []));
  return unique(
    valuesOf('location', 'summary', 'description').flatMap((text) =>
      namedIn(unescaped(text), known),
    ),
  );
}

/**
 * Names that stand in the text as whole words; `connect-a` is not in `connect-ab`. Stages are left
 * out: `edge` and `origin` are words of every notice.
 */
const namedIn = (text: string, known: ReadonlyMap<string, WorkTarget>): readonly WorkTarget[] =>
  [...known]
    .filter(([name, { kind }]) => kind !== 'stage' && standsIn(name, text))
    .map(([, target]) => target);

function standsIn(name: string, text: string): boolean {
  const literal = name.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
  return new RegExp(`(?<![\\w-])${literal}(?![\\w-])`, 'i').test(text);
}

/** A property of no known type keeps its backslashes. */
const unescaped = (text: string): string => text.replace(/\\([,;\\])/g, '$1').trim();

const unique = (targets: readonly WorkTarget[]): readonly WorkTarget[] =>
  targets.filter(
    (target, index) =>
      targets.findIndex(({ kind, name }) => kind === target.kind && name === target.name) === index,
  );
