// Starts the pipeline of a design on a runtime, with every link through a proxy, and the control
// pipeline beside it without one. Registers an undo for each thing the moment it exists.

import { allOrFirstError } from '../kernel/allOrFirstError.ts';
import { waitFor } from '../kernel/deadline.ts';
import type { Stage } from '../model/scenario.ts';
import type { StartedProxy, StartedStage, Target } from '../model/world.ts';
import {
  listChannels,
  CONTROL_CHANNEL,
  nameFlow,
  nameInstance,
  type Channel,
} from '../design/flows.ts';
import {
  carriesPicture,
  findEntries,
  findHops,
  inputLinks,
  steeredTo,
  type Hop,
} from '../design/hops.ts';
import { findCarrier } from '../design/countedLinks.ts';
import { groupSenders, findRepairer, findRepairLink } from '../design/groups.ts';
import { findRole } from '../design/roles.ts';
import { chooseGroup, groupUrl } from '../model/group.ts';
import { controlGroup, startControl } from './controlPath.ts';
import {
  directTarget,
  reachable,
  stageAddress,
  start,
  type Builder,
  type ProvisionOptions,
} from './startStage.ts';

export interface StartedPipeline {
  readonly stages: ReadonlyMap<string, StartedStage>;
  /** The proxies by flow: `connect-up.one`. */
  readonly proxies: ReadonlyMap<string, StartedProxy>;
  /**
   * Multivariant playlist of a channel, as viewers reach it, or its DASH manifest. The viewers of a
   * channel are dealt over the ways in, where there are several: `turn` counts them from 0.
   */
  readonly playlistOf: (channel: Channel, turn: number, dash?: boolean) => string;
  /** The group of a channel, as set-top boxes tune to it; undefined where nothing sends to any. */
  readonly groupUrlOf?: (channel: Channel, turn: number) => string | undefined;
  /** The URL by which boxes or browsers ask over a way of `wayToAsk`; undefined for an unknown one. */
  readonly urlOfWay?: (way: string, isBox: boolean) => string | undefined;
  /** Addresses that a steering stage may send viewers to. */
  readonly mediaFrom: readonly string[];
}

/** Beyond the length of those segments, for a busy machine. */
const START_UP_MS = 30_000;

export async function provision(options: ProvisionOptions): Promise<StartedPipeline> {
  const stages = new Map<string, StartedStage>();
  const proxies = new Map<string, StartedProxy>();
  const builder = { ...options, stages, proxies };
  const [entries, controlOrigin] = await allOrFirstError([
    startMain(builder),
    startControl(builder),
  ]);
  const waysIn = (channel: Channel, dash = false): readonly string[] => {
    const control = channel.number === CONTROL_CHANNEL.number;
    return (control ? [controlOrigin] : entries).map((stage) => manifestAt(stage, channel, dash));
  };
  const playlistOf = (channel: Channel, turn: number, dash?: boolean): string => {
    const ways = waysIn(channel, dash);
    return ways[turn % ways.length] as string;
  };
  const channels = [...listChannels(options.design), CONTROL_CHANNEL];
  const playlists = channels.flatMap((channel) => waysIn(channel));
  await Promise.all(playlists.map((url) => firstSegments(url, options)));
  return {
    stages,
    proxies,
    playlistOf,
    groupUrlOf: (channel, turn) => groupAt(builder, channel, turn),
    urlOfWay: (way, isBox) => urlOfWay(builder, way, isBox),
    mediaFrom: mediaFrom(builder),
  };
}

function manifestAt(stage: StartedStage, channel: Channel, dash: boolean): string {
  const { host, port } = reachable(stage);
  return `http://${host}:${port}/${channel.name}/index.${dash ? 'mpd' : 'm3u8'}`;
}

/** Boxes are dealt over the senders that have no other sender behind them. */
function groupAt(
  { design, stages, proxies }: Builder,
  channel: Channel,
  turn: number,
): string | undefined {
  const senders = groupSenders(design);
  const sender = senders[turn % senders.length];
  if (sender && channel.number === CONTROL_CHANNEL.number) return controlGroup(stages);
  const started = sender && stages.get(nameInstance(sender, channel));
  if (!started) return undefined;
  const link = findRepairLink(design, sender);
  const repairer = findRepairer(design, sender);
  const server = link
    ? proxies.get(nameFlow(design, link, channel))?.address
    : repairer && stages.get(nameInstance(repairer, channel))?.address;
  return groupUrl(chooseGroup(sender, channel, stageAddress(started)), channel.number, server);
}

function urlOfWay({ stages, proxies }: Builder, way: string, isBox: boolean): string | undefined {
  const server = proxies.get(way) ?? stages.get(way);
  const at = isBox ? server?.address : server?.hostAddress;
  return at && `http://${at.host}:${at.port}`;
}

const mediaFrom = ({ design, stages }: Builder): readonly string[] =>
  steeredTo(design)
    .flatMap((stage) => stages.get(nameInstance(stage, undefined)) ?? [])
    .map((stage) => `http://${reachable(stage).host}:${reachable(stage).port}/`);

/** Starts every instance, each once and after all that it connects to; answers the ways in. */
async function startMain(builder: Builder): Promise<readonly StartedStage[]> {
  const { design } = builder;
  const hops = findHops(design);
  const starting = new Map<string, Promise<StartedStage>>();
  const once = (stage: Stage, of: Channel | undefined): Promise<StartedStage> => {
    const channel = findRole(stage).perChannel ? of : undefined;
    const instance = nameInstance(stage, channel);
    const started = starting.get(instance) ?? startInstance(stage, channel);
    starting.set(instance, started);
    return started;
  };
  const startInstance = async (stage: Stage, channel: Channel | undefined) => {
    const out = hops.filter(({ client }) => client === stage);
    const targets = out.map((hop) => findTarget(builder, hop, channel, once(hop.server, channel)));
    const sendsTo = await allOrFirstError(targets);
    const inputs = inputLinks(design, stage);
    const instance = nameInstance(stage, channel);
    const numbers = findRepairer(design, stage) && { keepsNumbers: true as const };
    const protocol = hops.find(({ to, link }) => to === stage && link?.protocol)?.link?.protocol;
    const listensFor = protocol && { listensFor: protocol };
    const place = keepsApart(builder) && { country: stage.country };
    const extra = { ...(inputs && { inputs }), ...listensFor, ...numbers, ...place };
    return start(builder, { stage, instance, channel, sendsTo, ...extra });
  };
  const all = design.stages.flatMap((stage) =>
    listChannels(design).map((channel) => once(stage, channel)),
  );
  await allOrFirstError(all);
  await proxyBesidePicture(builder);
  return Promise.all(findEntries(design).map((stage) => once(stage, undefined)));
}

/** Set-top boxes share one network with the stages that they ask and hear. */
const keepsApart = ({ countsBorders = false, design }: Builder): boolean =>
  countsBorders && groupSenders(design).length === 0;

/** Puts a proxy before each stage that viewers ask over a link: a repair server, or a portal. */
async function proxyBesidePicture({ design, stages, links, proxies }: Builder): Promise<void> {
  for (const link of design.links.filter((one) => !carriesPicture(one)))
    for (const channel of listChannels(design)) {
      const server = [`${link.from}.${channel.name}`, link.from].find((name) => stages.has(name));
      const name = nameFlow(design, link, channel);
      if (server === undefined || proxies.has(name)) continue;
      const upstream = stageAddress(stages.get(server)!);
      const { transport } = link;
      proxies.set(
        name,
        await links.createProxy({ name, upstream, ...(transport && { transport }) }),
      );
    }
}

/** Gives the client of a hop its target: a proxy where the design has a link. */
async function findTarget(
  builder: Builder,
  hop: Hop,
  channel: Channel | undefined,
  serving: Promise<StartedStage>,
): Promise<Target> {
  const target = directTarget(hop.server, await serving);
  if (!hop.link && !builder.countsBorders) return target;
  const carrier = findCarrier(hop);
  const name = channel ? nameFlow(builder.design, carrier, channel) : carrier.name;
  const { host, port } = target;
  const { transport } = carrier;
  const spec = { name, upstream: { host, port }, ...(transport && { transport }) };
  const proxy = await builder.links.createProxy(spec);
  builder.proxies.set(proxy.name, proxy);
  if (!hop.link) return { ...target, ...proxy.address };
  const { name: link, protocol } = hop.link;
  const input = inputLinks(builder.design, hop.to)?.includes(link) ? { input: link } : {};
  return { ...target, ...proxy.address, link, ...input, ...(protocol && { protocol }) };
}

async function firstSegments(url: string, options: ProvisionOptions): Promise<void> {
  const { probe, clock, design, segments, signal } = options;
  await waitFor(
    {
      ms: START_UP_MS + segments * design.media.segmentMs,
      what: `the first ${segments} segments at ${url}`,
      code: 'STAGE_FAILED',
      hint: 'look into the stage logs in the run folder',
      everyMs: 100,
      signal,
      clock,
    },
    async () => ((await probe.segmentsAt(url)) >= segments ? true : undefined),
  );
}
