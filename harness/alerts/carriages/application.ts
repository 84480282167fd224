// Asked for by the application around the player, again and again, beside the programme.

import { findFleet, PLAYERS } from '../../../players/registry.ts';
import type { Carriage } from '../carriage.ts';

export const application: Carriage = {
  name: 'application',
  about: 'asked for over HTTP by the application around the player, beside the programme',
  role: 'portal',
  command: 'alertsOnRequest',
  players: Object.keys(PLAYERS).filter((name) => findFleet(name) === 'wall'),
  askedAt: '/alerts/now',
};
