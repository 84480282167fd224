// Where each viewer of a simulation watches, and asks for alerts.

import { alertPath } from '../alerts/catalogue.ts';
import type { Channel } from '../design/flows.ts';
import { portalOf } from '../design/groups.ts';
import { entriesOf, turnsAtEntries } from '../design/hops.ts';
import type { ViewerDescription } from '../model/history.ts';
import type { Plan } from '../model/plan.ts';
import { groupOf } from '../model/scenario.ts';
import type { ViewerLaunch } from '../model/world.ts';
import { placesElsewhere } from '../people/places.ts';

/** Deals viewers over the entries of a design, in turn within each channel. */
export function launchesOf({
  plan,
  viewers,
}: {
  readonly plan: Plan;
  readonly viewers: readonly ViewerDescription[];
}): readonly ViewerLaunch[] {
  const { scenario } = plan;
  const { design } = scenario;
  const entries = entriesOf(design);
  const turns = turnsAtEntries(viewers);
  const portal = portalOf(design);
  const urlOf = ({ name }: Pick<Channel, 'name'>, turn: number) =>
    `http://${entries[turn % entries.length]!.name}/${name}/index.m3u8`;
  return viewers.map((description, index) => {
    const turn = turns[index]!;
    const group = groupOf(scenario, description);
    const channel = { name: description.channel, number: description.channelNumber };
    const elsewhere = placesElsewhere({ design, group, channel, turn, urlOf });
    const asked = alertPath(scenario.alerts, description);
    const alerts = asked !== undefined && { alertsAt: `http://${portal?.name}${asked}` };
    return { description, group, url: urlOf(channel, turn), ...elsewhere, ...alerts };
  });
}
