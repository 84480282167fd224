import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Toxiproxy } from 'toxiproxy-node-client';
import { describe, expect, it } from 'vitest';
import { HarnessError } from '../../../harness/model/errors.ts';
import type { ToxicSpec } from '../../../harness/model/world.ts';
import { connectToxiproxy, startEmbeddedToxiproxy } from '../../../harness/toxiproxy/adapter.ts';
import { portOf, quietPort, startApi, startEcho, talk } from './parties.ts';

const upstreamOf = (port: number) => ({ host: '127.0.0.1', port });

const hold: ToxicSpec = {
  name: 'hold',
  type: 'bandwidth',
  stream: 'downstream',
  toxicity: 1,
  attributes: { rate: 0 },
};

/** Gives the echo of `text` sent through the port; empty when the connection ended before. */
async function echoed(port: number, text: string): Promise<string> {
  const client = talk(port);
  client.socket.write(text);
  const back = await Promise.race([client.receive(text.length), client.outcome]);
  client.socket.destroy();
  return back.toString();
}

async function refusalOf(work: Promise<unknown>): Promise<HarnessError> {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof HarnessError) return error;
  throw new Error(`expected a HarnessError, not ${String(error)}`);
}

describe('the embedded server as link control', () => {
  it('starts in a process of its own, cuts, heals and leaves nothing', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'ecran-noir-toxiproxy-'));
    const logFile = join(folder, 'logs', 'toxiproxy.log');
    await using echo = await startEcho();
    const control = await startEmbeddedToxiproxy({ logFile });
    expect(control.description).toMatch(/^embedded/);
    const proxy = await control.createProxy({ name: 'up.one', upstream: upstreamOf(echo.port) });
    const { port } = proxy.hostAddress;
    expect(proxy.address).toEqual({ host: '127.0.0.1', port });
    expect(await echoed(port, 'plain')).toBe('plain');

    await proxy.addToxic(hold);
    const held = talk(port);
    held.socket.write('held');
    await proxy.removeToxic('hold');
    expect((await held.receive(4)).toString()).toBe('held');
    held.socket.destroy();

    await proxy.setEnabled(false);
    expect(await echoed(port, 'x')).toBe('ECONNREFUSED');
    await proxy.setEnabled(true);
    expect(await echoed(port, 'back')).toBe('back');

    await proxy.addToxic({ ...hold, type: 'timeout', attributes: { timeout: 0 } });
    await proxy.recreate();
    expect(await echoed(port, 'new')).toBe('new');

    await proxy.addToxic(hold);
    await proxy.setEnabled(false);
    await control.reset();
    expect(await echoed(port, 'reset')).toBe('reset');

    await control[Symbol.asyncDispose]();
    expect(await echoed(port, 'x')).toBe('ECONNREFUSED');
    expect(await readFile(logFile, 'utf8')).toContain('"Started proxy"');
    await rm(folder, { recursive: true });
  });

  it('says which proxy, why, and what to do when a call fails', async () => {
    const control = await startEmbeddedToxiproxy();
    const proxy = await control.createProxy({ name: 'up.one', upstream: upstreamOf(1) });
    const error = await refusalOf(proxy.removeToxic('none'));
    expect(error).toMatchObject({ code: 'LINK_CONTROL_FAILED', target: 'up.one' });
    expect(error.message).toContain('toxic not found');
    expect(error.hint).toBeTruthy();
    await control[Symbol.asyncDispose]();
    expect((await refusalOf(proxy.setEnabled(false))).message).toContain('ECONNREFUSED');
  });

  it('sends whole numbers where the API takes no others', async () => {
    await using echo = await startEcho();
    await using control = await startEmbeddedToxiproxy();
    const proxy = await control.createProxy({ name: 'a', upstream: upstreamOf(echo.port) });
    await proxy.addToxic({ ...hold, type: 'latency', attributes: { latency: 1.6, jitter: 0.2 } });
    await proxy.addToxic({
      ...hold,
      name: 'loss',
      type: 'packet_loss',
      attributes: { loss_rate: 0.5 },
    });
  });

  it('uses the ports it is given, as a container publishes them, and says when they are used up', async () => {
    await using echo = await startEcho();
    const free = await quietPort();
    await using control = await startEmbeddedToxiproxy({
      listenHost: '0.0.0.0',
      advertisedHost: 'toxiproxy',
      ports: [free],
      hostAddressOf: (port) => ({ host: 'localhost', port: port + 10_000 }),
    });
    const proxy = await control.createProxy({ name: 'a', upstream: upstreamOf(echo.port) });
    expect(proxy.address).toEqual({ host: 'toxiproxy', port: free });
    expect(proxy.hostAddress).toEqual({ host: 'localhost', port: free + 10_000 });
    const next = { name: 'b', upstream: upstreamOf(echo.port) };
    expect((await refusalOf(control.createProxy(next))).message).toContain('port');
    await proxy.remove();
    expect((await control.createProxy(next)).address.port).toBe(free);
  });

  it('gives proxies ports that the system hands to nobody else while they are disabled', async () => {
    await using echo = await startEcho();
    await using control = await startEmbeddedToxiproxy();
    const spec = (name: string) => ({ name, upstream: upstreamOf(echo.port) });
    const proxies = await Promise.all(
      ['a', 'b', 'c'].map((name) => control.createProxy(spec(name))),
    );
    const ports = proxies.map(({ address }) => address.port);
    expect(new Set(ports).size).toBe(3);
    const range = readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8');
    if (Number.parseInt(range) > 20_500) {
      expect(Math.max(...ports)).toBeLessThan(Number.parseInt(range));
    }
  });

  it('goes on to the next port when one is taken', async () => {
    await using echo = await startEcho();
    const free = await quietPort();
    await using control = await startEmbeddedToxiproxy({ ports: [echo.port, free] });
    const spec = { name: 'a', upstream: upstreamOf(echo.port) };
    expect((await control.createProxy(spec)).address.port).toBe(free);
  });

  it('rejects when the server cannot start', async () => {
    const error = await refusalOf(startEmbeddedToxiproxy({ program: '/nowhere/program.js' }));
    expect(error).toMatchObject({ code: 'LINK_CONTROL_FAILED', target: 'embedded Toxiproxy' });
  });
});

describe('a server at a URL as link control', () => {
  it('shares it with others: touches only what it made, and takes that away', async () => {
    await using echo = await startEcho();
    await using api = await startApi();
    await api.proxy('foreign', echo.address);
    await api.toxic('foreign', { type: 'latency' });
    const [one, two] = await Promise.all([
      connectToxiproxy(`${api.url}/`, { namePrefix: 'run1.' }),
      connectToxiproxy(api.url, { namePrefix: 'run2.' }),
    ]);
    expect(one.description).toBe(`server 2.12.0 at ${api.url}`);
    const spec = { name: 'up', upstream: upstreamOf(echo.port) };
    const proxy = await one.createProxy(spec);
    await two.createProxy(spec);
    await proxy.addToxic(hold);
    await one.reset();
    const names = async () =>
      Object.keys((await api.call('GET', '/proxies')).json as object).sort();
    expect(await names()).toEqual(['foreign', 'run1.up', 'run2.up']);
    expect((await api.call('GET', '/proxies/foreign/toxics')).json).toHaveLength(1);
    expect((await api.call('GET', '/proxies/run1.up/toxics')).json).toEqual([]);
    await one[Symbol.asyncDispose]();
    expect(await names()).toEqual(['foreign', 'run2.up']);
    await two[Symbol.asyncDispose]();
    expect(await names()).toEqual(['foreign']);
  });

  it('is refused when nothing answers there, or something else does', async () => {
    expect(await refusalOf(connectToxiproxy('http://127.0.0.1:1'))).toMatchObject({
      code: 'LINK_CONTROL_FAILED',
      target: 'http://127.0.0.1:1',
    });
    expect((await refusalOf(connectToxiproxy('not a url'))).code).toBe('LINK_CONTROL_FAILED');
    const other = createServer((_, response) => response.end('welcome')).listen(0, '127.0.0.1');
    await once(other, 'listening');
    const url = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
    expect((await refusalOf(connectToxiproxy(url))).message).toContain('welcome');
    other.close();
  });

  it('gives up on a server that stops answering', async () => {
    const silent = createServer((request, response) => {
      if (request.url === '/version') response.end('{"version": "2.9.0"}');
    }).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const url = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
    const control = await connectToxiproxy(url, { callMsMax: 100 });
    const error = await refusalOf(control.createProxy({ name: 'a', upstream: upstreamOf(1) }));
    expect(error.code).toBe('LINK_CONTROL_FAILED');
    silent.closeAllConnections();
    silent.close();
  });
});

describe('toxiproxy-node-client, unchanged', () => {
  it('does all it can do', async () => {
    await using echo = await startEcho();
    await using api = await startApi();
    const client = new Toxiproxy(api.url);
    expect(await client.getVersion()).toBe('{"version": "2.12.0"}\n');
    const body = { name: 'a', listen: 'localhost:0', upstream: echo.address };
    const proxy = await client.createProxy(body);
    expect(proxy.toJson()).toMatchObject({ name: 'a', upstream: echo.address, enabled: true });
    const toxic = await proxy.addToxic({
      name: 'slow',
      type: 'latency',
      stream: 'downstream',
      toxicity: 1,
      attributes: { latency: 1, jitter: 0 },
    });
    const changed = await toxic.update({
      ...toxic.toJson(),
      attributes: { latency: 2, jitter: 1 },
    });
    expect(changed.attributes).toEqual({ latency: 2, jitter: 1 });
    expect((await proxy.getToxic('slow')).toJson()).toEqual(changed.toJson());
    expect(await echoed(portOf(proxy.listen), 'hi')).toBe('hi');
    await toxic.remove();
    const disabled = await proxy.update({
      enabled: false,
      listen: proxy.listen,
      upstream: echo.address,
    });
    expect(disabled.enabled).toBe(false);
    await client.reset();
    expect((await client.get('a')).enabled).toBe(true);
    const populated = await client.populate([{ ...body, name: 'b' }]);
    expect(Object.keys(populated)).toEqual(['b']);
    expect(Object.keys(await client.getAll()).sort()).toEqual(['a', 'b']);
    await proxy.remove();
    await expect(client.get('a')).rejects.toThrow('404');
  });
});
