// The players a scenario can name. players/README.md says how to add one.

import type { ViewerGroup } from '../../harness/model/scenario.ts';
import { hlsPlayer } from './hlsPlayer.ts';
import type { CreatePlayer } from './player.ts';

export const PLAYERS: Readonly<Record<ViewerGroup['player'], CreatePlayer>> = {
  'hls.js': hlsPlayer,
};
