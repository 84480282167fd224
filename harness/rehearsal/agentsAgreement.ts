// Tells how far agents agree with virtual players: the package carries the figures of the last comparison
// (npm run bench agents).

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PlayerAgreement } from '../model/agreement.ts';
import { harnessVersion, packageRoot } from './version.ts';

export const AGENTS_AGREEMENT_FILE = join(packageRoot(), 'scenarios/agreement/agents.json');

export interface AgentsAgreement {
  readonly harness: string;
  /** ISO 8601, UTC. */
  readonly madeAt: string;
  readonly table: PlayerAgreement;
}

const seconds = (ms: number): string => `${(Math.abs(ms) / 1000).toFixed(2)} s`;

/** One sentence; also where nothing was compared. */
export function agentsAgreement(players: Readonly<Record<string, string>>): string {
  const [[player, version] = ['', '']] = Object.entries(players);
  const unknown = `Nobody knows how far these agents agree with players: ${player} ${version} was not compared.`;
  if (!existsSync(AGENTS_AGREEMENT_FILE)) return unknown;
  const kept = JSON.parse(readFileSync(AGENTS_AGREEMENT_FILE, 'utf8')) as AgentsAgreement;
  const { table } = kept;
  if (table.player !== player || table.version !== version) return unknown;
  const { meanAbsolute, bias, worst, worstCase } = table.blackScreen;
  const stale =
    kept.harness === harnessVersion()
      ? ''
      : ` The comparison is stale: it was made with version ${kept.harness} of this product.`;
  return `Held against the engine virtual-player (${player} ${version}) on ${kept.madeAt.slice(0, 10)}, in ${table.cases} cases: ${(table.equalOutcomes * 100).toFixed(1)} % of the outcomes are the same; black screen is ${seconds(bias)} ${bias < 0 ? 'shorter' : 'longer'} here on average, off by ${seconds(meanAbsolute)} in the mean and by ${seconds(worst)} at worst (${worstCase}).${stale}`;
}
