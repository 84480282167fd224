// The players that agents play, one line each: those of a browser, those that light viewers imitate,
// and boxes.

import { boxAgent } from '../simulate/agents/players/box.ts';
import { DASH_AGENT } from '../simulate/agents/players/dash.ts';
import { endlessAgent } from '../simulate/agents/players/endless.ts';
import { hlsAgent } from '../simulate/agents/players/hls.ts';
import { media3Agent } from '../simulate/agents/players/media3.ts';
import type { AgentPlayer } from '../simulate/agents/players/player.ts';
import { SHAKA_AGENT } from '../simulate/agents/players/shaka.ts';
import { VIDEOJS_AGENT } from '../simulate/agents/players/videojs.ts';
import { RULES } from '../../players/light/rules.ts';
import { BOX_DEFAULTS } from '../../players/settings/box.ts';

export const AGENT_PLAYERS: Readonly<Record<string, AgentPlayer>> = {
  'hls.js': hlsAgent(RULES['light']!),
  shaka: SHAKA_AGENT,
  'video.js': VIDEOJS_AGENT,
  'dash.js': DASH_AGENT,
  light: hlsAgent(RULES['light']!),
  media3: media3Agent(RULES['media3']!),
  avplayer: endlessAgent(RULES['avplayer']!, {
    is: 'from documentation',
    source: 'Apple publishes no numbers; those of VHS 3.17, which never gives up either: a guess',
  }),
  settopbox: boxAgent(BOX_DEFAULTS),
};
