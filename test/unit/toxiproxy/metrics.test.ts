// The numbers of proxies that are not started: their totals are what a test adds to them.

import { afterEach, describe, expect, it, vi } from 'vitest';
import { seededRandom } from '../../../harness/kernel/random.ts';
import { noLog } from '../../../harness/toxiproxy/server/log.ts';
import { createManagedProxy } from '../../../harness/toxiproxy/server/managedProxy.ts';
import { metricsPage } from '../../../harness/toxiproxy/server/metrics.ts';
import { readNewProxy } from '../../../harness/toxiproxy/server/requestBody.ts';
import { proxyStats } from '../../../harness/toxiproxy/server/stats.ts';
import { createTotals } from '../../../harness/toxiproxy/server/totals.ts';
import type { Stage } from '../../../harness/toxiproxy/server/toxics/stage.ts';
import { virtualClock } from './bench.ts';

const counts = (received: number, sent: number) => ({
  receivedBytes: () => received,
  sentBytes: () => sent,
});

/** One living connection, and one toxic that has worked. */
function usedProxy(name: string, more: object = {}) {
  const fields = { name, listen: '127.0.0.1:1', upstream: 'u:2', ...more };
  const proxy = createManagedProxy(readNewProxy(JSON.stringify(fields)), {
    clock: virtualClock(),
    random: seededRandom(1),
    log: noLog,
  });
  const { totals } = proxy.engine;
  Object.assign(totals, { acceptedConnections: 3, failedDials: 2 });
  totals.adopt({ upstream: counts(10, 9), downstream: counts(20, 19) });
  for (const { counters } of proxy.toxics.all()) {
    const stage = { heldBytes: () => 4 } as Stage;
    counters.stages.add(stage);
    Object.assign(counters, { links: 5, receivedBytes: 30, sentBytes: 20 });
    Object.assign(counters, { closedConnections: 7, resetConnections: 8 });
  }
  return proxy;
}

const late = { toxics: [{ type: 'latency', name: 'late', stream: 'upstream' }] };

describe('the numbers of a proxy', () => {
  it('are those of its totals and of its toxics', () => {
    expect(proxyStats(usedProxy('a', late))).toEqual({
      name: 'a',
      protocol: 'tcp',
      enabled: false,
      cut: null,
      connections: { accepted: 3, open: 1, failed_dials: 2 },
      upstream: { received_bytes: 10, sent_bytes: 9 },
      downstream: { received_bytes: 20, sent_bytes: 19 },
      toxics: [
        {
          name: 'late',
          type: 'latency',
          stream: 'upstream',
          links: 5,
          active_links: 1,
          received_bytes: 30,
          sent_bytes: 20,
          held_bytes: 4,
          dropped_bytes: 6,
          closed_connections: 7,
          reset_connections: 8,
        },
      ],
    });
  });

  it('stay when a connection ends, which is told once', () => {
    const totals = createTotals();
    const ended = { upstream: counts(10, 9), downstream: counts(20, 19) };
    const shown = () => [
      totals.openConnections(),
      ...[totals.received('upstream'), totals.sent('upstream')],
      ...[totals.received('downstream'), totals.sent('downstream')],
    ];
    totals.adopt(ended);
    totals.adopt({ upstream: counts(1, 1), downstream: counts(2, 2) });
    expect(shown()).toEqual([2, 11, 10, 22, 21]);
    totals.retire(ended);
    totals.retire(ended);
    totals.drop('upstream', 100);
    expect(shown()).toEqual([1, 111, 10, 22, 21]);
  });
});

describe('the page of metrics', () => {
  const options = { proxyMetrics: true, runtimeMetrics: false };

  it('has each number of each proxy, with labels that no name can end', () => {
    const page = metricsPage(options, () => [usedProxy('a', late), usedProxy('b"\\\n"')]);
    expect(page()).toBe(PAGE);
  });

  it('has nothing where there is nothing to tell, or nobody asked', () => {
    expect(metricsPage(options, () => [])()).toBe('');
    const unasked = { proxyMetrics: false, runtimeMetrics: false };
    expect(metricsPage(unasked, () => [usedProxy('a')])()).toBe('');
  });
});

const PAGE = `# HELP toxiproxy_proxy_received_bytes_total The total number of bytes received on a given proxy link in a given direction
# TYPE toxiproxy_proxy_received_bytes_total counter
toxiproxy_proxy_received_bytes_total{direction="upstream",listener="127.0.0.1:1",proxy="a",upstream="u:2"} 10
toxiproxy_proxy_received_bytes_total{direction="downstream",listener="127.0.0.1:1",proxy="a",upstream="u:2"} 20
toxiproxy_proxy_received_bytes_total{direction="upstream",listener="127.0.0.1:1",proxy="b\\"\\\\\\n\\"",upstream="u:2"} 10
toxiproxy_proxy_received_bytes_total{direction="downstream",listener="127.0.0.1:1",proxy="b\\"\\\\\\n\\"",upstream="u:2"} 20
# HELP toxiproxy_proxy_sent_bytes_total The total number of bytes sent on a given proxy link in a given direction
# TYPE toxiproxy_proxy_sent_bytes_total counter
toxiproxy_proxy_sent_bytes_total{direction="upstream",listener="127.0.0.1:1",proxy="a",upstream="u:2"} 9
toxiproxy_proxy_sent_bytes_total{direction="downstream",listener="127.0.0.1:1",proxy="a",upstream="u:2"} 19
toxiproxy_proxy_sent_bytes_total{direction="upstream",listener="127.0.0.1:1",proxy="b\\"\\\\\\n\\"",upstream="u:2"} 9
toxiproxy_proxy_sent_bytes_total{direction="downstream",listener="127.0.0.1:1",proxy="b\\"\\\\\\n\\"",upstream="u:2"} 19
# HELP toxiproxy_proxy_connections_accepted_total Clients accepted by a proxy
# TYPE toxiproxy_proxy_connections_accepted_total counter
toxiproxy_proxy_connections_accepted_total{proxy="a"} 3
toxiproxy_proxy_connections_accepted_total{proxy="b\\"\\\\\\n\\""} 3
# HELP toxiproxy_proxy_dials_failed_total Clients whose upstream could not be connected
# TYPE toxiproxy_proxy_dials_failed_total counter
toxiproxy_proxy_dials_failed_total{proxy="a"} 2
toxiproxy_proxy_dials_failed_total{proxy="b\\"\\\\\\n\\""} 2
# HELP toxiproxy_proxy_connections_open Connections that live through a proxy
# TYPE toxiproxy_proxy_connections_open gauge
toxiproxy_proxy_connections_open{proxy="a"} 1
toxiproxy_proxy_connections_open{proxy="b\\"\\\\\\n\\""} 1
# HELP toxiproxy_toxic_received_bytes_total Bytes that came to a toxic
# TYPE toxiproxy_toxic_received_bytes_total counter
toxiproxy_toxic_received_bytes_total{direction="upstream",proxy="a",toxic="late",type="latency"} 30
# HELP toxiproxy_toxic_sent_bytes_total Bytes that a toxic let through
# TYPE toxiproxy_toxic_sent_bytes_total counter
toxiproxy_toxic_sent_bytes_total{direction="upstream",proxy="a",toxic="late",type="latency"} 20
# HELP toxiproxy_toxic_held_bytes Bytes that a toxic holds back
# TYPE toxiproxy_toxic_held_bytes gauge
toxiproxy_toxic_held_bytes{direction="upstream",proxy="a",toxic="late",type="latency"} 4
# HELP toxiproxy_toxic_dropped_bytes Bytes that a toxic made vanish
# TYPE toxiproxy_toxic_dropped_bytes gauge
toxiproxy_toxic_dropped_bytes{direction="upstream",proxy="a",toxic="late",type="latency"} 6
# HELP toxiproxy_toxic_connections_ended_total Connections that a toxic closed or reset
# TYPE toxiproxy_toxic_connections_ended_total counter
toxiproxy_toxic_connections_ended_total{direction="upstream",proxy="a",toxic="late",type="latency"} 15
`;

describe('the metrics of the process', () => {
  afterEach(() => vi.restoreAllMocks());

  /** A process whose numbers are known; `readdirSync` lists its open files. */
  function knownProcess(readdirSync: (path: string) => string[]): void {
    const lag = { enable: () => undefined, percentile: (share: number) => share * 1e9 };
    const modules: Readonly<Record<string, object>> = {
      'node:perf_hooks': { monitorEventLoopDelay: () => lag },
      'node:fs': { readdirSync },
    };
    vi.spyOn(process, 'getBuiltinModule').mockImplementation((name: string) => modules[name]);
    vi.spyOn(process, 'uptime').mockReturnValue(performance.timeOrigin / 1000);
    vi.spyOn(performance, 'now').mockReturnValue(50_000);
    vi.spyOn(process, 'cpuUsage').mockReturnValue({ user: 2_500_000, system: 500_000 });
    vi.spyOn(process, 'getActiveResourcesInfo').mockReturnValue(['a', 'b']);
    const memory = { rss: 7, heapTotal: 6, heapUsed: 5, external: 4, arrayBuffers: 3 };
    const memoryUsage = vi.spyOn(process, 'memoryUsage').mockReturnValue(memory);
    Object.assign(memoryUsage, { rss: () => memory.rss });
  }

  const samples = () => {
    const page = metricsPage({ proxyMetrics: false, runtimeMetrics: true }, () => []);
    return page()
      .split('\n')
      .filter((line) => !line.startsWith('#'));
  };

  it('have the names that dashboards ask for', () => {
    knownProcess((path) => (path === '/proc/self/fd' ? ['0', '1', '2'] : []));
    expect(samples()).toEqual([
      `go_info{version="node${process.versions.node}"} 1`,
      'go_goroutines 2',
      'process_cpu_seconds_total 3',
      'process_open_fds 3',
      'process_resident_memory_bytes 7',
      'process_start_time_seconds 50',
      'nodejs_heap_size_used_bytes 5',
      'nodejs_eventloop_lag_p99_seconds 99',
      '',
    ]);
  });

  it('say -1 open files where the system does not tell', () => {
    knownProcess(() => {
      throw new Error('no /proc');
    });
    expect(samples()).toContain('process_open_fds -1');
  });
});
