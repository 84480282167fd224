// Finds what blacks the screen alone, windows or not, and pairs that do where nothing does alone.

import { listed, type CheckContext } from '../context.ts';
import { LABEL_KINDS, type LabelKind } from '../../model/scenario.ts';
import { PLURAL } from '../graph.ts';
import { minimumCut, singlePoints } from '../minimumCut.ts';
import type { Found, Rule } from '../rule.ts';

export const singlePoint: Rule = {
  name: 'single-point-of-failure',
  find: (context) => LABEL_KINDS.flatMap((kind) => findPoints(context, kind)),
};

/** Access can be doubled without touching the chain, so that is a warning and the rest a note. */
function findPoints(context: CheckContext, kind: LabelKind): readonly Found[] {
  const { graph } = context;
  const points = singlePoints(graph, kind);
  if (points.length === 0) return together(context, kind);
  const stages = new Set(
    graph.nodes.flatMap(({ of, labels }) => (of.kind === 'stage' ? (labels[kind] ?? []) : [])),
  );
  const say = (severity: Found['severity'], names: readonly string[], hint: string) =>
    names.length === 0 ? [] : [{ ...alone(context, kind, names), severity, hint }];
  return [
    ...say(
      'warning',
      points.filter((name) => !stages.has(name)),
      'Add a path that does without.',
    ),
    ...say(
      'note',
      points.filter((name) => stages.has(name)),
      'Every viewer depends on it; a second one would have to do the same work.',
    ),
  ];
}

const alone = ({ design }: CheckContext, kind: LabelKind, names: readonly string[]) => ({
  targets: names,
  text: `${names.length === 1 ? `the ${kind} ${names[0]} is` : `the ${PLURAL[kind]} ${listed(names)} are each`} a single point of failure`,
  source: `design ${design.name}`,
});

/** The smallest set that does, so that nobody works on all of it at once. */
function together({ graph, design }: CheckContext, kind: LabelKind): readonly Found[] {
  const cut = minimumCut(graph, kind);
  return cut === undefined || cut.length === 0
    ? []
    : [
        {
          severity: 'note',
          targets: cut,
          text: `no ${kind} alone takes the picture away; the ${PLURAL[kind]} ${listed(cut)} together do`,
          hint: 'Never let all of them be worked on at the same time.',
          source: `design ${design.name}`,
        },
      ];
}
