// Reads the tables that announce a programme: the list of programmes (PAT), the map of one (PMT), both of
// ISO/IEC 13818-1, 2.4.4, and the name of the service (SDT, ETSI EN 300 468, 5.2.3). Counts those that are
// wrong and those that do not come in time, as ETSI TR 101 290 asks (1.3, 1.5 and 3.5).

import { PACKET_BYTES, SYNC_BYTE } from './transportStream.ts';

const PAT = { pid: 0, id: 0x00, everyMs: 500 } as const;
const PMT = { id: 0x02, everyMs: 500 } as const;
const SDT = { pid: 0x11, id: 0x42, everyMs: 2_000 } as const;
/** Service descriptor (EN 300 468, 6.2.33). */
const SERVICE = 0x48;
const CRC_BYTES = 4;
const POLYNOMIAL = 0x04c1_1db7;

export function tablesMeter() {
  let errors = 0;
  let service: string | undefined;
  let mapPid: number | undefined;
  let lastAtMs: number | undefined;
  const seen = { pat: 0, pmt: 0, sdt: 0 };
  const read = (table: keyof typeof seen, section: Uint8Array, atMs: number): boolean => {
    seen[table] = atMs;
    if (checksum(section) === 0) return true;
    errors += 1;
    return false;
  };
  const takeOne = (packet: Uint8Array, atMs: number) => {
    const pid = ((packet[1]! & 0x1f) << 8) | packet[2]!;
    if (pid !== PAT.pid && pid !== SDT.pid && pid !== mapPid) return;
    const section = sectionIn(packet);
    const id = section?.[0];
    if (!section) return;
    if (pid === PAT.pid && id === PAT.id && read('pat', section, atMs)) mapPid = mapPidIn(section);
    if (pid === mapPid && id === PMT.id) read('pmt', section, atMs);
    if (pid === SDT.pid && id === SDT.id && read('sdt', section, atMs))
      service = serviceIn(section) ?? service;
  };
  const missing = (table: keyof typeof seen, everyMs: number, atMs: number) => {
    if (atMs - seen[table] <= everyMs) return;
    errors += 1;
    seen[table] = atMs;
  };
  return {
    /** Takes whole packets, with the time at which they came. */
    take: (packets: Uint8Array, atMs: number): void => {
      // While nothing came, no table could.
      if (lastAtMs === undefined || atMs - lastAtMs > PAT.everyMs)
        seen.pat = seen.pmt = seen.sdt = atMs;
      lastAtMs = atMs;
      for (let at = 0; at + PACKET_BYTES <= packets.length; at += PACKET_BYTES)
        if (packets[at] === SYNC_BYTE) takeOne(packets.subarray(at, at + PACKET_BYTES), atMs);
      missing('pat', PAT.everyMs, atMs);
      missing('pmt', PMT.everyMs, atMs);
      missing('sdt', SDT.everyMs, atMs);
    },
    /** Tables that were damaged, or did not come in time, so far. */
    get errors() {
      return errors;
    },
    /** The name that the newest table gives the service. */
    get service() {
      return service;
    },
  };
}

/** The section that begins in a packet and fits into it, its checksum included; undefined without one. */
export function sectionIn(packet: Uint8Array): Uint8Array | undefined {
  const begins = (packet[1]! & 0x40) !== 0;
  const control = (packet[3]! >> 4) & 3;
  if (!begins || (control & 1) === 0) return undefined;
  const payload = 4 + ((control & 2) === 0 ? 0 : 1 + packet[4]!);
  const from = payload + 1 + (packet[payload] ?? 0);
  const length = ((packet[from + 1]! & 0x0f) << 8) | packet[from + 2]!;
  const end = from + 3 + length;
  return end > from + 3 + CRC_BYTES && end <= packet.length
    ? packet.subarray(from, end)
    : undefined;
}

/** 0 over a whole section, its own checksum included (ISO/IEC 13818-1, annex A). */
export function checksum(section: Uint8Array): number {
  let sum = 0xffff_ffff;
  for (const byte of section) {
    sum ^= byte << 24;
    for (let bit = 0; bit < 8; bit++) sum = sum < 0 ? (sum << 1) ^ POLYNOMIAL : sum << 1;
  }
  return sum | 0;
}

/** PID of the map of the first programme; number 0 is the network's. */
export function mapPidIn(pat: Uint8Array): number | undefined {
  for (let at = 8; at + 4 <= pat.length - CRC_BYTES; at += 4)
    if (pat[at] !== 0 || pat[at + 1] !== 0) return ((pat[at + 2]! & 0x1f) << 8) | pat[at + 3]!;
  return undefined;
}

/** The name in the first descriptor of a service, without a byte that names its alphabet. */
function serviceIn(sdt: Uint8Array): string | undefined {
  const end = 16 + (((sdt[14]! & 0x0f) << 8) | sdt[15]!);
  for (let at = 16; at + 2 <= Math.min(end, sdt.length - CRC_BYTES); at += 2 + sdt[at + 1]!) {
    if (sdt[at] !== SERVICE) continue;
    const name = at + 4 + sdt[at + 3]!;
    const text = sdt.subarray(name + 1, name + 1 + sdt[name]!);
    return new TextDecoder().decode(text[0]! < 0x20 ? text.subarray(1) : text);
  }
  return undefined;
}
