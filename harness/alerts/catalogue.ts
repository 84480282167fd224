// Every carriage of alerts, from the head-end to the viewers, in the order in which messages name them.

import type { Carriage } from './carriage.ts';
import { cloud } from './carriages/cloud.ts';
import { daterange } from './carriages/daterange.ts';
import { headend } from './carriages/headend.ts';
import { playout } from './carriages/playout.ts';

export const CARRIAGES: readonly Carriage[] = [playout, cloud, daterange, headend];

export const carriageCalled = (name: string): Carriage | undefined =>
  CARRIAGES.find((one) => one.name === name);
