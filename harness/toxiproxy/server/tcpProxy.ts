// A TCP proxy: accepts clients, dials the upstream for each, and can be cut in several ways.

import type { Socket } from 'node:net';
import { startBlackhole } from './blackhole.ts';
import { startConnection, type Connection } from './connection.ts';
import { dial, type DialledSocket } from './dial.ts';
import type { CutEffect, EngineOptions, ProxyEngine } from './engine.ts';
import type { Gate } from './link.ts';
import { listenTcp, type Listener } from './listener.ts';
import { proxyState, seenOf, type ProxyState } from './proxyState.ts';
import type { Stream } from './toxic.ts';
import { messageOf } from '../../model/errors.ts';

interface TcpState extends ProxyState {
  readonly connections: Set<Connection>;
  /** Clients whose upstream is not connected yet. */
  readonly dialling: Set<Socket>;
  /** Listens, or holds the port silent while the proxy is a black hole. */
  listener: Listener | undefined;
}

export function createTcpProxy(options: EngineOptions): ProxyEngine {
  const state: TcpState = {
    ...proxyState(options),
    connections: new Set(),
    dialling: new Set(),
    listener: undefined,
  };
  return Object.assign(seenOf(state), {
    protocol: 'tcp' as const,
    start: () => start(state),
    stop: () => stop(state),
    cut: (effect: CutEffect) => cut(state, effect),
    heal: () => heal(state),
    chains: (stream: Stream) => state.connections.values().map(({ links }) => links[stream].chain),
  });
}

async function start(state: TcpState): Promise<void> {
  await openListener(state);
  state.started = true;
  const { name, listen, upstream } = state;
  state.log('info', 'Started proxy', { name, listen, upstream });
}

async function stop(state: TcpState): Promise<void> {
  state.started = false;
  state.cutEffect = undefined;
  const closing = closeListener(state);
  disconnectAll(state);
  await closing;
  const { name, listen, upstream } = state;
  state.log('info', 'Terminated proxy', { name, listen, upstream });
}

async function openListener(state: TcpState): Promise<void> {
  state.listener = await listenTcp(state.listen, (client) => accept(state, client));
  state.listen = state.listener.listen;
}

async function closeListener(state: TcpState): Promise<void> {
  const { listener } = state;
  state.listener = undefined;
  await listener?.close();
}

function disconnectAll({ dialling, connections }: TcpState): void {
  for (const client of dialling) client.destroy();
  for (const connection of connections) connection.destroy();
}

function accept(state: TcpState, client: Socket): void {
  const { totals, dialling, name, upstream, log } = state;
  totals.acceptedConnections += 1;
  client.on('error', () => undefined);
  if (state.cutEffect === 'reset') {
    client.resetAndDestroy();
    return;
  }
  dialling.add(client);
  dial(client, upstream)
    .then(
      (dialled) => connectThrough(state, client, dialled),
      (error: unknown) => {
        totals.failedDials += 1;
        const message = messageOf(error);
        log('error', 'Unable to open connection to upstream', { name, upstream, error: message });
        client.destroy();
      },
    )
    .finally(() => dialling.delete(client));
}

function connectThrough(state: TcpState, client: Socket, dialled: DialledSocket): void {
  const { clock, toxics, totals, connections } = state;
  const ordinal = state.ordinal++;
  const connection = startConnection({
    client,
    upstream: dialled,
    clock,
    random: () => state.random.fork(`connection ${ordinal}`),
    toxics,
    onClosed: () => {
      connections.delete(connection);
      totals.retire(connection.links);
    },
  });
  connections.add(connection);
  totals.adopt(connection.links);
  if (state.cutEffect === 'reset') connection.reset();
  else connection.setGate(gateOf(state.cutEffect));
}

async function cut(state: TcpState, effect: CutEffect): Promise<void> {
  await heal(state);
  if (effect === 'refuse' || effect === 'blackhole') await closeListener(state);
  state.cutEffect = effect;
  if (effect === 'refuse') disconnectAll(state);
  if (effect === 'reset') for (const connection of state.connections) connection.reset();
  for (const connection of state.connections) connection.setGate(gateOf(effect));
  if (effect !== 'blackhole') return;
  try {
    state.listener = await startBlackhole(state.listen);
  } catch (error) {
    await heal(state);
    throw error;
  }
}

async function heal(state: TcpState): Promise<void> {
  const { cutEffect, connections } = state;
  if (cutEffect === undefined) return;
  state.cutEffect = undefined;
  if (cutEffect === 'refuse' || cutEffect === 'blackhole') {
    await closeListener(state);
    await openListener(state);
  }
  for (const connection of connections) {
    if (connection.hasLostBytes()) connection.reset();
    else connection.setGate('open');
  }
}

function gateOf(effect: CutEffect | undefined): Gate {
  switch (effect) {
    case 'hold':
    case 'blackhole':
      return 'hold';
    case 'drop':
      return 'drop';
    case 'refuse':
    case 'reset':
    case undefined:
      return 'open';
  }
}
