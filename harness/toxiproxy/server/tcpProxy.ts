// A TCP proxy: accepts clients, dials the upstream for each, and can be cut in several ways.

import { Connection, type ConnectionOwner } from './connection.ts';
import { dial } from './dial.ts';
import type { CutEffect, EngineOptions, ProxyEngine } from './engine.ts';
import type { Gate } from './link.ts';
import { listenTcp } from './listener.ts';
import { createEngine, proxyState, type ProxyState } from './proxyEngine.ts';
import type { TcpSocket } from './tcpSocket.ts';
import type { Stream } from './toxic.ts';

interface TcpState extends ProxyState, ConnectionOwner {
  readonly connections: Set<Connection>;
  /** Clients whose upstream is not connected yet. */
  readonly dialling: Set<TcpSocket>;
}

export function createTcpProxy(options: EngineOptions): ProxyEngine {
  const connections = new Set<Connection>();
  const state: TcpState = Object.assign(proxyState(options), {
    connections,
    dialling: new Set<TcpSocket>(),
    onClosed: (connection: Connection) => {
      connections.delete(connection);
      state.totals.retire(connection);
    },
  });
  return createEngine(state, {
    protocol: 'tcp',
    chains: (stream: Stream) => connections.values().map((connection) => connection[stream].chain),
    listen: () => listenTcp(state.listen, (client) => accept(state, client)),
    disconnectAll: () => disconnectAll(state),
    closesListener: (effect) => effect === 'refuse' || effect === 'blackhole',
    cut: (effect) => cut(state, effect),
    heal: () => heal(state),
  });
}

function disconnectAll(state: TcpState): void {
  for (const client of state.dialling) dismiss(state, client);
  for (const connection of state.connections) connection.destroy();
}

function accept(state: TcpState, client: TcpSocket): void {
  state.totals.acceptedConnections += 1;
  if (state.cutEffect === 'reset') {
    client.resetAndDestroy();
    return;
  }
  state.dialling.add(client);
  dial(
    client,
    state.upstream,
    (server) => connectThrough(state, client, server),
    (error) => failDial(state, client, error),
  );
}

function failDial(state: TcpState, client: TcpSocket, { message }: Error): void {
  const { totals, log, name, upstream } = state;
  totals.failedDials += 1;
  log('error', 'Unable to open connection to upstream', { name, upstream, error: message });
  dismiss(state, client);
}

/**
 * Closes a client that was never connected. Bytes that it sent meanwhile are read and dropped before, so
 * that they are counted as received; it is reset then, as the system does where bytes are unread.
 */
function dismiss({ dialling, totals }: TcpState, client: TcpSocket): void {
  if (!dialling.delete(client)) return;
  client.resume();
  readOn(client, DISMISSAL_TURNS_MAX, () => {
    totals.drop('upstream', client.bytesRead);
    if (client.bytesRead > 0) client.resetAndDestroy();
    else client.destroy();
  });
}

/** Turns of the loop in which a client that is dismissed is read. */
const DISMISSAL_TURNS_MAX = 16;

/** Waits until a turn of the loop, which lies between two immediates, has read nothing of a socket. */
function readOn(socket: TcpSocket, turns: number, done: () => void): void {
  const before = socket.bytesRead;
  const look = () =>
    socket.bytesRead === before || turns === 0 ? done() : readOn(socket, turns - 1, done);
  setImmediate(() => setImmediate(look));
}

function connectThrough(state: TcpState, client: TcpSocket, server: TcpSocket): void {
  const { dialling, totals, connections, cutEffect } = state;
  dialling.delete(client);
  const connection = new Connection(state, { client, server, ordinal: state.ordinal++ });
  connections.add(connection);
  totals.adopt(connection);
  if (cutEffect === 'reset') connection.reset();
  else connection.setGate(makeGate(cutEffect));
}

async function cut(state: TcpState, effect: CutEffect): Promise<void> {
  for (const connection of state.connections) {
    if (effect === 'reset') connection.reset();
    connection.setGate(makeGate(effect));
  }
  if (effect !== 'blackhole') return;
  // Most servers never need it.
  const { startBlackhole } = await import('./blackhole.ts');
  state.listener = await startBlackhole(state.listen);
}

function heal({ connections }: TcpState): void {
  for (const connection of connections) {
    if (connection.hasLostBytes()) connection.reset();
    else connection.setGate('open');
  }
}

function makeGate(effect: CutEffect | undefined): Gate {
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
