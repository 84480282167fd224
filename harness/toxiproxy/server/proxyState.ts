// Keeps the state of a proxy of either protocol, and the part of it that its collection sees.

import type { CutEffect, EngineOptions, ProxyEngine } from './engine.ts';
import { createTotals } from './totals.ts';

export interface ProxyState extends EngineOptions {
  listen: string;
  upstream: string;
  readonly totals: ReturnType<typeof createTotals>;
  started: boolean;
  cutEffect: CutEffect | undefined;
  /** Connections so far: each has a stream of chance of its own. */
  ordinal: number;
}

export const proxyState = (options: EngineOptions): ProxyState => ({
  ...options,
  totals: createTotals(),
  started: false,
  cutEffect: undefined,
  ordinal: 0,
});

type Seen = Pick<ProxyEngine, 'totals' | 'listen' | 'isStarted' | 'cutEffect' | 'readdress'>;

export const seenOf = (state: ProxyState): Seen => ({
  totals: state.totals,
  get listen() {
    return state.listen;
  },
  get isStarted() {
    return state.started;
  },
  get cutEffect() {
    return state.cutEffect;
  },
  readdress: (listen, upstream) => Object.assign(state, { listen, upstream }),
});
