// Requests to a repair server, byte by byte as the standards have them.

import { describe, expect, it } from 'vitest';
import {
  echoRequest,
  readEcho,
  readFeedback,
  requestFeedback,
} from '../../../harness/model/rtcp.ts';
import { rtpPacket } from '../../../harness/model/rtp.ts';

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

describe('a request to a repair server', () => {
  it('for missing datagrams is the generic NACK of RFC 4585', () => {
    const request = requestFeedback({ kind: 'missing', numbers: [0x1234, 0x1235, 0x1244] }, 0xcafe);
    // Version 2, format 1; type 205; three words more; our source 0; theirs; number and bits.
    expect(hex(request)).toBe('81cd0003' + '00000000' + '0000cafe' + '12348001');
  });

  it('for a burst is the rapid acquisition of RFC 6285', () => {
    expect(hex(requestFeedback({ kind: 'burst' }, 0))).toBe(
      '86cd0003' + '0000000000000000' + '01000000',
    );
  });

  it.each([[[7]], [[7, 8, 9]], [[7, 23, 24, 100]], [[65_530, 65_535, 0, 3]]])(
    'is read as it was written: %j',
    (numbers) => {
      const request = { kind: 'missing', numbers } as const;
      expect(readFeedback(requestFeedback(request, 1))).toEqual(request);
    },
  );

  it('is no datagram of the programme, and nothing shorter', () => {
    const payload = new Uint8Array(188).fill(0x47);
    expect(readFeedback(rtpPacket({ number: 1, source: 1, payload }, 0))).toBeUndefined();
    expect(readFeedback(new Uint8Array(12).fill(0x81))).toBeUndefined();
    expect(readFeedback(new Uint8Array(0))).toBeUndefined();
    expect(readFeedback(requestFeedback({ kind: 'burst' }, 0).subarray(0, 15))).toBeUndefined();
  });
});

describe('a question that a repair server sends back', () => {
  it('is an application-defined packet of RFC 3550, and read by its number', () => {
    const question = echoRequest(0x1234);
    // Version 2; type 204; 299 words more; our source 0; the name.
    expect(hex(question.subarray(0, 16))).toBe('80cc012b' + '00000000' + '6563686f' + '00001234');
    expect(readEcho(question)).toBe(0x1234);
    expect(readFeedback(question)).toBeUndefined();
  });

  it('is nothing else', () => {
    const payload = new Uint8Array(188).fill(0x47);
    expect(readEcho(rtpPacket({ number: 1, source: 1, payload }, 0))).toBeUndefined();
    expect(readEcho(requestFeedback({ kind: 'burst' }, 0))).toBeUndefined();
    expect(readEcho(new Uint8Array(0))).toBeUndefined();
  });
});
