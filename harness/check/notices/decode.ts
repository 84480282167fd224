// Bytes of a file as text: most are UTF-8, some come from programs that are older.

/**
 * UTF-16 by its mark, or by the zero beside a first letter that is western; UTF-8 where it is valid,
 * else the western code page of Windows.
 */
export function decode(bytes: Uint8Array): string {
  const [first = 1, second = 1] = bytes;
  if ((first === 0xff && second === 0xfe) || (first > 0 && second === 0))
    return new TextDecoder('utf-16le').decode(bytes);
  if ((first === 0xfe && second === 0xff) || (first === 0 && second > 0))
    return new TextDecoder('utf-16be').decode(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}
