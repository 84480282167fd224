// The box of fragmented MP4 that carries an ID3 tag (`emsg` of ISO/IEC 23009-1, 5.10.3.3, version 1).

const SCHEME = 'https://aomedia.org/emsg/ID3';
const TICKS = 1_000;
/** The event lasts until another comes. */
const OPEN_END = 0xffff_ffff;

/** `startS` is the time stamp of what it stands before. */
export function eventMessage(tag: Uint8Array, startS: number): Uint8Array {
  const words = new TextEncoder().encode(`${SCHEME}\0\0`);
  const head = 32;
  const box = new Uint8Array(head + words.length + tag.length);
  const view = new DataView(box.buffer);
  view.setUint32(0, box.length);
  box.set(new TextEncoder().encode('emsg'), 4);
  view.setUint8(8, 1);
  view.setUint32(12, TICKS);
  view.setBigUint64(16, BigInt(Math.round(startS * TICKS)));
  view.setUint32(24, OPEN_END);
  view.setUint32(28, Math.round(startS) >>> 0);
  box.set(words, head);
  box.set(tag, head + words.length);
  return box;
}
