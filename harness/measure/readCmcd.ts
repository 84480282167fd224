// Reads what players say of themselves by CMCD (CTA-5004), of version 1 or 2.

import { decodeCmcd } from '@svta/cml-cmcd';

/** The parts of CMCD that can be held against what was seen of a screen. */
export interface Said {
  /** The buffer ran empty since the request before. */
  readonly starved: boolean;
  /** Media ahead of the playhead, by the player; it rounds to 100 ms. */
  readonly bufferMs?: number;
}

/** A text that is no CMCD says nothing. */
export function readCmcd(text: string): Said {
  const { bs, bl } = decode(text);
  // Version 2 gives a list, one value a kind of media: the smallest counts.
  const levels = [bl]
    .flat()
    .map((one) => Number((one as { value?: unknown } | undefined)?.value ?? one));
  const bufferMs = Math.min(...levels.filter(Number.isFinite));
  return { starved: bs === true, ...(Number.isFinite(bufferMs) && { bufferMs }) };
}

function decode(text: string): Readonly<Record<string, unknown>> {
  try {
    return decodeCmcd(text);
  } catch {
    return {};
  }
}
