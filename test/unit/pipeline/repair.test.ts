// The repair server of a sender, in virtual time.

import { describe, expect, it } from 'vitest';
import { createRepairServer } from '../../../harness/pipeline/multicast/repair.ts';
import { readRtp, rtpPacket } from '../../../harness/model/rtp.ts';
import { PACKET_BYTES, SYNC_BYTE } from '../../../harness/model/transportStream.ts';

const packetOf = (...head: readonly number[]): Uint8Array => {
  const packet = new Uint8Array(PACKET_BYTES);
  packet.set([SYNC_BYTE, ...head]);
  return packet;
};
const TABLES = packetOf(0x40, 0, 0x10);
/** Random access, then the head of a picture, or of sound. */
const begin = (stream: number) => packetOf(0x41, 0, 0x30, 1, 0x40, 0, 0, 1, stream);
const PICTURE = begin(0xe0);
const SOUND = begin(0xc0);
const OTHER = packetOf(0x01, 0, 0x10);
/** With the twelve bytes of its head. */
const DATAGRAM_BYTES = PACKET_BYTES + 12;

function server(budgetKbps = 100_000) {
  let nowMs = 0;
  const sent: [number, string][] = [];
  const repair = createRepairServer<string>({
    budgetKbps,
    send: (datagram, to) => sent.push([readRtp(datagram)!.number, to]),
    clock: { epochMs: () => nowMs },
  });
  let number = 0;
  return {
    repair,
    sent,
    keeps: (...payloads: Uint8Array[]) =>
      payloads.forEach((payload) =>
        repair.keep(rtpPacket({ number: ++number, source: 1, payload }, nowMs)),
      ),
    at: (ms: number) => {
      nowMs = ms;
      repair.tick();
    },
  };
}

describe('a repair server', () => {
  it('sends again what it has, to who asks', () => {
    const { repair, keeps, sent, at } = server();
    keeps(OTHER, OTHER, OTHER);
    repair.ask({ kind: 'missing', numbers: [2, 9] }, 'a');
    at(10);
    expect(sent).toEqual([[2, 'a']]);
    expect(repair.counts).toEqual({ datagramsRepaired: 1, datagramsBurst: 0 });
  });

  it('bursts from the tables before the newest picture to begin with', () => {
    const { repair, keeps, sent, at } = server();
    keeps(TABLES, PICTURE, OTHER, TABLES, SOUND, PICTURE, OTHER, TABLES, SOUND);
    repair.ask({ kind: 'burst' }, 'a');
    at(10);
    expect(sent.map(([number]) => number)).toEqual([4, 5, 6, 7, 8, 9]);
    expect(repair.counts.datagramsBurst).toBe(6);
  });

  it('bursts nothing where nobody could begin', () => {
    const { repair, keeps, sent, at } = server();
    keeps(PICTURE, OTHER, TABLES, SOUND);
    repair.ask({ kind: 'burst' }, 'a');
    at(10);
    expect(sent).toEqual([]);
  });

  it('keeps to its budget, and lets a repair wait behind the bursts of others', () => {
    const datagramMs = 10;
    const { repair, keeps, sent, at } = server((DATAGRAM_BYTES * 8) / datagramMs);
    keeps(TABLES, PICTURE, OTHER);
    for (const box of ['a', 'b']) repair.ask({ kind: 'burst' }, box);
    repair.ask({ kind: 'missing', numbers: [3] }, 'c');
    at(30);
    expect(sent).toHaveLength(3);
    at(60);
    expect(sent).toHaveLength(6);
    at(70);
    expect(sent.at(-1)).toEqual([3, 'c']);
  });

  it('saves no more than a moment of its budget', () => {
    const { repair, keeps, sent, at } = server((DATAGRAM_BYTES * 8) / 10);
    at(10_000);
    keeps(...Array.from({ length: 20 }, () => OTHER));
    repair.ask({ kind: 'missing', numbers: Array.from({ length: 20 }, (_, i) => i + 1) }, 'a');
    at(10_010);
    expect(sent).toHaveLength(6);
  });

  it('drops what has waited too long, and forgets what is old', () => {
    const { repair, keeps, sent, at } = server(1);
    keeps(OTHER);
    repair.ask({ kind: 'missing', numbers: [1] }, 'a');
    at(1_001);
    at(60_000);
    keeps(OTHER);
    repair.ask({ kind: 'missing', numbers: [1] }, 'a');
    at(62_000);
    expect(sent).toEqual([]);
  });
});
