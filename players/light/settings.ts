// The settings of a light viewer over the rules of its player.

import type { LightViewer } from './messages.ts';
import { RULES, type Rules } from './rules.ts';

/** A number of the scenario, which its registry has checked. */
type Config = LightViewer['config'];

const numberIn = (config: Config, key: string, otherwise: number, unit = 1): number => {
  const value = config[key];
  return typeof value === 'number' ? value * unit : otherwise;
};

/** Throws for a player that has no rules: the registry and this table disagree. */
export function rulesFor({ player, config }: Pick<LightViewer, 'player' | 'config'>): Rules {
  const rules = RULES[player];
  if (!rules) throw new Error(`there are no rules for the player ${player}`);
  return {
    ...rules,
    liveSyncCount: numberIn(config, 'liveSyncDurationCount', rules.liveSyncCount),
    bufferMsMax: numberIn(config, 'maxBufferLength', rules.bufferMsMax, 1000),
    estimateBps: numberIn(config, 'abrEwmaDefaultEstimate', rules.estimateBps),
  };
}

/** Only the length of each segment is asked for; bandwidth then means nothing. */
export const asksLengths = ({ config }: Pick<LightViewer, 'config'>): boolean =>
  config['segments'] === 'lengths';
