// Bytes of a file as text: most are UTF-8, some come from programs that are older.

/**
 * UTF-16 by its mark, or by the zero beside a first letter that is western; UTF-8 where it is valid
 * but for folds, else the western code page of Windows.
 */
export function decode(bytes: Uint8Array): string {
  const [first = 1, second = 1] = bytes;
  if ((first === 0xff && second === 0xfe) || (first > 0 && second === 0))
    return new TextDecoder('utf-16le').decode(bytes);
  if ((first === 0xfe && second === 0xff) || (first === 0 && second > 0))
    return new TextDecoder('utf-16be').decode(bytes);
  return readUtf8(bytes) ?? readUtf8(unfoldLetters(bytes)) ?? western(bytes);
}

const western = (bytes: Uint8Array): string => new TextDecoder('windows-1252').decode(bytes);

function readUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

const isRest = (byte = 0): boolean => byte >> 6 === 0b10;

/** A calendar may be folded inside a letter of several bytes (RFC 5545, 3.1): the fold goes behind it. */
function unfoldLetters(bytes: Uint8Array): Uint8Array {
  const moved = Uint8Array.from(bytes);
  for (const [at, byte] of moved.entries()) {
    const fold = isRest(byte) ? foldBefore(moved, at) : 0;
    if (fold === 0 || (moved[at - fold - 1] ?? 0) < 0x80) continue;
    moved.copyWithin(at - fold + 1, at - fold, at);
    moved[at - fold] = byte;
  }
  return moved;
}

/** Gives the length of the line break and blank that end before a byte, or 0. */
function foldBefore(bytes: Uint8Array, at: number): number {
  const [cr, lf, blank = 0] = bytes.subarray(Math.max(0, at - 3), at);
  if (at < 3 || lf !== 0x0a || (blank !== 0x20 && blank !== 0x09)) return 0;
  return cr === 0x0d ? 3 : 2;
}
