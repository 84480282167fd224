// Where each viewer of a simulation watches, and asks for alerts.

import { alertPaths } from '../alerts/catalogue.ts';
import type { Channel } from '../design/flows.ts';
import { wayToAsk } from '../design/groups.ts';
import { findEntries, turnsAtEntries } from '../design/hops.ts';
import { stagesWithRole } from '../design/roles.ts';
import type { ViewerDescription } from '../model/history.ts';
import type { Plan } from '../model/plan.ts';
import { findGroup } from '../model/scenario.ts';
import type { ViewerLaunch } from '../model/world.ts';
import { placesElsewhere } from '../people/places.ts';

/** Deals viewers over the entries of a design, in turn within each channel. */
export function makeLaunches({
  plan,
  viewers,
}: {
  readonly plan: Plan;
  readonly viewers: readonly ViewerDescription[];
}): readonly ViewerLaunch[] {
  const { scenario } = plan;
  const { design } = scenario;
  const entries = findEntries(design);
  const turns = turnsAtEntries(viewers);
  const urlOf = ({ name }: Pick<Channel, 'name'>, turn: number) =>
    `http://${entries[turn % entries.length]!.name}/${name}/index.m3u8`;
  return viewers.map((description, index) => {
    const turn = turns[index]!;
    const group = findGroup(scenario, description);
    const channel = { name: description.channel, number: description.channelNumber };
    const elsewhere = placesElsewhere({ design, group, channel, turn, urlOf });
    const alertsAt = alertPaths(scenario.alerts, description).flatMap(({ role, path }) =>
      stagesWithRole(design, role).map(
        (asked) => `http://${wayToAsk(design, asked, { channel, turn, isBox: false })}${path}`,
      ),
    );
    const alerts = alertsAt.length > 0 && { alertsAt };
    return { description, group, url: urlOf(channel, turn), ...elsewhere, ...alerts };
  });
}
