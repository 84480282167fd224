// A date range in the playlists that the packager in the cloud writes.

import type { Carriage } from '../carriage.ts';

export const daterange: Carriage = {
  name: 'daterange',
  about: 'EXT-X-DATERANGE in the playlists that the packager in the cloud uploads',
  role: 'transcoder',
  command: 'alertsInPlaylist',
  players: ['hls.js'],
};
