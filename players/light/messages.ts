// Defines the messages between the fleet and the program that plays light viewers.

import type { ViewerRecord } from '../../harness/model/history.ts';
import type { PlayerPolicy } from '../../harness/model/scenario.ts';
import type { Elsewhere } from '../../harness/model/viewer.ts';
import type { ViewerLaunch } from '../../harness/model/world.ts';
import type { Shown } from './shown.ts';

export interface LightViewer {
  readonly id: string;
  readonly player: string;
  readonly policy: PlayerPolicy;
  readonly config: Readonly<Record<string, unknown>>;
  /** Multivariant playlist. */
  readonly url: string;
  /** Where the application goes when the player gives up and the policy says so. */
  readonly fallbacks?: readonly Pick<Elsewhere, 'url'>[];
  /** It is switched on, and starts to load only after this. */
  readonly startsAfterMs?: number;
  /** It joins so long after it is told to: not all viewers act in step. */
  readonly afterMs: number;
}

export const lightViewer = (
  { description, group: { player, policy, config }, url, fallbacks, startsAfterMs }: ViewerLaunch,
  afterMs: number,
): LightViewer => ({
  id: description.id,
  player,
  policy,
  config,
  url,
  afterMs,
  ...(fallbacks && { fallbacks }),
  ...(startsAfterMs !== undefined && { startsAfterMs }),
});

type ViewerEvent = Omit<ViewerRecord, 'atMs'> & { readonly atEpochMs: number };
export type LightRecord = Shown | ViewerEvent;

export type ToProgram =
  | {
      readonly does: 'start';
      readonly seed: number;
      readonly startedAtEpochMs: number;
    }
  | { readonly does: 'join'; readonly viewers: readonly LightViewer[] }
  /** All where it names none; answered by `left`. */
  | { readonly does: 'leave'; readonly viewers?: readonly string[] };

export type FromProgram =
  | { readonly tells: 'ready' }
  | { readonly tells: 'records'; readonly records: readonly LightRecord[] }
  | { readonly tells: 'left' };
