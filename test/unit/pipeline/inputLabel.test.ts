// Tests how a contribution connection says which input it is for.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { inputLabel, readInputLabel } from '../../../harness/pipeline/inputLabel.ts';

test('is one null packet of a transport stream, read back to the same name', () => {
  const packet = inputLabel('connect-up-b');
  expect(packet).toHaveLength(188);
  expect([...packet.subarray(0, 3)]).toEqual([0x47, 0x1f, 0xff]);
  const followed = Buffer.concat([packet, Buffer.from('more')]);
  expect(readInputLabel(followed)).toBe('connect-up-b');
});

test('is waited for until it is whole', () => {
  const packet = inputLabel('a');
  expect(readInputLabel(packet.subarray(0, 187))).toBeUndefined();
});

test('is no name in any other stream', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 188, maxLength: 400 }), (bytes) => {
      expect(readInputLabel(Buffer.from(bytes))).toBe('');
    }),
  );
  expect(readInputLabel(Buffer.concat([inputLabel('a').subarray(0, 4), Buffer.alloc(184)]))).toBe(
    '',
  );
});
