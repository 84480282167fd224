// Answers questions that several files of this room ask about a path.

import type { AccessPath } from '../model/access.ts';

/** Ports of a lag, tunnels of a vpn, 0 for other paths. */
export const memberCount = (path: AccessPath): number =>
  path.kind === 'lag' ? path.members : path.kind === 'vpn' ? path.tunnels : 0;

/** Takes the noise of binary fractions away, so that 1 - 0.8 is not below 0.2. */
export const roundShare = (share: number): number => Math.round(share * 1e9) / 1e9;
