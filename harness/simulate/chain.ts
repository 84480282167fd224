// The stages of a design in virtual time, joined as the design joins them.

import { listChannels, nameFlow, listFlows, nameInstance, type Channel } from '../design/flows.ts';
import { findHops, inOrder, type Hop } from '../design/hops.ts';
import { hasRole, rolesTaking, stagesWithRole } from '../design/roles.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Random } from '../kernel/random.ts';
import type { StageFigures } from '../model/counters.ts';
import type { StatsRecord } from '../model/history.ts';
import type { Design, Stage } from '../model/scenario.ts';
import { alertsIn } from '../pipeline/contract.ts';
import type { Send } from '../pipeline/transcoder/uploader.ts';
import { BROKEN, type Answer } from './answers.ts';
import { bytesIn } from './bytes.ts';
import { readContent, lastCounter, type Contents } from './contents.ts';
import { TIMES } from './constants.ts';
import { startEdge } from './edge.ts';
import { createFlow, type Flow } from './flow.ts';
import { startOrigin, type Origin, type Server } from './origin.ts';
import { startPlayout, type Playout, type Receiver } from './playout.ts';
import { startPortal } from './portal.ts';
import type { StageLife } from './stage.ts';
import { startSteering } from './steering.ts';
import { startTranscoder, type Transcoder } from './transcoder.ts';

export interface ChainOptions {
  readonly design: Design;
  readonly clock: Clock;
  readonly random: Random;
  readonly contents: Contents;
  readonly fail: (error: unknown) => void;
}

export interface Chain {
  readonly flows: ReadonlyMap<string, Flow>;
  readonly playouts: ReadonlyMap<string, Playout>;
  readonly transcoders: ReadonlyMap<string, Transcoder>;
  readonly origins: ReadonlyMap<string, Origin>;
  /** Everything that answers requests, by the name of its instance. */
  readonly servers: ReadonlyMap<string, Server>;
  /** The ways over links to those that viewers ask beside the picture, by flow. */
  readonly ways: ReadonlyMap<string, Server['ask']>;
  readonly lives: ReadonlyMap<string, StageLife>;
  /** Tells a stage of alerts; does nothing on one that carries none. */
  readonly command: (instance: string, command: Readonly<Record<string, unknown>>) => void;
  readonly stats: () => readonly { readonly stage: string; readonly figures: Figures }[];
}

export type Figures = StageFigures & Pick<StatsRecord, 'fill'>;

export function startChain(options: ChainOptions): Chain {
  const { design, clock, random } = options;
  const flows = new Map(
    listFlows(design).map(({ id }) => [id, createFlow({ id, clock, random: random.fork(id) })]),
  );
  const build: Build = {
    ...options,
    flows,
    hops: findHops(design),
    origins: new Map(),
    servers: new Map(),
    transcoders: new Map(),
    playouts: new Map(),
  };
  for (const start of [startOrigins, startEdges, startSteerings, startPortals]) start(build);
  for (const channel of listChannels(design)) {
    for (const role of ['inserter', 'transcoder'] as const) startTranscoders(build, channel, role);
    startPlayouts(build, channel);
  }
  const { origins, servers, transcoders, playouts } = build;
  const stages: readonly [string, { readonly life: StageLife; stats: () => Figures }][] = [
    ...[...playouts, ...transcoders, ...servers],
  ];
  return {
    flows,
    origins,
    servers,
    ways: waysOver(build),
    transcoders,
    playouts,
    lives: new Map(stages.map(([name, { life }]) => [name, life])),
    command: (instance, command) => {
      playouts.get(instance)?.alerts.set(alertsIn(command, 'alertsInPicture') ?? []);
      transcoders.get(instance)?.command(command);
      servers.get(instance)?.wrong.command(command);
    },
    stats: () =>
      stages.flatMap(([stage, { life, stats }]) =>
        life.state === 'down' || life.state === 'paused' ? [] : [{ stage, figures: stats() }],
      ),
  };
}

interface Build extends ChainOptions {
  readonly flows: ReadonlyMap<string, Flow>;
  readonly hops: readonly Hop[];
  readonly origins: Map<string, Origin>;
  readonly servers: Map<string, Server>;
  readonly transcoders: Map<string, Transcoder>;
  readonly playouts: Map<string, Playout>;
}

/** The flow of a hop, narrowed to a channel where the link has one flow a channel. */
const flowOfHop = ({ design, flows }: Build, { link }: Hop, channel: Channel): Flow | undefined =>
  link && flows.get(nameFlow(design, link, channel));

function startOrigins(build: Build): void {
  const { design, clock, contents } = build;
  const newestIn = (body: Buffer) => {
    const { runs } = contents.get(readContent(body));
    const last = runs.findLast(({ kind }) => kind === 'programme' || kind === 'still');
    return last && lastCounter(last);
  };
  for (const stage of stagesWithRole(design, 'origin')) {
    const origin = startOrigin({ clock, stage, newestIn });
    build.origins.set(stage.name, origin);
    build.servers.set(stage.name, origin);
  }
}

function startEdges(build: Build): void {
  const { design, clock, hops, servers } = build;
  const [anyChannel] = listChannels(design);
  // A shield stands before the edges that ask it.
  for (const stage of inOrder(design).filter((one) => hasRole(one, 'edge'))) {
    const upstreams = hops
      .filter(({ client }) => client === stage)
      .map((hop) => ({
        server: servers.get(hop.server.name)!,
        flow: anyChannel && flowOfHop(build, hop, anyChannel),
      }));
    const bytesOf = (path: string, answer: Answer) => bytesIn(path, answer, design);
    servers.set(stage.name, startEdge({ clock, stage, upstreams, bytesOf }));
  }
}

function startSteerings(build: Build): void {
  const { design, clock, hops, servers } = build;
  for (const stage of stagesWithRole(design, 'steering')) {
    const edges = hops
      .filter(({ client }) => client === stage)
      .map(({ server }) => ({ stage: server.name, server: servers.get(server.name)! }));
    servers.set(stage.name, startSteering({ clock, media: design.media, stage, edges }));
  }
}

function startPortals({ design, clock, servers }: Build): void {
  const portals = rolesTaking('alertsOnRequest').flatMap((role) => stagesWithRole(design, role));
  for (const { name } of portals) servers.set(name, startPortal(clock));
}

/** A question goes against the link, its answer along it. */
function waysOver({ design, flows, servers }: Build): Chain['ways'] {
  const links = design.links.filter(({ protocol }) => protocol === 'messages');
  return new Map(
    listFlows(design).flatMap(({ id, link }) => {
      const from = links.find(({ name }) => name === link)?.from;
      const [server, flow] = [servers.get(from ?? ''), flows.get(id)];
      return server && flow ? [[id, askOver(server, flow)] as const] : [];
    }),
  );
}

const askOver =
  (server: Server, flow: Flow): Server['ask'] =>
  async (asked) => {
    const { signal } = asked;
    if ((await flow.cross('backward', MESSAGE_BYTES, signal)) === 'broken') return BROKEN;
    const answer = await server.ask(asked);
    const became = await flow.cross('forward', MESSAGE_BYTES + answer.body.length, signal);
    return became === 'broken' ? BROKEN : answer;
  };

/** Inserters first: transcoders send to them. */
function startTranscoders(build: Build, channel: Channel, role: 'transcoder' | 'inserter'): void {
  const { design, clock, contents, hops, origins, transcoders, fail } = build;
  for (const stage of stagesWithRole(design, role)) {
    const sends = hops
      .filter(({ client, server }) => client === stage && origins.has(server.name))
      .map((hop) => sendTo(build, hop, origins.get(hop.server.name)!, channel));
    const inputs = hops.filter(({ server }) => server === stage).length;
    const { media } = design;
    const started = startTranscoder({
      clock,
      media,
      stage,
      channel,
      contents,
      inputs,
      sends,
      streamsTo: listReceivers(build, stage, channel),
      fail,
    });
    transcoders.set(nameInstance(stage, channel), started);
  }
}

/** The transcoders or inserters that a stage sends its pictures to. */
function listReceivers(build: Build, stage: Stage, channel: Channel): readonly Receiver[] {
  const { hops, transcoders } = build;
  return hops
    .filter(({ client }) => client === stage)
    .flatMap((hop) => {
      const transcoder = transcoders.get(nameInstance(hop.server, channel));
      const input = hops.filter(({ to }) => to === hop.server).indexOf(hop);
      if (!transcoder) return [];
      return {
        flow: flowOfHop(build, hop, channel),
        isThere: () => transcoder.life.state === 'works',
        onPicture: transcoder.onPicture.bind(undefined, input),
      };
    });
}

function startPlayouts(build: Build, channel: Channel): void {
  const { design, clock, playouts } = build;
  for (const stage of stagesWithRole(design, 'playout')) {
    const to = listReceivers(build, stage, channel);
    const { media } = design;
    playouts.set(nameInstance(stage, channel), startPlayout({ clock, media, stage, channel, to }));
  }
}

const REPLY_BYTES = 200;
const MESSAGE_BYTES = 300;

/** The way of uploads to an origin. */
function sendTo(build: Build, hop: Hop, origin: Origin, channel: Channel): Send {
  const { clock, design } = build;
  const flow = flowOfHop(build, hop, channel);
  const broken = () => new Error('the connection was closed');
  return async ({ method, path, body = '' }, signal) => {
    await clock.sleep(TIMES.putMs);
    signal.throwIfAborted();
    const bytes = bytesIn(path, { status: 200, body }, design);
    if ((await flow?.cross('forward', bytes, signal)) === 'broken') throw broken();
    const { status } = await origin.ask({ method, path, body, signal });
    if ((await flow?.cross('backward', REPLY_BYTES, signal)) === 'broken' || status === 0)
      throw broken();
    return status;
  };
}
