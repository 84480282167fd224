// Where each viewer of a simulation watches, and asks for alerts.

import { alertPath } from '../alerts/catalogue.ts';
import { portalOf } from '../design/groups.ts';
import { entriesOf, turnsAtEntries } from '../design/hops.ts';
import type { ViewerDescription } from '../model/history.ts';
import type { Plan } from '../model/plan.ts';
import { groupOf } from '../model/scenario.ts';
import type { ViewerLaunch } from '../model/world.ts';

/** Deals viewers over the entries of a design, in turn within each channel. */
export function launchesOf({
  plan,
  viewers,
}: {
  readonly plan: Plan;
  readonly viewers: readonly ViewerDescription[];
}): readonly ViewerLaunch[] {
  const { scenario } = plan;
  const entries = entriesOf(scenario.design);
  const turns = turnsAtEntries(viewers);
  const portal = portalOf(scenario.design);
  return viewers.map((description, index) => {
    const entry = entries[turns[index]! % entries.length]!;
    const url = `http://${entry.name}/${description.channel}/index.m3u8`;
    const asked = alertPath(scenario.alerts, description);
    const alerts = asked !== undefined && { alertsAt: `http://${portal?.name}${asked}` };
    return { description, group: groupOf(scenario, description), url, ...alerts };
  });
}
