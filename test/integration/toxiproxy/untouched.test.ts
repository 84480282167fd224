// Tests traffic that passes untouched: IPv6 on both sides, and TLS between the peers.

import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';
import { connect as connectTls, createServer as createTlsServer, type TLSSocket } from 'node:tls';
import { describe, expect, it } from 'vitest';
import { startApi } from './parties.ts';

const PROGRAMME = Buffer.alloc(1_000_000, 'untouched ');
/** TLS with a key that both know needs no certificate. */
const PSK = { identity: 'peer', psk: Buffer.from('00112233445566778899aabbccddeeff', 'hex') };
const CIPHERS = { ciphers: 'PSK', maxVersion: 'TLSv1.2' } as const;

async function everything(socket: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of socket) chunks.push(chunk);
  return Buffer.concat(chunks);
}

describe('a proxy', () => {
  it('listens on IPv6 and dials IPv6', async () => {
    const echo = createServer({ allowHalfOpen: true }, (socket) => socket.pipe(socket));
    echo.listen(0, '::1');
    await once(echo, 'listening');
    await using api = await startApi();
    const { port: echoPort } = echo.address() as AddressInfo;
    const body = { name: 'six', listen: '[::1]:0', upstream: `[::1]:${echoPort}` };
    const { json } = await api.call('POST', '/proxies', body);
    const { listen } = json as { listen: string };
    expect(listen).toMatch(/^\[::1\]:\d+$/);
    const socket = connect({ host: '::1', port: Number(listen.split(':').at(-1)) });
    socket.end(PROGRAMME);
    expect((await everything(socket)).equals(PROGRAMME)).toBe(true);
    echo.close();
  });

  it.each([[], [{ type: 'slicer', attributes: { average_size: 100, size_variation: 50 } }]])(
    'carries TLS that it cannot read, with toxics %j',
    async (...toxics: object[]) => {
      const server = createTlsServer({ ...CIPHERS, pskCallback: () => PSK.psk }, (socket) =>
        socket.pipe(socket),
      );
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      await using api = await startApi();
      const { port: upstreamPort } = server.address() as AddressInfo;
      const port = await api.proxy('tls', `127.0.0.1:${upstreamPort}`, { toxics });
      const socket: TLSSocket = connectTls({
        ...CIPHERS,
        host: '127.0.0.1',
        port,
        pskCallback: () => PSK,
        checkServerIdentity: () => undefined,
      });
      await once(socket, 'secureConnect');
      expect(socket.getCipher().name).toContain('PSK');
      socket.end(PROGRAMME);
      expect((await everything(socket)).equals(PROGRAMME)).toBe(true);
      server.close();
    },
  );
});
