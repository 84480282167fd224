// Finds the place of a fault on the way of the picture: it decides which pictures it can take away.
//
//   source      what the playout shows: pictures made since the fault began
//   feed        the playout itself, and links to a transcoder: also what was on its way there
//   transcoder  what was in its encoder, too
//   delivery    everything behind it: whatever had not reached the viewer yet

import { nearest, stagesBehind } from '../design/hops.ts';
import { tells } from '../design/roles.ts';
import type { FaultResult } from '../model/report.ts';
import type { Design, Stage } from '../model/scenario.ts';

export type Place = 'source' | 'feed' | 'transcoder' | 'delivery';

/** Gives the place of each target; one that the design does not know is behind everything. */
export function findPlaces(fault: Pick<FaultResult, 'at' | 'links'>, design: Design): Place[] {
  const stageOf = (name: string | undefined) => design.stages.find((stage) => stage.name === name);
  return fault.links.map((name) => {
    switch (fault.at) {
      case 'links': {
        const to = stageOf(design.links.find((link) => link.name === name)?.to);
        return leadsToFiller(to, design) ? 'feed' : 'delivery';
      }
      case 'stages': {
        const stage = stageOf(name);
        if (stage && fills(stage)) return 'transcoder';
        return leadsToFiller(stage, design) ? 'feed' : 'delivery';
      }
      case 'source':
        return 'source';
    }
  });
}

const fills = (stage: Stage): boolean => tells(stage, 'fill');

/** Tells whether a stage fills what it lacks, or stands before one that does. */
const leadsToFiller = (stage: Stage | undefined, design: Design): boolean =>
  stage !== undefined && nearest(stagesBehind, { design, from: stage, is: fills }) !== undefined;
