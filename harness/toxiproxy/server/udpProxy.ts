// A UDP proxy: every client address is a session with a socket of its own to the upstream, which ends
// when nothing passes for a while. Datagrams are never split or joined.

import type { RemoteInfo, Socket } from 'node:dgram';
import { parseAddress } from './address.ts';
import { ApiError } from './apiError.ts';
import { bindUdp, type UdpListener } from './listener.ts';
import type { CutEffect, EngineOptions, ProxyEngine } from './engine.ts';
import { proxyState, seenOf, type ProxyState } from './proxyState.ts';
import type { Stream } from './toxic.ts';
import { startUdpSession, type UdpSession } from './udpSession.ts';

/** Clients at once; datagrams of further ones are dropped. */
const SESSIONS_MAX = 10_000;

interface UdpState extends ProxyState {
  readonly sessions: Map<string, UdpSession>;
  listener: UdpListener | undefined;
}

export function createUdpProxy(options: EngineOptions): ProxyEngine {
  const state: UdpState = {
    ...proxyState(options),
    sessions: new Map(),
    listener: undefined,
  };
  return Object.assign(seenOf(state), {
    protocol: 'udp' as const,
    start: async () => {
      await open(state);
      state.started = true;
      const { name, listen, upstream } = state;
      state.log('info', 'Started proxy', { name, listen, upstream, protocol: 'udp' });
    },
    stop: async () => {
      state.started = false;
      state.cutEffect = undefined;
      await close(state);
      const { name, listen, upstream } = state;
      state.log('info', 'Terminated proxy', { name, listen, upstream, protocol: 'udp' });
    },
    cut: (effect: CutEffect) => cut(state, effect),
    heal: () => heal(state),
    chains: (stream: Stream) => state.sessions.values().map(({ chains }) => chains[stream]),
  });
}

async function open(state: UdpState): Promise<void> {
  const listener = await bindUdp(state.listen, (datagram, from) => {
    if (state.cutEffect === undefined) receive(state, listener.socket, datagram, from);
  });
  state.listener = listener;
  state.listen = listener.listen;
}

async function close(state: UdpState): Promise<void> {
  const { listener } = state;
  state.listener = undefined;
  for (const session of state.sessions.values()) session.end();
  await listener?.close();
}

function receive(state: UdpState, listener: Socket, datagram: Buffer, from: RemoteInfo): void {
  const key = `${from.address} ${from.port}`;
  const session = state.sessions.get(key) ?? openSession(state, listener, key, from);
  session?.receive(datagram);
}

function openSession(
  state: UdpState,
  listener: Socket,
  key: string,
  from: RemoteInfo,
): UdpSession | undefined {
  const { sessions, totals, clock, toxics } = state;
  if (sessions.size >= SESSIONS_MAX) return undefined;
  totals.acceptedConnections += 1;
  const session = startUdpSession({
    clock,
    toxics,
    random: state.random.fork(`connection ${state.ordinal++}`),
    upstream: parseAddress(state.upstream, 'dial udp: '),
    answer: (datagram) => {
      if (state.cutEffect !== undefined || !state.listener) return false;
      listener.send(datagram, from.port, from.address);
      return true;
    },
    onDialFailed: () => {
      totals.failedDials += 1;
    },
    onEnded: () => {
      sessions.delete(key);
      totals.retire(session.counters);
    },
  });
  sessions.set(key, session);
  totals.adopt(session.counters);
  return session;
}

/** Without connections there is nothing to hold or reset: datagrams vanish, or the port is closed. */
async function cut(state: UdpState, effect: CutEffect): Promise<void> {
  if (effect === 'hold' || effect === 'reset') {
    throw new ApiError(`a udp proxy cannot be cut with ${effect}: drop, refuse or blackhole`, 400);
  }
  await heal(state);
  state.cutEffect = effect;
  if (effect === 'refuse') await close(state);
}

async function heal(state: UdpState): Promise<void> {
  const { cutEffect } = state;
  if (cutEffect === undefined) return;
  state.cutEffect = undefined;
  if (cutEffect === 'refuse') await open(state);
}
