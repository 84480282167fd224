// `GET /metrics` in the Prometheus text format: the names of the official server, and ours beside them.
// Unlike there, counters move while connections live.

import { systemClock } from '../../kernel/clock.ts';
import type { ManagedProxy } from './managedProxy.ts';
import { droppedBytes, heldBytes } from './toxic.ts';

export interface MetricsOptions {
  /** The `-proxy-metrics` flag. */
  readonly proxyMetrics: boolean;
  /** The `-runtime-metrics` flag. */
  readonly runtimeMetrics: boolean;
}

export const METRICS_CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

interface Metric {
  readonly name: string;
  readonly help: string;
  readonly type: 'counter' | 'gauge';
  readonly samples: readonly Sample[];
}

interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const STREAMS = ['upstream', 'downstream'] as const;

/** The function that writes the page; whatever it measures with starts here. */
export function metricsPage(
  options: MetricsOptions,
  proxies: () => readonly ManagedProxy[],
): () => string {
  const runtime = options.runtimeMetrics ? runtimeMetrics() : () => [];
  return () => {
    const ofProxies = options.proxyMetrics
      ? [...byteMetrics(proxies()), ...connectionMetrics(proxies()), ...toxicMetrics(proxies())]
      : [];
    return [...ofProxies, ...runtime()].map(format).join('');
  };
}

function byteMetrics(proxies: readonly ManagedProxy[]): readonly Metric[] {
  const samples = (count: 'received' | 'sent') =>
    proxies.flatMap(({ name, upstream, engine }) =>
      STREAMS.map((direction) => ({
        labels: { direction, listener: engine.listen, proxy: name, upstream },
        value: engine.totals[count](direction),
      })),
    );
  return [
    counter(
      'toxiproxy_proxy_received_bytes_total',
      'The total number of bytes received on a given proxy link in a given direction',
      samples('received'),
    ),
    counter(
      'toxiproxy_proxy_sent_bytes_total',
      'The total number of bytes sent on a given proxy link in a given direction',
      samples('sent'),
    ),
  ];
}

function connectionMetrics(proxies: readonly ManagedProxy[]): readonly Metric[] {
  const samples = (value: (proxy: ManagedProxy) => number) =>
    proxies.map((proxy) => ({ labels: { proxy: proxy.name }, value: value(proxy) }));
  return [
    counter(
      'toxiproxy_proxy_connections_accepted_total',
      'Clients accepted by a proxy',
      samples(({ engine }) => engine.totals.acceptedConnections),
    ),
    counter(
      'toxiproxy_proxy_dials_failed_total',
      'Clients whose upstream could not be connected',
      samples(({ engine }) => engine.totals.failedDials),
    ),
    gauge(
      'toxiproxy_proxy_connections_open',
      'Connections that live through a proxy',
      samples(({ engine }) => engine.totals.openConnections()),
    ),
  ];
}

function toxicMetrics(proxies: readonly ManagedProxy[]): readonly Metric[] {
  const toxics = proxies.flatMap(({ name, toxics }) =>
    toxics.all().map((toxic) => ({
      toxic,
      labels: { direction: toxic.stream, proxy: name, toxic: toxic.name, type: toxic.kind.type },
    })),
  );
  const samples = (value: (toxic: (typeof toxics)[number]['toxic']) => number) =>
    toxics.map(({ toxic, labels }) => ({ labels, value: value(toxic) }));
  return [
    counter(
      'toxiproxy_toxic_received_bytes_total',
      'Bytes that came to a toxic',
      samples(({ counters }) => counters.receivedBytes),
    ),
    counter(
      'toxiproxy_toxic_sent_bytes_total',
      'Bytes that a toxic let through',
      samples(({ counters }) => counters.sentBytes),
    ),
    gauge('toxiproxy_toxic_held_bytes', 'Bytes that a toxic holds back', samples(heldBytes)),
    gauge('toxiproxy_toxic_dropped_bytes', 'Bytes that a toxic made vanish', samples(droppedBytes)),
    counter(
      'toxiproxy_toxic_connections_ended_total',
      'Connections that a toxic closed or reset',
      samples(({ counters }) => counters.closedConnections + counters.resetConnections),
    ),
  ];
}

function runtimeMetrics(): () => readonly Metric[] {
  const startedAtS = systemClock.epochMs() / 1000 - process.uptime();
  const { monitorEventLoopDelay } = process.getBuiltinModule('node:perf_hooks');
  const lag = monitorEventLoopDelay({ resolution: 10 });
  lag.enable();
  const one = (value: number): readonly Sample[] => [{ labels: {}, value }];
  return () => {
    const { user, system } = process.cpuUsage();
    return [
      // The names that dashboards of the official server ask for, with values of this process.
      gauge('go_info', 'The runtime: here it is Node', [
        { labels: { version: `node${process.versions.node}` }, value: 1 },
      ]),
      gauge(
        'go_goroutines',
        'What is under way; here the handles and requests that keep Node busy',
        one(process.getActiveResourcesInfo().length),
      ),
      counter('process_cpu_seconds_total', 'CPU time', one((user + system) / 1e6)),
      gauge('process_open_fds', 'Open file descriptors', one(openFiles())),
      gauge('process_resident_memory_bytes', 'Resident memory', one(process.memoryUsage.rss())),
      gauge('process_start_time_seconds', 'Start since the epoch', one(startedAtS)),
      gauge('nodejs_heap_size_used_bytes', 'Used heap', one(process.memoryUsage().heapUsed)),
      gauge('nodejs_eventloop_lag_p99_seconds', 'Event loop lag', one(lag.percentile(99) / 1e9)),
    ];
  };
}

/** -1 where the system does not say. */
function openFiles(): number {
  try {
    return process.getBuiltinModule('node:fs').readdirSync('/proc/self/fd').length;
  } catch {
    return -1;
  }
}

const counter = (name: string, help: string, samples: readonly Sample[]): Metric => ({
  name,
  help,
  type: 'counter',
  samples,
});

const gauge = (name: string, help: string, samples: readonly Sample[]): Metric => ({
  name,
  help,
  type: 'gauge',
  samples,
});

function format({ name, help, type, samples }: Metric): string {
  if (samples.length === 0) return '';
  const lines = samples.map(({ labels, value }) => `${name}${formatLabels(labels)} ${value}\n`);
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join('')}`;
}

function formatLabels(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([key, value]) => `${key}="${escapeLabel(value)}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

const escapeLabel = (text: string): string =>
  text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
