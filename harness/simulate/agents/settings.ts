// The settings of players that agents play; others are refused before (playable.ts).

import type { AgentPlayer } from './players/player.ts';

const FILES = ['liveSyncDurationCount'] as const;
/** `repairMs` is about lost datagrams, which are refused. */
const BOXES = [
  'jitterMs',
  'holdMs',
  'errorMs',
  'bootMs',
  'repairMs',
  'burst',
  'zapEveryMs',
  'zaps',
];

export const listSettings = ({ box }: Pick<AgentPlayer, 'box'>): readonly string[] =>
  box ? BOXES : FILES;

export const withSettings = (
  player: AgentPlayer,
  config: Readonly<Record<string, unknown>>,
): AgentPlayer => {
  const { rules, box } = player;
  if (box) return { ...player, box: { ...box, ...config } };
  const liveSyncCount = Number(config['liveSyncDurationCount'] ?? rules.liveSyncCount);
  return { ...player, rules: { ...rules, liveSyncCount } };
};
