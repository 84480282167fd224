// Pushed to set-top boxes on a connection that each holds open.

import type { Carriage } from '../carriage.ts';

export const box: Carriage = {
  name: 'box',
  about: 'pushed to set-top boxes over HTTP, beside the programme',
  role: 'portal',
  command: 'alertsPushed',
  players: ['settopbox'],
  askedAt: '/alerts/pushed',
};
