// Burnt into the picture at the head-end, before the contribution link.

import type { Carriage } from '../carriage.ts';

export const playout: Carriage = {
  name: 'playout',
  about: 'burnt into the picture at the head-end, before the link to the cloud',
  role: 'playout',
  command: 'alertsInPicture',
};
