// Every carriage of alerts, from the head-end to the viewers, in the order in which messages name them.

import type { Alert } from '../model/alert.ts';
import type { ViewerDescription } from '../model/history.ts';
import type { Carriage } from './carriage.ts';
import { application } from './carriages/application.ts';
import { box } from './carriages/box.ts';
import { cloud } from './carriages/cloud.ts';
import { daterange } from './carriages/daterange.ts';
import { headend } from './carriages/headend.ts';
import { playout } from './carriages/playout.ts';

export const CARRIAGES: readonly Carriage[] = [
  playout,
  cloud,
  daterange,
  headend,
  application,
  box,
];

export const carriageCalled = (name: string): Carriage | undefined =>
  CARRIAGES.find((one) => one.name === name);

/** The path at which a viewer asks for its alerts beside the programme; undefined where it need not. */
export function alertPath(
  alerts: readonly Alert[] = [],
  { player, area = '' }: Pick<ViewerDescription, 'player' | 'area'>,
): string | undefined {
  const carried = new Set(alerts.flatMap(({ carriages }) => carriages));
  const carriage = CARRIAGES.find(
    ({ name, askedAt, players }) => askedAt && carried.has(name) && players?.includes(player),
  );
  return carriage && `${carriage.askedAt}/${encodeURIComponent(area)}`;
}
