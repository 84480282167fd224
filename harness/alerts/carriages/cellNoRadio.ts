// A stand-in for the cell broadcast of mobile operators: phones beside the screens ask for it over HTTP.
// Its name says in every output that there is no radio.

import { NO_RADIO } from '../../model/alert.ts';
import { findFleet, PLAYERS } from '../../../players/registry.ts';
import type { Carriage } from '../carriage.ts';

export const cellNoRadio: Carriage = {
  name: NO_RADIO,
  about: 'asked for over HTTP by the phones of viewers, a stand-in for cell broadcast: no radio',
  role: 'cells',
  command: 'alertsOnRequest',
  players: Object.keys(PLAYERS).filter((name) => findFleet(name) !== 'light'),
  askedAt: '/alerts/now',
};
