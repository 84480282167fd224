// The requests of a receiver to a repair server, as RTCP feedback: for datagrams that are missing
// (generic NACK, RFC 4585, 6.2.1), and for a burst from where a decoder can begin (rapid acquisition,
// RFC 6285, 7.2, without its options). And a question of our own that it sends back as it is, by which the
// way to it is measured: an application-defined packet (RFC 3550, 6.7).

const APPLICATION = 204;
const FEEDBACK = 205;
const NACK = 1;
const ACQUISITION = 6;
/** The second byte of RFC 6285's field: a request. */
const ACQUISITION_REQUEST = 1;
const HEADER_BYTES = 12;
const FIELD_BYTES = 4;
/** A field names a number, and which of the sixteen after it are missing too. */
const FIELD_NUMBERS = 17;
const NUMBERS = 2 ** 16;

export type RepairRequest =
  { readonly kind: 'burst' } | { readonly kind: 'missing'; readonly numbers: readonly number[] };

/** Writes a request for the stream of a source; 0 = whatever is sent there. */
export const requestFeedback = (request: RepairRequest, source: number): Uint8Array =>
  request.kind === 'burst'
    ? feedback(ACQUISITION, source, [ACQUISITION_REQUEST << 24])
    : feedback(NACK, source, nackFields(request.numbers));

function feedback(format: number, source: number, fields: readonly number[]): Uint8Array {
  const packet = new Uint8Array(HEADER_BYTES + fields.length * FIELD_BYTES);
  const view = new DataView(packet.buffer);
  view.setUint8(0, 0x80 | format);
  view.setUint8(1, FEEDBACK);
  view.setUint16(2, packet.length / 4 - 1);
  view.setUint32(8, source);
  fields.forEach((field, i) => view.setUint32(HEADER_BYTES + i * FIELD_BYTES, field));
  return packet;
}

/** The numbers in the order in which they were sent. */
function nackFields(numbers: readonly number[]): number[] {
  const fields: number[] = [];
  let first = -NUMBERS;
  for (const number of numbers) {
    const steps = (number - first + 2 * NUMBERS) % NUMBERS;
    if (fields.length > 0 && steps < FIELD_NUMBERS) {
      fields[fields.length - 1]! |= 1 << (steps - 1);
      continue;
    }
    first = number;
    fields.push(number << 16);
  }
  return fields;
}

/** Undefined for what is no such request. */
export function readFeedback(packet: Uint8Array): RepairRequest | undefined {
  if (packet.length < HEADER_BYTES + FIELD_BYTES || packet.length % FIELD_BYTES !== 0)
    return undefined;
  const view = new DataView(packet.buffer, packet.byteOffset, packet.length);
  if (view.getUint8(0) >> 6 !== 2 || view.getUint8(1) !== FEEDBACK) return undefined;
  const format = view.getUint8(0) & 0x1f;
  if (format === ACQUISITION) return { kind: 'burst' };
  if (format !== NACK) return undefined;
  const numbers: number[] = [];
  for (let at = HEADER_BYTES; at < packet.length; at += FIELD_BYTES)
    numbers.push(...numbersIn(view.getUint16(at), view.getUint16(at + 2)));
  return { kind: 'missing', numbers };
}

const numbersIn = (first: number, others: number): number[] => [
  first,
  ...Array.from({ length: 16 }, (_, bit) => bit)
    .filter((bit) => (others >> bit) & 1)
    .map((bit) => (first + bit + 1) % NUMBERS),
];

/** Nearly the length of a datagram of seven transport packets; the name of the packet is four letters. */
export const ECHO = { bytes: 1_200, name: 'echo' } as const;
const ECHO_NUMBER_AT = 12;

export function echoRequest(number: number): Uint8Array {
  const packet = new Uint8Array(ECHO.bytes);
  const view = new DataView(packet.buffer);
  view.setUint8(0, 0x80);
  view.setUint8(1, APPLICATION);
  view.setUint16(2, packet.length / 4 - 1);
  packet.set(new TextEncoder().encode(ECHO.name), 8);
  view.setUint32(ECHO_NUMBER_AT, number);
  return packet;
}

/** The number of such a question; undefined for what is none. */
export function readEcho(packet: Uint8Array): number | undefined {
  if (packet.length !== ECHO.bytes || packet[0] !== 0x80 || packet[1] !== APPLICATION)
    return undefined;
  const view = new DataView(packet.buffer, packet.byteOffset, packet.length);
  return view.getUint32(ECHO_NUMBER_AT);
}
