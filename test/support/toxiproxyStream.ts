// Full traffic through a proxy as a program of its own: an origin that sends without end, and clients
// that compare every byte with what must come. Prints {"type":"ready","port":N} (the origin's port),
// takes the proxy's port as a line on its standard input, and says at the end of it what was seen.

import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import { seededRandom } from '../../harness/kernel/random.ts';

export interface StreamReport {
  /** Bytes that came and were the right ones. */
  readonly bytes: number;
  /** Clients that got a wrong byte. */
  readonly wrong: number;
  /** Where each got it, and where in the stream the bytes belong that came instead. */
  readonly places: readonly string[];
  /** Clients whose connection ended before they were told to stop. */
  readonly ended: number;
}

const CLIENTS = 4;
/** A period that no buffer divides: bytes that are missing, twice or out of order show. */
const PERIOD_BYTES = 1_000_003;
const SEED = 1;

const random = seededRandom(SEED);
const period = Buffer.from(
  Uint8Array.from({ length: PERIOD_BYTES }, () => Math.floor(random.next() * 256)),
);
const programme = Buffer.concat([period, period]);

const server = createServer({ noDelay: true }, (socket) => {
  const more = () => {
    while (socket.write(period));
  };
  socket.on('error', () => undefined).on('drain', more);
  more();
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const { port } = server.address() as AddressInfo;
process.stdout.write(`${JSON.stringify({ type: 'ready', port })}\n`);

const report = { bytes: 0, wrong: 0, ended: 0, places: [] as string[] };
let isOver = false;

/** Length of a piece that stands at one place of the programme only. */
const TELLING_BYTES = 8;

function describeWrong(total: number, wanted: Buffer, got: Buffer): string {
  const at = got.findIndex((byte, index) => byte !== wanted[index]);
  const found = programme.indexOf(got.subarray(at, at + TELLING_BYTES));
  const ahead = (found - ((total + at) % PERIOD_BYTES) + PERIOD_BYTES) % PERIOD_BYTES;
  const came = got.subarray(at, at + TELLING_BYTES).toString('hex');
  return `byte ${total + at}: ${came} came, ${found < 0 ? 'no part of the stream' : `${ahead} bytes ahead of their place (modulo ${PERIOD_BYTES})`}`;
}

function watch(proxyPort: number): void {
  let total = 0;
  const memory = Buffer.allocUnsafeSlow(256 * 1024);
  const socket = connect({
    port: proxyPort,
    host: '127.0.0.1',
    onread: {
      buffer: memory,
      callback: (length, bytes) => {
        const place = total % PERIOD_BYTES;
        const wanted = programme.subarray(place, place + length);
        const got = Buffer.from(bytes.buffer, bytes.byteOffset, length);
        if (wanted.equals(got)) report.bytes += length;
        else {
          report.wrong += 1;
          report.places.push(describeWrong(total, wanted, got));
          socket.destroy();
        }
        total += length;
        return true;
      },
    },
  });
  socket
    .on('error', () => undefined)
    .once('close', () => {
      if (!isOver) report.ended += 1;
    });
}

for await (const line of createInterface({ input: process.stdin })) {
  for (let client = 0; client < CLIENTS; client++) watch(Number(line));
}
isOver = true;
process.stdout.write(`${JSON.stringify(report)}\n`, () => process.exit());
