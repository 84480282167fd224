// Starts, stops, cuts and heals a proxy of either protocol; what a protocol does differently is its part.

import type { CutEffect, EngineOptions, ProxyEngine } from './engine.ts';
import type { Listener } from './listener.ts';
import { createTotals } from './totals.ts';

export interface ProxyState extends EngineOptions {
  listen: string;
  upstream: string;
  readonly totals: ReturnType<typeof createTotals>;
  started: boolean;
  cutEffect: CutEffect | undefined;
  /** Listens, or holds the port silent while the proxy is a black hole. */
  listener: Listener | undefined;
  /** Connections so far: each has a stream of chance of its own. */
  ordinal: number;
}

export const proxyState = (options: EngineOptions): ProxyState => ({
  ...options,
  totals: createTotals(),
  started: false,
  cutEffect: undefined,
  listener: undefined,
  ordinal: 0,
});

export interface ProtocolPart extends Pick<ProxyEngine, 'protocol' | 'chains'> {
  /** Listens at the address of the proxy. */
  listen(): Promise<Listener>;
  disconnectAll(): void;
  /** Throws an ApiError where connections of the protocol cannot be cut that way. */
  requireCut?(effect: CutEffect): void;
  /** True where the listener is closed while the effect lasts. */
  closesListener(effect: CutEffect): boolean;
  /** Puts it in force on connections and the port; rejects with an ApiError where it cannot be had. */
  cut?(effect: CutEffect): Promise<void>;
  /** The cut is over. */
  heal?(): void;
}

export function createEngine(state: ProxyState, part: ProtocolPart): ProxyEngine {
  const heal = () => healProxy(state, part);
  return {
    protocol: part.protocol,
    chains: (stream) => part.chains(stream),
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
    start: async () => {
      await openListener(state, part);
      state.started = true;
      logChange(state, part, 'Started proxy');
    },
    stop: async () => {
      state.started = false;
      state.cutEffect = undefined;
      const closing = closeListener(state);
      part.disconnectAll();
      await closing;
      logChange(state, part, 'Terminated proxy');
    },
    cut: async (effect) => {
      part.requireCut?.(effect);
      await heal();
      if (part.closesListener(effect)) await closeListener(state);
      state.cutEffect = effect;
      if (effect === 'refuse') part.disconnectAll();
      await part.cut?.(effect).catch(async (error: unknown) => {
        await heal();
        throw error;
      });
    },
    heal,
  };
}

async function openListener(state: ProxyState, part: ProtocolPart): Promise<void> {
  state.listener = await part.listen();
  state.listen = state.listener.listen;
}

async function closeListener(state: ProxyState): Promise<void> {
  const { listener } = state;
  state.listener = undefined;
  await listener?.close();
}

async function healProxy(state: ProxyState, part: ProtocolPart): Promise<void> {
  const { cutEffect } = state;
  if (cutEffect === undefined) return;
  state.cutEffect = undefined;
  if (part.closesListener(cutEffect)) {
    await closeListener(state);
    await openListener(state, part);
  }
  part.heal?.();
}

function logChange(state: ProxyState, { protocol }: ProtocolPart, message: string): void {
  const { name, listen, upstream } = state;
  const shown = protocol === 'tcp' ? {} : { protocol };
  state.log('info', message, { name, listen, upstream, ...shown });
}
