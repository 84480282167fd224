// Steers players between edges: a multivariant playlist that lists every variant at every edge, and
// a steering manifest that says which edge to prefer. It asks the edges for a playlist, as a player
// would, and prefers one that fails last. Media never passes here.

import type { IncomingMessage, ServerResponse } from 'node:http';
import { systemClock } from '../../kernel/clock.ts';
import type { SteeringStage } from '../../model/scenario.ts';
import type { Target } from '../../model/world.ts';
import { listenOn, stopListening } from '../listen.ts';
import type { RunningStage, StageContext } from '../stage.ts';
import { watchEdges } from './edgeWatch.ts';
import { CORS_HEADERS } from './headers.ts';
import { createOwnServer } from './ownServer.ts';
import { multivariantPlaylist } from '../transcoder/playlist.ts';
import {
  firstEdge,
  orderEdges,
  readSteeringName,
  steeringManifest,
  steeringName,
  viewersBase,
} from './steeringManifest.ts';

const HEADERS = { ...CORS_HEADERS, 'cache-control': 'no-store' };

export async function startSteering(context: StageContext): Promise<RunningStage> {
  const { config, signal, note } = context;
  const { ttlMs, checkEveryMs, shares } = config.stage as SteeringStage;
  const edges = config.sendsTo;
  const failing = new Set<Target>();
  const counters = { requests: 0, bytesOut: 0 };
  /** Channels that players have asked for: what edges are asked for, too. */
  const channels = new Set<string>();
  const preferred = (first: string | undefined) => orderEdges({ edges, failing }, first);
  let turn = 0;
  const answer = (request: IncomingMessage): Answer | undefined => {
    const [, channel = '', what] = /^\/([^/?]+)\/([^/?]+)/.exec(request.url ?? '') ?? [];
    if (what === 'index.m3u8') {
      channels.add(channel);
      const first = firstEdge({ edges, shares }, turn++);
      const pathways = preferred(first).map((edge) => ({
        id: edge.stage,
        base: viewersBase(edge, request.headers.host, channel),
      }));
      const steeringUri = ttlMs === undefined ? undefined : steeringName(first);
      const body = multivariantPlaylist(config.media, { steeringUri, pathways });
      return { type: 'application/vnd.apple.mpegurl', body };
    }
    const named = readSteeringName(what);
    if (!named || ttlMs === undefined) return undefined;
    const order = preferred(named.first).map(({ stage }) => stage);
    return { type: 'application/json', body: steeringManifest(ttlMs, order) };
  };
  const server = createOwnServer((request, response) => {
    counters.requests++;
    counters.bytesOut += send(response, answer(request));
  });
  const port = await listenOn(server, config.listen);
  const watched = { clock: systemClock, serves, edges, failing, channels, checkEveryMs, note };
  if (checkEveryMs > 0) void watchEdges(watched, signal);
  return { port, stats: () => counters, stop: () => stopListening(server) };
}

interface Answer {
  readonly type: string;
  readonly body: string;
}

function send(response: ServerResponse, answer: Answer | undefined): number {
  response.on('error', () => undefined);
  if (!answer) {
    response.writeHead(404, HEADERS).end();
    return 0;
  }
  const body = Buffer.from(answer.body);
  response.writeHead(200, { ...HEADERS, 'content-type': answer.type }).end(body);
  return body.length;
}

async function serves({ host, port }: Target, path: string, withinMs: number): Promise<boolean> {
  try {
    const response = await fetch(`http://${host}:${port}${path}`, {
      signal: AbortSignal.timeout(withinMs),
    });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}
