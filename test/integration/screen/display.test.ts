// A display lets in who has its key, and nobody else: who gets in can type into the browser on it.

import { readFileSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { expect, it } from 'vitest';
import { requireTools } from '../../../harness/runtime/tools.ts';
import { startDisplay } from '../../../harness/screen/display.ts';
import { makeFolder } from '../../support/makeFolder.ts';

/** The X11 protocol, version 11: byte order, and how a client proves that it may come in. */
function hello(name: string, key: Buffer): Buffer {
  const head = Buffer.alloc(12);
  head.write('l');
  [11, 0, name.length, key.length].forEach((number, i) => head.writeUInt16LE(number, 2 + 2 * i));
  const padded = (bytes: Buffer) => Buffer.concat([bytes, Buffer.alloc(-bytes.length & 3)]);
  return Buffer.concat([head, padded(Buffer.from(name)), padded(key)]);
}

/** Tells whether a display lets a client in, by the first byte of its answer. */
const isLetIn = (display: string, ...how: Parameters<typeof hello>): Promise<boolean> =>
  new Promise((resolve, reject) => {
    const socket = connect(`/tmp/.X11-unix/X${display.slice(1)}`);
    socket.once('error', reject).once('data', ([first]) => {
      socket.destroy();
      resolve(first === 1);
    });
    socket.write(hello(...how));
  });

it('lets in who has the key that its clients are told', async () => {
  using folder = makeFolder();
  const { xvfb = '' } = await requireTools(['xvfb']);
  const place = { xvfb, folder: folder.path, size: { width: 64, height: 64 } };
  await using display = await startDisplay(place, AbortSignal.timeout(60_000));
  const { DISPLAY, XAUTHORITY } = display.env;
  const key = readFileSync(XAUTHORITY).subarray(-16);
  expect(await isLetIn(DISPLAY, 'MIT-MAGIC-COOKIE-1', key)).toBe(true);
  expect(await isLetIn(DISPLAY, '', Buffer.of())).toBe(false);
  expect(await isLetIn(DISPLAY, 'MIT-MAGIC-COOKIE-1', Buffer.alloc(16))).toBe(false);
  expect(statSync(`${folder.path}/display`).mode & 0o777).toBe(0o600);
});
