// Writes the steering manifest for players, as text and addresses (RFC 8216bis, content steering).

import type { Address, Target } from '../../model/world.ts';

/** `order` are the names of pathways, the preferred first. */
export const steeringManifest = (ttlMs: number, order: readonly string[]): string =>
  JSON.stringify({
    VERSION: 1,
    TTL: Math.max(1, Math.round(ttlMs / 1000)),
    'PATHWAY-PRIORITY': order,
  });

/**
 * Gives this viewer's address of the rungs of a channel at an edge: under the host name it used
 * here, for every viewer has one of its own (players/viewerHost.ts), and on the port of that edge.
 */
export function viewersBase(edge: Target, askedHost: string | undefined, channel: string): string {
  const { host, port }: Address = edge.viewersAt ?? edge;
  const asked = /^(.*?)(:\d+)?$/.exec(askedHost ?? '')?.[1];
  return `http://${asked || host}:${port}/${channel}/`;
}
