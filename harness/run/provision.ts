// Starts the pipeline of a design on a runtime, with every link through a proxy, and the control
// pipeline beside it without one. Registers an undo for each thing the moment it exists.

import type { CleanupStack } from '../kernel/cleanup.ts';
import { waitFor } from '../kernel/deadline.ts';
import { HarnessError } from '../model/errors.ts';
import type { Design, Link, MediaSettings, Stage } from '../model/scenario.ts';
import type {
  Address,
  LinkControl,
  Runtime,
  StageLaunch,
  StartedProxy,
  StartedStage,
} from '../model/world.ts';
import {
  chainOf,
  channelsOf,
  CONTROL_CHANNEL,
  flowOf,
  instanceOf,
  linkBetween,
  type Channel,
} from './topology.ts';

export interface ProvisionOptions {
  readonly design: Design;
  readonly runtime: Runtime;
  readonly links: LinkControl;
  readonly cleanup: CleanupStack;
  readonly onExit: (stage: StartedStage) => void;
  readonly segmentsAt: SegmentsAt;
  readonly signal: AbortSignal;
}

/**
 * Segments in the media playlists of a multivariant playlist right now, the fewest over its rungs;
 * 0 when something is not served. Bounded, never rejects.
 */
export type SegmentsAt = (url: string) => Promise<number>;

export interface StartedPipeline {
  readonly stages: ReadonlyMap<string, StartedStage>;
  /** By flow: `connect-up.one`. */
  readonly proxies: ReadonlyMap<string, StartedProxy>;
  /** Multivariant playlist of a channel, as viewers reach it. */
  readonly playlistOf: (channel: Channel) => string;
}

/** A player starts three segments from the live edge (facts.md 2.3: no closer than that). */
const SEGMENTS_TO_START = 3;
/** Beyond the length of those segments, for a busy machine. */
const START_UP_MS = 30_000;

export async function provision(options: ProvisionOptions): Promise<StartedPipeline> {
  const stages = new Map<string, StartedStage>();
  const proxies = new Map<string, StartedProxy>();
  const builder = { ...options, stages, proxies };
  const [edge, controlOrigin] = await allOrFirstError([startMain(builder), startControl(builder)]);
  const playlistOf = (channel: Channel): string => {
    const { host, port } = reachable(
      channel.number === CONTROL_CHANNEL.number ? controlOrigin : edge,
    );
    return `http://${host}:${port}/${channel.name}/index.m3u8`;
  };
  const channels = [...channelsOf(options.design), CONTROL_CHANNEL];
  await Promise.all(channels.map((channel) => firstSegments(playlistOf(channel), options)));
  return { stages, proxies, playlistOf };
}

interface Builder extends ProvisionOptions {
  readonly stages: Map<string, StartedStage>;
  readonly proxies: Map<string, StartedProxy>;
}

async function startMain(builder: Builder): Promise<StartedStage> {
  const { design } = builder;
  const chain = chainOf(design);
  const origin = await start(builder, { stage: chain.origin, instance: chain.origin.name });
  const startEdge = async () =>
    start(builder, {
      stage: chain.edge,
      instance: chain.edge.name,
      sendsTo: await through(builder, chain.origin, chain.edge, undefined, addressOf(origin)),
    });
  const startChannel = async (channel: Channel) => {
    const transcoder = await start(builder, {
      stage: chain.transcoder,
      instance: instanceOf(chain.transcoder, channel),
      channel,
      sendsTo: await through(builder, chain.transcoder, chain.origin, channel, addressOf(origin)),
    });
    await start(builder, {
      stage: chain.playout,
      instance: instanceOf(chain.playout, channel),
      channel,
      sendsTo: await through(
        builder,
        chain.playout,
        chain.transcoder,
        channel,
        addressOf(transcoder),
      ),
    });
  };
  const channels = allOrFirstError(channelsOf(design).map(startChannel));
  const [edge] = await allOrFirstError([startEdge(), channels]);
  return edge;
}

/** The control: the same programs on a path of their own, one rung, straight from its origin. */
async function startControl(builder: Builder): Promise<StartedStage> {
  const chain = chainOf(builder.design);
  const media: MediaSettings = {
    ...builder.design.media,
    ladder: builder.design.media.ladder.slice(0, 1),
  };
  const channel = CONTROL_CHANNEL;
  const as = (stage: Stage) => ({ stage, instance: `control-${stage.role}`, media, channel });
  const origin = await start(builder, as(chain.origin));
  const transcoder = await start(builder, { ...as(chain.transcoder), sendsTo: addressOf(origin) });
  await start(builder, { ...as(chain.playout), sendsTo: addressOf(transcoder) });
  return origin;
}

type Wanted = Pick<StageLaunch, 'stage' | 'instance'> & Partial<StageLaunch>;

async function start(builder: Builder, wanted: Wanted): Promise<StartedStage> {
  const launch: StageLaunch = {
    media: builder.design.media,
    channel: undefined,
    sendsTo: undefined,
    ...wanted,
  };
  const stage = await builder.runtime.start(launch, builder.signal);
  builder.stages.set(stage.instance, stage);
  builder.cleanup.push(`stop ${stage.instance}`, () => stage.stop());
  void stage.exited.then(() => builder.onExit(stage));
  return stage;
}

/** The address to give to the client end of a link: the proxy's where the design has that link. */
async function through(
  builder: Builder,
  from: Stage,
  to: Stage,
  channel: Channel | undefined,
  upstream: Address,
): Promise<Address> {
  const link = linkBetween(builder.design, from, to);
  if (!link) return upstream;
  const proxy = await builder.links.createProxy({
    name: flowName(builder, link, channel),
    upstream,
  });
  builder.proxies.set(proxy.name, proxy);
  return proxy.address;
}

const flowName = (builder: Builder, link: Link, channel: Channel | undefined): string =>
  channel ? flowOf(builder.design, link, channel) : link.name;

function addressOf(stage: StartedStage): Address {
  if (stage.address) return stage.address;
  throw new HarnessError('INTERNAL', `${stage.instance} serves nothing but something sends to it`);
}

function reachable(stage: StartedStage): Address {
  if (stage.hostAddress) return stage.hostAddress;
  throw new HarnessError('INTERNAL', `${stage.instance} cannot be reached from this host`);
}

/** Waits for all even when one fails, so that nothing starts behind a clean-up. */
async function allOrFirstError<T extends readonly unknown[]>(work: {
  readonly [K in keyof T]: Promise<T[K]>;
}): Promise<T> {
  await Promise.allSettled(work);
  return Promise.all(work);
}

async function firstSegments(url: string, options: ProvisionOptions): Promise<void> {
  const { segmentsAt, design, signal } = options;
  await waitFor(
    {
      ms: START_UP_MS + SEGMENTS_TO_START * design.media.segmentMs,
      what: `the first ${SEGMENTS_TO_START} segments at ${url}`,
      code: 'STAGE_FAILED',
      hint: 'look into the stage logs in the run folder',
      everyMs: 100,
      signal,
    },
    async () => ((await segmentsAt(url)) >= SEGMENTS_TO_START ? true : undefined),
  );
}
