// Timed metadata in the segments that the packager in the cloud writes.

import type { Carriage } from '../carriage.ts';

export const id3: Carriage = {
  name: 'id3',
  about: 'an ID3 tag in each segment that the packager in the cloud uploads; emsg in CMAF',
  role: 'transcoder',
  command: 'alertsInSegments',
  players: ['hls.js', 'shaka', 'video.js'],
  virtually: [],
};
