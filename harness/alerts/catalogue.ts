// Every carriage of alerts, from the head-end to the viewers, in the order in which messages name them.

import type { Alert } from '../model/alert.ts';
import type { ViewerDescription } from '../model/history.ts';
import type { StageRole } from '../model/stages.ts';
import type { Carriage } from './carriage.ts';
import { application } from './carriages/application.ts';
import { box } from './carriages/box.ts';
import { cellNoRadio } from './carriages/cellNoRadio.ts';
import { cloud } from './carriages/cloud.ts';
import { daterange } from './carriages/daterange.ts';
import { headend } from './carriages/headend.ts';
import { id3 } from './carriages/id3.ts';
import { inserter } from './carriages/inserter.ts';
import { playout } from './carriages/playout.ts';

export const CARRIAGES: readonly Carriage[] = [
  playout,
  cloud,
  inserter,
  daterange,
  id3,
  headend,
  application,
  box,
  cellNoRadio,
];

export const carriageCalled = (name: string): Carriage | undefined =>
  CARRIAGES.find((one) => one.name === name);

/** The roles of the stages that a viewer asks for its alerts beside the programme, and the path there. */
export function alertPaths(
  alerts: readonly Alert[] = [],
  { player, area = '' }: Pick<ViewerDescription, 'player' | 'area'>,
): readonly { readonly role: StageRole; readonly path: string }[] {
  const carried = new Set(alerts.flatMap(({ carriages }) => carriages));
  return CARRIAGES.flatMap(({ name, role, askedAt, players }) =>
    askedAt !== undefined && carried.has(name) && players?.includes(player)
      ? [{ role, path: `${askedAt}/${encodeURIComponent(area)}` }]
      : [],
  );
}
