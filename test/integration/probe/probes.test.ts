// Our own questions to a far side, against servers that answer, wait, break off or are not there.

import type { HttpMatch } from '../../../harness/model/wrongAnswers.ts';
import { createServer, type Server } from 'node:http';
import {
  createServer as createTcpServer,
  type AddressInfo,
  type Server as TcpServer,
} from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { createSocket } from 'node:dgram';
import { askEchoes } from '../../../harness/probe/echo.ts';
import { readEcho } from '../../../harness/model/rtcp.ts';
import { askHttp } from '../../../harness/probe/httpProbe.ts';
import { exchange } from '../../../harness/probe/exchange.ts';
import type { Address } from '../../../harness/model/world.ts';

const open: (Server | TcpServer)[] = [];
afterEach(async () => {
  for (const server of open.splice(0)) await new Promise((done) => server.close(done));
});

async function listening(server: Server | TcpServer): Promise<Address> {
  open.push(server);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return { host: '127.0.0.1', port: (server.address() as AddressInfo).port };
}

/** Accepts and says nothing; lets go of its connections when the client does. */
const silent = () => createTcpServer((socket) => socket.on('error', () => undefined).resume());

const ask = (at: Address, of: HttpMatch['of'] = 'segment') =>
  askHttp({
    at,
    fault: { match: { of, rung: 1, every: 2, ratio: 1 }, answer: { kind: 'hang' } },
    channel: 'one',
    withinMs: 2000,
  });

describe('a question through a proxy', () => {
  test('is answered by whatever status', async () => {
    const at = await listening(createServer((_, response) => response.writeHead(404).end()));
    expect((await exchange(at, 5000)).ms).toBeGreaterThan(0);
  });

  test('is not answered by a server that only accepts', async () => {
    expect((await exchange(await listening(silent()), 100)).ms).toBeUndefined();
  });

  test('is not answered where nothing listens', async () => {
    const at = await listening(silent());
    await new Promise((done) => open.pop()?.close(done));
    expect((await exchange(at, 5000)).ms).toBeUndefined();
  });
});

describe('a request to an edge', () => {
  const PLAYLIST = '#EXTM3U\n#EXTINF:2,\n3-77.ts\n#EXTINF:2,\n4-78.ts\n#EXTINF:2,\n5-79.ts\n';

  test('asks for the newest segment that is meant', async () => {
    const asked: string[] = [];
    const server = createServer((request, response) => {
      asked.push(request.url ?? '');
      if (request.url?.endsWith('.m3u8')) response.end(PLAYLIST);
      else response.writeHead(503).end('sorry');
    });
    expect(await ask(await listening(server))).toMatchObject({ status: 503, bytes: 5 });
    expect(asked).toEqual(['/.ecran-noir/true/one/v1/index.m3u8', '/one/v1/4-78.ts']);
  });

  test('tells an answer that breaks off from one that ends', async () => {
    const server = createServer((_, response) => {
      response.writeHead(200, { 'content-length': 10 });
      response.write('half', () => response.destroy());
    });
    expect(await ask(await listening(server), 'playlist')).toMatchObject({
      status: 200,
      bytes: 4,
      broken: true,
    });
  });

  test('for a segment says nothing of segments where no playlist names one', async () => {
    const nothing = { ms: undefined, unnamed: true };
    expect(await ask(await listening(silent()))).toEqual(nothing);
    const failing = createServer((_, response) => response.writeHead(503).end());
    expect(await ask(await listening(failing))).toEqual(nothing);
  });

  test('is silent when there is no answer in time', async () => {
    expect(await ask(await listening(silent()), 'multivariant')).toEqual({ ms: undefined });
  });
});

describe('datagrams that are sent back', () => {
  test('are counted as they come: some lost, one twice', async () => {
    const server = createSocket('udp4');
    server.on('message', (datagram, { port, address }) => {
      const number = readEcho(datagram) ?? 0;
      if (number % 4 !== 3) server.send(datagram, port, address);
      if (number === 4) server.send(datagram, port, address);
    });
    await new Promise<void>((done) => server.bind(0, '127.0.0.1', done));
    const at = { host: '127.0.0.1', port: server.address().port };
    const { ms, echoes } = await askEchoes({ at, withinMs: 200, kbps: 400 });
    server.close();
    expect(ms).toBeGreaterThanOrEqual(0);
    expect(echoes).toMatchObject({ lost: Math.floor((echoes?.sent ?? 0) / 4), twice: 1, late: 0 });
  });

  test('do not come where nothing listens', async () => {
    const { ms, echoes } = await askEchoes({
      at: { host: '127.0.0.1', port: 9 },
      withinMs: 50,
      kbps: 100,
    });
    expect({ ms, all: echoes?.sent === echoes?.lost }).toEqual({ ms: undefined, all: true });
  });
});
