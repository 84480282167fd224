// A date range that the origin adds, after the link back, to the playlists it serves.

import type { Carriage } from '../carriage.ts';

export const headend: Carriage = {
  name: 'headend',
  about: 'EXT-X-DATERANGE that the origin, after the link back, adds to the playlists it serves',
  role: 'origin',
  command: 'alertsInPlaylist',
  players: ['hls.js'],
};
