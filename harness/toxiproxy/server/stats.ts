// Counts what a proxy and its toxics did so far, as `GET /proxies/{proxy}/stats` answers it.

import type { ManagedProxy } from './managedProxy.ts';
import { droppedBytes, heldBytes, type Stream, type Toxic } from './toxic.ts';

export function proxyStats({ name, engine, toxics }: ManagedProxy) {
  const { totals, protocol, isStarted, cutEffect } = engine;
  const bytes = (stream: Stream) => ({
    received_bytes: totals.received(stream),
    sent_bytes: totals.sent(stream),
  });
  return {
    name,
    protocol,
    enabled: isStarted,
    cut: cutEffect ?? null,
    connections: {
      accepted: totals.acceptedConnections,
      open: totals.openConnections(),
      failed_dials: totals.failedDials,
    },
    upstream: bytes('upstream'),
    downstream: bytes('downstream'),
    toxics: toxics.all().map(toxicStats),
  };
}

function toxicStats(toxic: Toxic) {
  const { name, kind, stream, counters } = toxic;
  return {
    name,
    type: kind.type,
    stream,
    /** Links it was ever applied to, and those that live. */
    links: counters.links,
    active_links: counters.stages.size,
    received_bytes: counters.receivedBytes,
    sent_bytes: counters.sentBytes,
    held_bytes: heldBytes(toxic),
    dropped_bytes: droppedBytes(toxic),
    closed_connections: counters.closedConnections,
    reset_connections: counters.resetConnections,
  };
}
