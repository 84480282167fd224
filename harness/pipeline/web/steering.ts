// Steers players between edges: a multivariant playlist that lists every variant at every edge, and
// a steering manifest that says which edge to prefer. It asks the edges for a playlist, as a player
// would, and prefers one that fails last. Media never passes here.

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { systemClock } from '../../kernel/clock.ts';
import type { SteeringStage } from '../../model/scenario.ts';
import type { Target } from '../../model/world.ts';
import { listenOn } from '../listen.ts';
import type { RunningStage, StageContext } from '../stage.ts';
import { CORS } from './headers.ts';
import { multivariantPlaylist, rungFolder } from '../transcoder/playlist.ts';
import { steeringManifest, viewersBase } from './steeringManifest.ts';

/** An edge that takes longer to answer for a playlist is no better than one that does not. */
const ANSWER_WITHIN_MS = 1_000;

const HEADERS: Readonly<Record<string, string>> = {
  ...Object.fromEntries(CORS.map(({ name, value }) => [name, value])),
  'cache-control': 'no-store',
};

export async function startSteering(context: StageContext): Promise<RunningStage> {
  const { config, signal, note } = context;
  const { ttlMs, checkEveryMs } = config.stage as SteeringStage;
  const edges = config.sendsTo;
  const failing = new Set<Target>();
  const counters = { requests: 0, bytesOut: 0 };
  /** Channels that players have asked for: what edges are asked for, too. */
  const channels = new Set<string>();
  const preferred = () => [
    ...edges.filter((edge) => !failing.has(edge)),
    ...edges.filter((edge) => failing.has(edge)),
  ];
  const answer = (request: IncomingMessage): Answer | undefined => {
    const [, channel = '', what] = /^\/([^/?]+)\/([^/?]+)/.exec(request.url ?? '') ?? [];
    if (what === 'index.m3u8') {
      channels.add(channel);
      const pathways = preferred().map((edge) => ({
        id: edge.stage,
        base: viewersBase(edge, request.headers.host, channel),
      }));
      const steeringUri = ttlMs === undefined ? undefined : 'steering.json';
      const body = multivariantPlaylist(config.media, { steeringUri, pathways });
      return { type: 'application/vnd.apple.mpegurl', body };
    }
    if (what !== 'steering.json' || ttlMs === undefined) return undefined;
    const body = steeringManifest(
      ttlMs,
      preferred().map(({ stage }) => stage),
    );
    return { type: 'application/json', body };
  };
  const server = createServer((request, response) => {
    counters.requests++;
    counters.bytesOut += send(response, answer(request));
  });
  const port = await listenOn(server, config.listen);
  if (checkEveryMs > 0) void watchEdges({ edges, failing, channels, checkEveryMs, note }, signal);
  return {
    port,
    stats: () => counters,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

interface Answer {
  readonly type: string;
  readonly body: string;
}

/** Answers the bytes of the body. */
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

interface Watch {
  readonly edges: readonly Target[];
  readonly failing: Set<Target>;
  readonly channels: ReadonlySet<string>;
  readonly checkEveryMs: number;
  readonly note: (detail: string) => void;
}

/** Looks until the signal is aborted. */
async function watchEdges(watch: Watch, signal: AbortSignal): Promise<void> {
  const { edges, failing, channels, checkEveryMs, note } = watch;
  while (!signal.aborted) {
    await Promise.all(
      edges.map(async (edge) => {
        const answers = await Promise.all([...channels].map((channel) => serves(edge, channel)));
        const fails = answers.length > 0 && !answers.includes(true);
        if (signal.aborted || fails === failing.has(edge)) return;
        if (fails) failing.add(edge);
        else failing.delete(edge);
        note(`${edge.stage} ${fails ? 'fails: preferred last' : 'serves again'}`);
      }),
    );
    await systemClock.sleep(checkEveryMs, signal).catch(() => undefined);
  }
}

async function serves({ host, port }: Target, channel: string): Promise<boolean> {
  const url = `http://${host}:${port}/${channel}/${rungFolder(0)}/index.m3u8`;
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}
