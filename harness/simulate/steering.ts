// The steering stage in virtual time: the production manifest, playlist and watch over the edges.

import type { Clock } from '../kernel/clock.ts';
import { within } from '../kernel/deadline.ts';
import type { MediaSettings, SteeringStage } from '../model/scenario.ts';
import { multivariantPlaylist } from '../pipeline/transcoder/playlist.ts';
import { watchEdges } from '../pipeline/web/edgeWatch.ts';
import {
  firstEdge,
  orderEdges,
  readSteeringName,
  steeringManifest,
  steeringName,
} from '../pipeline/web/steeringManifest.ts';
import { emptyAnswer, BROKEN, createWrongAnswers } from './answers.ts';
import { reach, type Server } from './origin.ts';
import { createStageLife } from './stage.ts';

export interface SteeredEdge {
  /** Name of the stage, and of its host. */
  readonly stage: string;
  readonly server: Server;
}

export interface SteeringOptions {
  readonly clock: Clock;
  readonly media: MediaSettings;
  readonly stage: SteeringStage;
  readonly edges: readonly SteeredEdge[];
}

export function startSteering({ clock, media, stage, edges }: SteeringOptions): Server {
  const { ttlMs, checkEveryMs, shares } = stage;
  const failing = new Set<SteeredEdge>();
  const channels = new Set<string>();
  let requests = 0;
  const preferred = (first: string | undefined) => orderEdges({ edges, failing }, first);
  let turn = 0;
  const serves = ({ server }: SteeredEdge, path: string, ms: number): Promise<boolean> => {
    const late = () => new Error('no answer');
    return within({ ms, clock, late }, (signal) =>
      server.ask({ method: 'GET', path, signal }),
    ).then(
      ({ status }) => status === 200,
      () => false,
    );
  };
  const life = createStageLife(clock, (signal) => {
    if (checkEveryMs <= 0) return;
    const note = () => undefined;
    void watchEdges({ clock, serves, edges, failing, channels, checkEveryMs, note }, signal);
  });
  const answer = (path: string) => {
    const [, channel = '', what] = path.split('/');
    if (what === 'index.m3u8') {
      channels.add(channel);
      const base = (name: string) => `http://${name}/${channel}/`;
      const first = firstEdge({ edges, shares }, turn++);
      const pathways = preferred(first).map(({ stage: id }) => ({ id, base: base(id) }));
      const steeringUri = ttlMs === undefined ? undefined : steeringName(first);
      return { status: 200, body: multivariantPlaylist(media, { steeringUri, pathways }) };
    }
    const named = readSteeringName(what);
    if (!named || ttlMs === undefined) return emptyAnswer(404);
    return {
      status: 200,
      body: steeringManifest(
        ttlMs,
        preferred(named.first).map((edge) => edge.stage),
      ),
    };
  };
  return {
    life,
    wrong: createWrongAnswers(clock, (path) => Promise.resolve(answer(path))),
    ask: async ({ path, signal }) => {
      if (!(await reach(life, signal))) return BROKEN;
      requests++;
      return answer(path);
    },
    stats: () => ({ requests }),
  };
}
