// Links that a design gives no paths: for a check each of them is one path that stands alone.

import { ACCESS_DEFAULTS, type Access, type AccessPath } from '../model/access.ts';
import type { Design, Link, Stage } from '../model/scenario.ts';

/** The accesses of a design, and one for every link that is in none of them. */
export function listAccesses(
  design: Pick<Design, 'stages' | 'links' | 'accesses'>,
): readonly Access[] {
  const written = design.accesses ?? [];
  const covered = new Set(written.flatMap(({ links }) => links.map(({ link }) => link)));
  const alone = design.links.filter(({ name }) => !covered.has(name));
  return [...written, ...alone.map((link) => makeAccess(link, design.stages))];
}

function makeAccess(link: Link, stages: readonly Stage[]): Access {
  return {
    name: link.name,
    links: [{ link: link.name, direction: 'in' }],
    // Nothing is known of what it must carry, so nothing is said about it.
    demandMbps: { in: 0, back: 0 },
    paths: [makePath(link, stages)],
    probe: undefined,
    failBack: { holdDownMs: 0 },
  };
}

function makePath({ name, from }: Link, stages: readonly Stage[]): AccessPath {
  const stage = stages.find((one) => one.name === from);
  return {
    kind: 'connection',
    name,
    circuits: [],
    capacityMbps: 1,
    latencyMs: 0,
    device: name,
    location: name,
    operator: stage?.operator ?? name,
    country: stage?.country ?? '',
    preference: 100,
    session: {
      bgp: {
        keepaliveMs: ACCESS_DEFAULTS.keepaliveMs,
        holdMs: ACCESS_DEFAULTS.holdMs,
        farHoldMs: undefined,
      },
      bfd: undefined,
      gracefulRestart: undefined,
      establishMs: ACCESS_DEFAULTS.establishMs,
      routeProgrammingMs: ACCESS_DEFAULTS.routeProgrammingMs,
    },
    filter: undefined,
    testedOn: undefined,
  };
}
