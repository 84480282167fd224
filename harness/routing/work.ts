// Announced work on targets as the path events it causes.

import type { Access, AccessPath, DrainStyle, PathEvent, WorkTarget } from '../model/access.ts';

export interface PathWork {
  /** Name of the window or fault: its events end each other and nobody else's. */
  readonly of: string;
  /** `drain` = traffic is moved away and back, and the path stays up. */
  readonly kind: 'work' | 'failover-test' | 'drain';
  readonly targets: readonly WorkTarget[];
  readonly fromMs: number;
  readonly toMs: number;
  readonly drain: { readonly style: DrainStyle; readonly leadMs: number };
}

/** Paths of an access that the targets stand for; stages and zones stand for none. */
export const pathsAt = (
  access: Pick<Access, 'paths'>,
  targets: readonly WorkTarget[],
): readonly AccessPath[] => access.paths.filter((path) => targets.some((one) => isAt(path, one)));

function isAt(path: AccessPath, { kind, name }: WorkTarget): boolean {
  switch (kind) {
    case 'path':
      return path.name === name;
    case 'device':
    case 'location':
    case 'operator':
    case 'country':
      return path[kind] === name;
    case 'stage':
    case 'zone':
      return false;
  }
}

/** Drained, taken away, given back: the events of a work on the paths of one access. */
export function eventsOfWork(work: PathWork, access: Pick<Access, 'paths'>): readonly PathEvent[] {
  const { of, kind, fromMs, toMs, drain } = work;
  return pathsAt(access, work.targets).flatMap(({ name: path }): readonly PathEvent[] => {
    const drained: readonly PathEvent[] =
      drain.style === 'none'
        ? []
        : [{ kind: 'drain', style: drain.style, atMs: fromMs - drain.leadMs, path, of }];
    const restored = { kind: 'restored', atMs: toMs, path, of } as const;
    if (kind === 'drain') return [...drained, restored];
    const taken =
      kind === 'failover-test'
        ? ({ kind, forMs: toMs - fromMs } as const)
        : ({ kind: 'down' } as const);
    return [...drained, { ...taken, atMs: fromMs, path, of }, restored];
  });
}
