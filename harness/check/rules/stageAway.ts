// Work on stages: whether the picture still finds a way past them.

import { deadPaths, hasLength, listed, showLength, type CheckContext } from '../context.ts';
import { isConnected, type Graph, type GraphNode } from '../graph.ts';
import type { AnnouncedWindow } from '../input.ts';
import { listSources, type Found, type Rule } from '../rule.ts';
import { stretchesBy, type Stretch } from '../spans.ts';
import { Tally } from '../tally.ts';

export const stageAway: Rule = {
  name: 'stage-away',
  looksAtTime: true,
  find: (context) => {
    const windows = context.windows.filter(hasLength);
    if (!windows.some(takesStages)) return [];
    const away = new Away(context);
    const black = stretchesBy(windows, ({ begun, ended }) => {
      begun.forEach((window) => away.change(window, 'add'));
      ended.forEach((window) => away.change(window, 'remove'));
      return isBlack(context.graph, away) ? 'black' : undefined;
    });
    return black.map((stretch) => sayBlack(context, stretch));
  },
};

const ofStages = ({ targets }: AnnouncedWindow): readonly string[] =>
  targets.flatMap(({ kind, name }) =>
    kind === 'stage' || kind === 'zone' ? [`${kind} ${name}`] : [],
  );

const takesStages = (window: AnnouncedWindow): boolean => ofStages(window).length > 0;

/** Keeps what work takes away at a moment. */
class Away {
  readonly paths: Tally;
  /** `stage origin`, `zone cloud` */
  readonly stages = new Tally();
  readonly #pathsOf = new Map<AnnouncedWindow, string[]>();

  constructor({ accesses, groups }: CheckContext) {
    this.paths = new Tally(accesses.flatMap(deadPaths));
    for (const { window, paths } of groups.flatMap(({ works }) => works))
      this.#pathsOf.set(window, [...(this.#pathsOf.get(window) ?? []), ...paths]);
  }

  change(window: AnnouncedWindow, how: 'add' | 'remove'): void {
    this.paths[how](this.#pathsOf.get(window) ?? []);
    this.stages[how](ofStages(window));
  }
}

/** Black by the stages away; where an access alone has no path, another rule has said so. */
function isBlack(graph: Graph, { paths, stages }: Away): boolean {
  if (stages.size === 0) return false;
  const pathAway = ({ of }: GraphNode) => of.kind === 'path' && paths.has(of.name);
  const stageIsAway = ({ of, labels }: GraphNode) =>
    of.kind === 'stage' &&
    (['stage', 'zone'] as const).some((kind) =>
      labels[kind]?.some((name) => stages.has(`${kind} ${name}`)),
    );
  return (
    isConnected(graph, pathAway) &&
    !isConnected(graph, (node) => pathAway(node) || stageIsAway(node))
  );
}

function sayBlack(
  context: CheckContext,
  { active, fromEpochMs, toEpochMs }: Stretch<AnnouncedWindow>,
): Found {
  const windows = active.filter(takesStages);
  const targets = windows.flatMap((window) => window.targets.map(({ name }) => name));
  return {
    severity: 'stop',
    fromEpochMs,
    toEpochMs,
    targets: [...new Set([...targets, ...windows.map(({ name }) => name)])],
    text: `no way for the picture past ${listed([...new Set(targets)])} for ${showLength(toEpochMs - fromEpochMs)} from ${context.clock.show(fromEpochMs)}`,
    hint: 'Work on one of two, or give the design a second one.',
    source: listSources(windows),
  };
}
