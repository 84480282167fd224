// Lists what a proxy of any protocol can do for the collection that owns it.

import type { Random } from '../../kernel/random.ts';
import type { Log } from './log.ts';
import type { ProxyTotals } from './totals.ts';
import type { Stream, Toxic } from './toxic.ts';
import type { ToxicTarget } from './toxicList.ts';
import type { StageClock } from './toxics/stage.ts';

export type Protocol = 'tcp' | 'udp';

/**
 * Ways to cut a proxy, by what its peers see.
 * hold: no byte passes, none is lost, all pass when healed.
 * drop: bytes are acknowledged and vanish; whoever lost some is reset when healed.
 * refuse: connections end and new ones are refused.
 * reset: connections are reset, new ones as soon as they are accepted.
 * blackhole: a connect is never answered; open connections stand still.
 */
export const CUT_EFFECTS = ['hold', 'drop', 'refuse', 'reset', 'blackhole'] as const;
export type CutEffect = (typeof CUT_EFFECTS)[number];

export interface EngineOptions {
  readonly name: string;
  readonly listen: string;
  readonly upstream: string;
  readonly clock: StageClock;
  readonly random: Random;
  readonly log: Log;
  /** Read at each new connection. */
  readonly toxics: Readonly<Record<Stream, readonly Toxic[]>>;
}

/** Start, stop, cut and heal are called one at a time. */
export interface ProxyEngine extends ToxicTarget {
  readonly protocol: Protocol;
  /** The address asked for, or the real one once started. */
  readonly listen: string;
  readonly isStarted: boolean;
  readonly cutEffect: CutEffect | undefined;
  readonly totals: ProxyTotals;
  start(): Promise<void>;
  /** Closes the listener and all connections, heals; resolves when the port is free. */
  stop(): Promise<void>;
  /** Takes effect at the next start. */
  readdress(listen: string, upstream: string): void;
  /** Throws an ApiError where the effect cannot be had. */
  cut(effect: CutEffect): Promise<void>;
  heal(): Promise<void>;
}
