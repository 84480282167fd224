// A UDP proxy: every client address is a session with a socket of its own to the upstream, which ends
// when nothing passes for a while. Datagrams are never split or joined.

import type { RemoteInfo, Socket } from 'node:dgram';
import { parseAddress, type HostPort } from './address.ts';
import { ApiError } from './apiError.ts';
import { bindUdp, type Listener } from './listener.ts';
import type { CutEffect, EngineOptions, ProxyEngine } from './engine.ts';
import { createEngine, proxyState, type ProxyState } from './proxyEngine.ts';
import { startUdpSession, type UdpSession } from './udpSession.ts';

/** Clients at once; datagrams of further ones are dropped. */
const SESSIONS_MAX = 10_000;

interface UdpState extends ProxyState {
  readonly sessions: Map<string, UdpSession>;
}

/** Without connections there is nothing to hold or reset: datagrams vanish, or the port is closed. */
export function createUdpProxy(options: EngineOptions): ProxyEngine {
  const sessions = new Map<string, UdpSession>();
  const state: UdpState = { ...proxyState(options), sessions };
  return createEngine(state, {
    protocol: 'udp',
    chains: (stream) => sessions.values().map(({ chains }) => chains[stream]),
    listen: () => listen(state),
    disconnectAll: () => {
      for (const session of sessions.values()) session.end();
    },
    requireCut,
    closesListener: (effect) => effect === 'refuse',
  });
}

function requireCut(effect: CutEffect): void {
  if (effect !== 'hold' && effect !== 'reset') return;
  throw new ApiError(`a udp proxy cannot be cut with ${effect}: drop, refuse or blackhole`, 400);
}

async function listen(state: UdpState): Promise<Listener> {
  const listener = await bindUdp(state.listen, (datagram, from) => {
    if (state.cutEffect === undefined) receive(state, listener.socket, datagram, from);
  });
  return listener;
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
  const upstream = readUpstream(state);
  if (!upstream) return undefined;
  const session = startUdpSession({
    clock,
    toxics,
    random: state.random.fork(`connection ${state.ordinal++}`),
    upstream,
    answer: (datagram) => {
      if (state.cutEffect !== undefined || !state.listener) return false;
      listener.send(datagram, from.port, from.address);
      return true;
    },
    onDialFailed: (error) => failDial(state, error),
    onEnded: () => {
      sessions.delete(key);
      totals.retire(session.counters);
    },
  });
  sessions.set(key, session);
  totals.adopt(session.counters);
  return session;
}

/** Undefined: there is nobody to send to, which is told as a dial that failed. */
function readUpstream(state: UdpState): HostPort | undefined {
  try {
    const address = parseAddress(state.upstream, 'dial udp: ');
    if (address.port !== 0) return address;
    failDial(state, new Error('dial udp: port 0'));
  } catch (error) {
    failDial(state, error as Error);
  }
  return undefined;
}

function failDial({ totals, log, name, upstream }: UdpState, { message }: Error): void {
  totals.failedDials += 1;
  log('error', 'Unable to open connection to upstream', { name, upstream, error: message });
}
