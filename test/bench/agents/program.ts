// `node program.ts DESIGN CHOICES` plays the night once, in a process that has played nothing else and
// leaves out the modules that the command line leaves out, and prints what it cost as JSON.

import '../../../harness/cli/fewerModules.ts';

import type { AgentChoices } from '../../../harness/model/simulated.ts';
import type { Cost } from './costs.ts';

const { AUDIENCE, bigNight } = await import('./night.ts');
const { playedByAgents } = await import('../../support/simulatedByAgents.ts');

const [design = '', choices = '{}'] = process.argv.slice(2);
const scenario = await bigNight(design);
const before = process.cpuUsage();
const { lostMs, kernel } = playedByAgents(scenario, {
  audience: AUDIENCE,
  ...(JSON.parse(choices) as Partial<AgentChoices>),
});
const { user, system } = process.cpuUsage(before);
const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
const cost: Cost = {
  playCpuS: (user + system) / 1e6,
  wholeCpuS: (userCPUTime + systemCPUTime) / 1e6,
  peakMb: (maxRSS * 1024) / 1e6,
  agents: kernel.crowd.size,
  events: kernel.events,
  p99Ms: p99(),
};
process.stdout.write(JSON.stringify(cost));

function p99(): number {
  const { crowd } = kernel;
  const order = lostMs.map((_, agent) => agent).sort((a, b) => lostMs[a]! - lostMs[b]!);
  const total = order.reduce((sum, agent) => sum + crowd.count[agent]!, 0);
  let before = 0;
  return lostMs[order.find((agent) => (before += crowd.count[agent]!) >= 0.99 * total)!]!;
}
