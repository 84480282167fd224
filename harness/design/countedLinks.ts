// Where bytes over borders are counted, connections that no link plays get proxies too: nothing but
// proxies joins two stages then.

import type { Design, Link, Scenario } from '../model/scenario.ts';
import { findHops, type Hop } from './hops.ts';
import { findRole } from './roles.ts';

/** Tells whether a run has to count the bytes that pass between countries. */
export const countsBorders = ({
  design,
  expectations,
}: Pick<Scenario, 'design' | 'expectations'>): boolean =>
  design.residency !== undefined || expectations.some(({ about }) => about !== undefined);

/** The link of a hop, or what stands for it. */
export const findCarrier = ({ from, to, server, link }: Hop): Link =>
  link ?? {
    name: `${from.name} to ${to.name}`,
    from: from.name,
    to: to.name,
    ...(findRole(server).transports.every((transport) => transport === 'udp') && {
      transport: 'udp',
    }),
  };

/** Every link of a design, and what stands for one. */
export const countedLinks = (design: Design): readonly Link[] => [
  ...design.links,
  ...findHops(design).flatMap((hop) => (hop.link ? [] : [findCarrier(hop)])),
];
