// Finds the place of a fault on the way of the picture: it decides which pictures it can take away.
//
//   source      what the playout shows: pictures made since the fault began
//   feed        the playout itself, and links to a transcoder: also what was on its way there
//   transcoder  what was in its encoder, too
//   delivery    everything behind it: whatever had not reached the viewer yet

import type { FaultResult } from '../model/report.ts';
import type { Design, Stage } from '../model/scenario.ts';

export type Place = 'source' | 'feed' | 'transcoder' | 'delivery';

/** Gives the place of each target; one that the design does not know is behind everything. */
export function findPlaces(fault: Pick<FaultResult, 'at' | 'links'>, design: Design): Place[] {
  const roleOf = (name: string) => design.stages.find((stage) => stage.name === name)?.role;
  const onLinks = (): Place[] =>
    fault.links.map((name) => {
      const to = design.links.find((link) => link.name === name)?.to;
      return to !== undefined && roleOf(to) === 'transcoder' ? 'feed' : 'delivery';
    });
  switch (fault.at) {
    case 'links':
      return onLinks();
    case 'stages':
      return fault.links.map((name) => placeOfRole(roleOf(name)));
    case 'source':
      return fault.links.map(() => 'source');
  }
}

function placeOfRole(role: Stage['role'] | undefined): Place {
  switch (role) {
    case 'playout':
      return 'feed';
    case 'transcoder':
      return 'transcoder';
    case 'origin':
    case 'edge':
    case 'steering':
    case undefined:
      return 'delivery';
  }
}
