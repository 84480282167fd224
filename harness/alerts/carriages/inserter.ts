// Burnt into the picture by an inserter of the head-end, after the link back from the cloud.

import type { Carriage } from '../carriage.ts';

export const inserter: Carriage = {
  name: 'inserter',
  about: 'burnt into the picture by an inserter at the head-end, after the link, over filler too',
  role: 'inserter',
  command: 'alertsInPicture',
};
