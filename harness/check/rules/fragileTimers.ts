// Timers that make a failover slower than the design looks.

import type { Access, AccessPath } from '../../model/access.ts';
import { detectionBoundsMs } from '../../routing/detection.ts';
import { PLAYER_BUFFER_MS, showLength, type CheckContext } from '../context.ts';
import type { Found, Rule } from '../rule.ts';

export const fragileTimers: Rule = {
  name: 'fragile-timers',
  find: (context) =>
    context.accesses.flatMap((access) =>
      access.paths.length < 2
        ? []
        : access.paths.flatMap((path) => judgeTimers(context, access, path)),
    ),
};

function judgeTimers({ design }: CheckContext, access: Access, path: AccessPath): Found | [] {
  const { bfd, gracefulRestart } = path.session;
  const { maxMs } = detectionBoundsMs(path.session);
  const common = {
    severity: 'warning',
    targets: [access.name, path.name],
    source: `design ${design.name}`,
  } as const;
  if (bfd && gracefulRestart)
    return {
      ...common,
      text: `${path.name} has BFD and graceful restart: a dead route is kept for ${showLength(maxMs)}`,
      hint: 'Use one of them: graceful restart delays what BFD finds.',
    };
  if (maxMs <= PLAYER_BUFFER_MS) return [];
  return {
    ...common,
    text: `a silent failure of ${path.name} is noticed after up to ${showLength(maxMs)}`,
    hint: 'Switch BFD on, on both sides: 300 ms x 3 notices after 0.9 s.',
  };
}
