// Work on stages: whether the picture still finds a way past them.

import { listed, pathsLeft, showLength, type CheckContext } from '../context.ts';
import { isConnected, type GraphNode } from '../graph.ts';
import type { AnnouncedWindow } from '../input.ts';
import type { Found, Rule } from '../rule.ts';
import { stretchesBy, type Moment, type Stretch } from '../spans.ts';
import { hasLength, worksIn } from '../context.ts';

export const stageAway: Rule = {
  name: 'stage-away',
  about: 'Work on a stage leaves another one that does the same.',
  looksAtTime: true,
  find: (context) => {
    const windows = context.windows.filter(hasLength);
    if (!windows.some(takesStages)) return [];
    const black = stretchesBy(windows, (moment) =>
      isBlack(context, moment) ? 'black' : undefined,
    );
    return black.map((stretch) => found(context, stretch));
  },
};

const takesStages = ({ targets }: AnnouncedWindow): boolean =>
  targets.some(({ kind }) => kind === 'stage' || kind === 'zone');

/** Black by the stages away; where an access alone has no path, another rule has said so. */
function isBlack(context: CheckContext, { active, ...span }: Moment<AnnouncedWindow>): boolean {
  const taking = [...active].filter(takesStages);
  if (taking.length === 0) return false;
  const left = new Set(
    context.groups.flatMap((group) => pathsLeft(group.access, worksIn(group, span))),
  );
  const pathsAway = (node: GraphNode) => node.of.kind === 'path' && !left.has(node.of.name);
  const stagesAway = (node: GraphNode) => taking.some((window) => takes(window, node));
  return (
    isConnected(context.graph, pathsAway) &&
    !isConnected(context.graph, (node) => pathsAway(node) || stagesAway(node))
  );
}

const takes = ({ targets }: AnnouncedWindow, { of, labels }: GraphNode): boolean =>
  of.kind === 'stage' &&
  targets.some(({ kind, name }) => (kind === 'stage' || kind === 'zone') && labels[kind] === name);

function found(
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
    source: windows.map(({ source }) => source).join(', '),
  };
}
