// Which links of a design carry each channel by itself, and which carry all of them together: what
// is done to one of the latter is done to every channel.

import type { Design, Link, Stage, StageRole } from '../model/scenario.ts';

const PER_CHANNEL: ReadonlySet<StageRole> = new Set(['playout', 'transcoder']);

/** Whether there is an instance of a stage for each channel. */
export const runsPerChannel = ({ role }: Pick<Stage, 'role'>): boolean => PER_CHANNEL.has(role);

/** Whether a link has one flow, and so one proxy, per channel. */
export const carriesOneChannel = (design: Design, { from, to }: Link): boolean =>
  design.stages.some((stage) => [from, to].includes(stage.name) && runsPerChannel(stage));

/** Those of these links that carry all channels together. */
export const sharedLinks = (design: Design, names: readonly string[]): readonly string[] =>
  design.links
    .filter((link) => names.includes(link.name) && !carriesOneChannel(design, link))
    .map(({ name }) => name);
