// Serves as the measure of the embedded Toxiproxy: a plain TCP pipe in a Node process of its own.
// Ends when its standard input ends.

import { connect, createServer, type AddressInfo } from 'node:net';

const upstreamPort = Number(process.argv[2]);

const server = createServer({ allowHalfOpen: true }, (client) => {
  const upstream = connect({ port: upstreamPort, host: '127.0.0.1', allowHalfOpen: true });
  for (const socket of [client, upstream]) socket.on('error', () => undefined);
  client.pipe(upstream).pipe(client);
});
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(
    `${JSON.stringify({ type: 'ready', port: (server.address() as AddressInfo).port })}\n`,
  );
});
process.stdin.once('end', () => process.exit()).resume();
