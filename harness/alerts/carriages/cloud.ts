// Burnt in by the mixer of the transcoder, over the programme and over filler alike.

import type { Carriage } from '../carriage.ts';

export const cloud: Carriage = {
  name: 'cloud',
  about: 'burnt into the picture by the mixer in the cloud, over filler too',
  role: 'transcoder',
  command: 'alertsInPicture',
};
