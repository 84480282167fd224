// Tables of a programme as ffmpeg writes them, and as they come damaged or late.

import { expect, it } from 'vitest';
import { tablesMeter } from '../../../harness/model/programTables.ts';
import { PACKET_BYTES } from '../../../harness/model/transportStream.ts';

/** Made by `ffmpeg -f lavfi -i testsrc … -metadata service_name=one -f mpegts -`. */
const SDT = '474011100042f01f0001c10000ff01ff0001fc800e480c010646466d706567036f6e6506317ed2';
const PAT = '474000100000b00d0001c100000001f0002ab104b2';
const PMT = '475000100002b0120001c10000e100f0001be100f00015bd4d56';
const PICTURE = '4741001000';

const packets = (...heads: readonly string[]): Uint8Array =>
  Buffer.concat(heads.map((head) => Buffer.from(head.padEnd(2 * PACKET_BYTES, 'f'), 'hex')));

/** The tables come this often for ten seconds, beside pictures that come ten times a second. */
function errorsOver(everyMs: Readonly<Record<'pat' | 'pmt' | 'sdt', number>>): number {
  const meter = tablesMeter();
  for (let atMs = 0; atMs <= 10_000; atMs += 100) {
    const due = [
      ...(atMs % everyMs.pat === 0 ? [PAT] : []),
      ...(atMs % everyMs.pmt === 0 ? [PMT] : []),
      ...(atMs % everyMs.sdt === 0 ? [SDT] : []),
    ];
    meter.take(packets(...due, PICTURE), atMs);
  }
  return meter.errors;
}

it('name the service', () => {
  const meter = tablesMeter();
  expect(meter.service).toBeUndefined();
  meter.take(packets(PAT, PMT, SDT), 0);
  expect({ service: meter.service, errors: meter.errors }).toEqual({ service: 'one', errors: 0 });
});

it.each([
  ['all in time', { pat: 100, pmt: 100, sdt: 500 }, 0],
  ['no list of programmes for a second, five times', { pat: 2_000, pmt: 100, sdt: 500 }, 15],
  ['a map too seldom', { pat: 100, pmt: 1_000, sdt: 500 }, 10],
  ['a name too seldom', { pat: 100, pmt: 100, sdt: 4_000 }, 2],
])('are counted when they are missing: %s', (_, everyMs, errors) => {
  expect(errorsOver(everyMs)).toBe(errors);
});

it.each([PAT, PMT, SDT])('are counted when they are damaged, and not read: %s', (table) => {
  const meter = tablesMeter();
  meter.take(packets(PAT, PMT), 0);
  meter.take(packets(`${table.slice(0, -2)}00`), 10);
  expect({ service: meter.service, errors: meter.errors }).toEqual({
    service: undefined,
    errors: 1,
  });
});

it('are missed no more than their stream', () => {
  const meter = tablesMeter();
  meter.take(packets(PAT, PMT, SDT), 0);
  meter.take(packets(PICTURE), 60_000);
  expect(meter.errors).toBe(0);
});
