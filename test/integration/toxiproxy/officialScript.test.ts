// Repeats the official project's end-to-end script with its command line, as the calls that it
// makes, with a web service behind the proxy that is asked at each step.

import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { startApi, type TestApi } from './parties.ts';

const NAME = 'shopify_http';
const TOXICS = `/proxies/${NAME}/toxics`;
const web = createServer((_, response) => response.end('hello'));
let api: TestApi;
let upstream: string;
let listen: string;

beforeEach(async () => {
  api = await startApi({ proxyMetrics: true, runtimeMetrics: true });
  web.listen(0, '127.0.0.1');
  await once(web, 'listening');
  upstream = `localhost:${(web.address() as AddressInfo).port}`;
  const made = await api.call('POST', '/proxies', { name: NAME, listen: 'localhost:0', upstream });
  expect(made.status).toBe(201);
  ({ listen } = made.json as { listen: string });
});

afterEach(async () => {
  await api[Symbol.asyncDispose]();
  web.closeAllConnections();
  web.close();
});

const fetched = async () =>
  (await fetch(`http://${listen}/test1`, { headers: { connection: 'close' } })).text();

interface Step {
  readonly toxic: Readonly<Record<string, unknown>> & { readonly name: string };
  readonly update?: object;
  /** A toxic that acts so that nothing comes back. */
  readonly breaks?: boolean;
}

const STEPS: readonly Step[] = [
  ...(['downstream', 'upstream'] as const).map((stream) => ({
    toxic: {
      name: `latency_${stream}`,
      type: 'latency',
      stream,
      toxicity: 0.99,
      attributes: { latency: 20, jitter: 5 },
    },
    update: { attributes: { jitter: 2 }, toxicity: 0.7 },
  })),
  {
    toxic: { name: 'kb', type: 'bandwidth', toxicity: 0.5, attributes: { rate: 1 } },
    update: { attributes: { rate: 10 }, toxicity: 1 },
  },
  {
    toxic: { name: 'timeout_ms', type: 'timeout', toxicity: 1, attributes: { timeout: 10 } },
    breaks: true,
  },
  {
    toxic: {
      name: 'slicer_us',
      type: 'slicer',
      attributes: { average_size: 64, size_variation: 32, delay: 10 },
    },
  },
  { toxic: { name: 'reset_peer', type: 'reset_peer', attributes: { timeout: 5 } }, breaks: true },
];

it('toggles the proxy, adds, changes and removes each toxic, and reads the metrics', async () => {
  expect(Object.keys((await api.call('GET', '/proxies')).json as object)).toEqual([NAME]);
  for (const enabled of [false, true]) {
    const toggled = await api.call('PATCH', `/proxies/${NAME}`, { enabled });
    expect(toggled.json).toMatchObject({ enabled, listen, upstream });
  }
  expect(await fetched()).toBe('hello');
  for (const { toxic, update, breaks } of STEPS) {
    expect(await api.call('POST', TOXICS, toxic)).toMatchObject({ status: 200, json: toxic });
    const shown = (await api.call('GET', `/proxies/${NAME}`)).json as { toxics: object[] };
    expect(shown.toxics).toMatchObject([{ name: toxic.name }]);
    if (update)
      expect((await api.call('PATCH', `${TOXICS}/${toxic.name}`, update)).json).toMatchObject(
        update,
      );
    if (breaks) await expect(fetched()).rejects.toThrow();
    else expect(await fetched()).toBe('hello');
    expect((await api.call('DELETE', `${TOXICS}/${toxic.name}`)).status).toBe(204);
    expect(await fetched()).toBe('hello');
  }
  const { text } = await api.call('GET', '/metrics');
  const labels = `direction="downstream",listener="${listen}",proxy="${NAME}",upstream="${upstream}"`;
  expect(text).toMatch(new RegExp(`^toxiproxy_proxy_sent_bytes_total{${labels}} [0-9]+$`, 'm'));
  expect(text).toMatch(/^go_info\{.*\} 1$/m);
  expect(text).toMatch(/^go_goroutines \d+$/m);
});
