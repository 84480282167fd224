// What blacks the screen alone, windows or not.

import { listed, type CheckContext } from '../context.ts';
import { LABEL_KINDS, type LabelKind } from '../graph.ts';
import { singlePoints } from '../minimumCut.ts';
import type { Found, Rule } from '../rule.ts';

export const singlePoint: Rule = {
  name: 'single-point-of-failure',
  about: 'No device, location, operator or country is needed by every way the picture can take.',
  find: (context) => LABEL_KINDS.flatMap((kind) => found(context, kind)),
};

const PLURAL: Readonly<Record<LabelKind, string>> = {
  stage: 'stages',
  device: 'devices',
  location: 'locations',
  zone: 'zones',
  operator: 'operators',
  country: 'countries',
};

/** Access can be doubled without touching the chain, so that is a warning and the rest a note. */
function found({ graph, design }: CheckContext, kind: LabelKind): readonly Found[] {
  const points = singlePoints(graph, kind);
  const stages = new Set(
    graph.nodes.flatMap(({ of, labels }) => (of.kind === 'stage' ? (labels[kind] ?? []) : [])),
  );
  const ofAccess = points.filter((name) => !stages.has(name));
  const ofChain = points.filter((name) => stages.has(name));
  const say = (
    severity: Found['severity'],
    names: readonly string[],
    hint: string,
  ): readonly Found[] =>
    names.length === 0
      ? []
      : [
          {
            severity,
            targets: names,
            text: `${names.length === 1 ? `the ${kind} ${names[0]} is` : `the ${PLURAL[kind]} ${listed(names)} are each`} a single point of failure`,
            hint,
            source: `design ${design.name}`,
          },
        ];
  return [
    ...say(
      'warning',
      ofAccess,
      `Add a path that does without ${ofAccess.length === 1 ? 'it' : 'them'}.`,
    ),
    ...say(
      'note',
      ofChain,
      'Every viewer depends on it; a second one would have to do the same work.',
    ),
  ];
}
