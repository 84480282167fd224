// The first phase of a simulation: the chain runs until media are where viewers ask for them.

import { listChannels } from '../design/flows.ts';
import { findRole } from '../design/roles.ts';
import { HarnessError } from '../model/errors.ts';
import type { Plan } from '../model/plan.ts';
import { segmentsToStart } from '../model/scenario.ts';
import type { Chain } from './chain.ts';

interface Provisioning {
  readonly chain: Chain;
  readonly plan: Plan;
  readonly waitFor: (isSo: () => boolean, withinMs: number) => Promise<boolean>;
}

/** Media at the edge within this long after the start, or something is wrong with the chain. */
const PROVISION_MS = 120_000;

/** Waits until every stage that serves media has some of each channel. */
export async function provision({ chain, plan, waitFor }: Provisioning): Promise<void> {
  const { design } = plan.scenario;
  const needed = segmentsToStart(plan.scenario);
  const ready = new Set<string>();
  const serving = design.stages.filter((stage) => {
    const { servesViewers, carriesPicture } = findRole(stage);
    return servesViewers && carriesPicture;
  });
  const places = serving.flatMap(({ name }) =>
    listChannels(design).map((channel) => ({
      name,
      server: chain.servers.get(name)!,
      path: `/${channel.name}/v0/index.m3u8`,
    })),
  );
  const look = ({ name, server, path }: (typeof places)[number]) => {
    const { signal } = new AbortController();
    void server.ask({ method: 'GET', path, signal }).then(({ body }) => {
      const segments = String(body).match(/^#EXTINF/gm)?.length ?? 0;
      if (segments >= needed) ready.add(`${name} ${path}`);
    });
  };
  const isReady = () => {
    for (const place of places) look(place);
    return ready.size === places.length;
  };
  if (await waitFor(isReady, PROVISION_MS)) return;
  throw new HarnessError('INTERNAL', 'the simulated chain delivers no media', {
    target: design.name,
  });
}
