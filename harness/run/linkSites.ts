// Finds every flow that an action on links concerns, what is done there, and its witness. A flow is one
// proxy: a link, narrowed to a channel where the link has one per channel.

import type { Clock } from '../kernel/clock.ts';
import { createForceLog, lastingBeside, type ForceLog } from '../faults/inForce.ts';
import { healFault, injectFault } from './toxics.ts';
import { HarnessError } from '../model/errors.ts';
import { occurrenceId, type PlannedAction } from '../model/plan.ts';
import type { Design, Link, LinkFault } from '../model/scenario.ts';
import type { StartedProxy } from '../model/world.ts';
import { viewAction, withPatience } from '../witness/mask.ts';
import { witnessOnLink } from '../witness/onLink.ts';
import type { StartedPipeline } from './provision.ts';
import { nowMs, type Site } from './prove.ts';
import type { Recorder } from './recorder.ts';
import { listChannels, nameFlow } from '../design/flows.ts';
import { findHops } from '../design/hops.ts';

export interface LinkOptions {
  readonly design: Design;
  readonly pipeline: StartedPipeline;
  readonly recorder: Recorder;
  readonly clock: Clock;
  readonly runStartedAtEpochMs: number;
}

/** Keeps what is in force on each flow, and finds the flows of an action, each once. */
export function linkSites(
  options: LinkOptions,
): (action: PlannedAction, fault: LinkFault) => readonly Site[] {
  const log = createForceLog();
  return (action, fault) =>
    hurtFlows(fault, options).map((flow) => makeSite({ action, fault, flow, log }, options));
}

interface ProxiedFlow {
  readonly link: Link;
  /** The channel a witness is asked about; the first one where channels share the flow. */
  readonly channel: string;
  readonly proxy: StartedProxy;
}

/** Every flow once, also when several channels share it. */
function hurtFlows(fault: LinkFault, { design, pipeline }: LinkOptions): ProxiedFlow[] {
  const flows = new Map<string, ProxiedFlow>();
  for (const link of design.links.filter(({ name }) => fault.links.includes(name)))
    for (const channel of listChannels(design)) {
      if (!fault.channels.includes(channel.name)) continue;
      const name = nameFlow(design, link, channel);
      const proxy = pipeline.proxies.get(name);
      if (!proxy) throw new HarnessError('INTERNAL', `no proxy carries ${name}`, { target: name });
      if (!flows.has(name)) flows.set(name, { link, channel: channel.name, proxy });
    }
  return [...flows.values()];
}

interface OnFlow {
  readonly action: PlannedAction;
  readonly fault: LinkFault;
  readonly flow: ProxiedFlow;
  readonly log: ForceLog;
}

function makeSite(on: OnFlow, options: LinkOptions): Site {
  const { action, fault, flow, log } = on;
  const { link, channel, proxy } = flow;
  const { does } = action;
  const witness = witnessOnLink(fault, { link, channel, design: options.design });
  const flowNow = () => ({ id: occurrenceId(action), onFlow: log.on(proxy.name) });
  return {
    target: proxy.name,
    witness,
    at: proxy.hostAddress,
    act: () => (does === 'inject' ? inject(on, options) : heal(on, options)),
    view: (doneAtMs) => viewAction({ ...flowNow(), does, fault, witness, doneAtMs }),
    patient: () => withPatience(witness, flowNow()),
  };
}

async function inject(on: OnFlow, options: LinkOptions): Promise<void> {
  const { action, flow, log } = on;
  const { proxy } = flow;
  const [fault, id] = [onWire(on, options), occurrenceId(action)];
  await injectFault(fault, proxy, id);
  log.begin(proxy.name, { id, of: action.of, fault, fromMs: nowMs(options) });
}

/** Making a proxy anew takes everything off it: what is still to be in force comes back at once. */
async function heal(on: OnFlow, options: LinkOptions): Promise<void> {
  const { action, flow, log } = on;
  const { proxy } = flow;
  const [fault, id] = [onWire(on, options), occurrenceId(action)];
  const others = lastingBeside(log.on(proxy.name), id);
  const healedBy = await healFault(fault, proxy, { id, others });
  log.end(proxy.name, id, nowMs(options));
  if (healedBy === 'removed') return;
  const again = others.map(({ of }) => of).join(', ');
  const text = `${proxy.name}: removing ${id} failed, its proxy was created anew`;
  options.recorder.emit({
    type: 'log',
    level: 'warning',
    text: again === '' ? text : `${text} and ${again} put on it again`,
  });
}

/** For a proxy forward is away from who connects; an edge connects against the way of the picture. */
function onWire({ fault, flow: { link } }: OnFlow, { design }: LinkOptions): LinkFault {
  const hop = findHops(design).find((one) => one.link?.name === link.name);
  if (fault.direction === undefined || hop?.client.name === link.from) return fault;
  return { ...fault, direction: fault.direction === 'forward' ? 'backward' : 'forward' };
}
