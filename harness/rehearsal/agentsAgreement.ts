// Tells how far agents agree with virtual players: the package carries the figures of the last comparison
// (npm run bench agents).

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PlayerAgreement } from '../model/agreement.ts';
import { AGENT_PLAYERS } from './agentPlayers.ts';
import { harnessVersion, packageRoot } from './version.ts';

export const AGENTS_AGREEMENT_FILE = join(packageRoot(), 'scenarios/agreement/agents.json');

export interface AgentsAgreement {
  readonly harness: string;
  /** One a player that has a virtual form; `madeAt` is ISO 8601, UTC. */
  readonly tables: readonly (PlayerAgreement & { readonly madeAt: string })[];
}

const seconds = (ms: number): string => `${(Math.abs(ms) / 1000).toFixed(2)} s`;

/** A sentence for each player; also where nothing was compared. */
export function agentsAgreement(
  players: readonly string[],
  versions: Readonly<Record<string, string>>,
): string {
  const kept = existsSync(AGENTS_AGREEMENT_FILE)
    ? (JSON.parse(readFileSync(AGENTS_AGREEMENT_FILE, 'utf8')) as AgentsAgreement)
    : undefined;
  return [...new Set(players)]
    .map((name) => describeAgreement(name, versions[name], kept))
    .join(' ');
}

function describeAgreement(
  player: string,
  version: string | undefined,
  kept: AgentsAgreement | undefined,
): string {
  const { known } = AGENT_PLAYERS[player]!;
  if (known.is === 'from documentation')
    return `${player} is played from documentation and was held against nothing: ${known.source}.`;
  const table = kept?.tables.find((one) => one.player === known.against);
  if (!kept || !table || (version !== undefined && table.version !== version))
    return `Nobody knows how far these agents agree with players: ${[player, version].filter(Boolean).join(' ')} was not compared.`;
  const { meanAbsolute, bias, worst, worstCase } = table.blackScreen;
  const stale =
    kept.harness === harnessVersion()
      ? ''
      : ` The comparison is stale: it was made with version ${kept.harness} of this product.`;
  return `Held against the engine virtual-player (${table.player} ${table.version}) on ${table.madeAt.slice(0, 10)}, in ${table.cases} cases: ${(table.equalOutcomes * 100).toFixed(1)} % of the outcomes are the same; black screen is ${seconds(bias)} ${bias < 0 ? 'shorter' : 'longer'} here on average, off by ${seconds(meanAbsolute)} in the mean and by ${seconds(worst)} at worst (${worstCase}).${stale}`;
}
