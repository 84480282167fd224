// An inserter of the head-end after the link: decodes what the cloud sends, burns alerts into it, encodes
// it again and publishes it. Its program is that of a transcoder.

import type { InserterStage } from '../../model/scenario.ts';
import type { Role } from '../role.ts';
import { transcoder } from './transcoder.ts';

export const inserter: Role<InserterStage> = {
  ...(transcoder as unknown as Role<InserterStage>),
  role: 'inserter',
  word: 'After the link: burns alerts into the picture of the cloud, encodes and packages it again.',
  about:
    'Decodes what a transcoder sends, burns alerts into it, encodes the ladder, packages and uploads HLS.',
  follows: ['transcoder'],
  feeds: ['origin', 'multicast'],
  count: [0, Infinity],
  commands: ['alertsInPicture'],
  // The filler of the transcoder passes it as a picture: it cannot say what the programme lacks.
  tells: transcoder.tells.filter((told) => told !== 'fill'),
};
