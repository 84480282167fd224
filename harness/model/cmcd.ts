// Defines the words of players about themselves that come to an edge with their requests (CTA-5004,
// Common Media Client Data), and reads them.

/** The parts of CMCD that can be held against what was seen of a screen. */
export interface Said {
  /** The buffer ran empty since the request before. */
  readonly starved: boolean;
  /** Media ahead of the playhead, by the player; it rounds to 100 ms. */
  readonly bufferMs?: number;
}

/** A request that came with CMCD. */
export interface CmcdRequest {
  /** The Host header: it names the viewer. */
  readonly host: string;
  readonly path: string;
  readonly status: number;
  /** The keys and values as the player wrote them, without the encoding of an address. */
  readonly says: string;
}

/** Such a request, as an edge told of it. */
export interface CmcdRecord extends CmcdRequest {
  readonly type: 'cmcd';
  readonly atMs: number;
  readonly stage: string;
}

/** Longer ones are cut: no player says so much. */
export const CMCD_LENGTH_MAX = 1_000;

/** The CMCD of one viewer held against its ledger. */
export interface CmcdResult {
  readonly requests: number;
  /** Times that the player said that its buffer ran empty. */
  readonly starved: number;
  /** When it said so, though its screen showed the programme all the time since its request before. */
  readonly unseenMs: readonly number[];
  /** When its screen stalled, and no request after it said so. */
  readonly untoldMs: readonly number[];
  /** The buffer by the player less that of the video element, in the median; absent where not told. */
  readonly bufferApartMs?: number;
}

/** Reads a CMCD dictionary, of version 1 or 2. Keys that cannot be read are left out. */
export function readCmcd(text: string): Said {
  const values = new Map(
    splitMembers(text).map((member) => {
      const at = member.indexOf('=');
      return at < 0
        ? ([member, 'true'] as const)
        : ([member.slice(0, at), member.slice(at + 1)] as const);
    }),
  );
  const bufferMs = readNumber(values.get('bl'));
  return {
    starved: TRUE.has(values.get('bs') ?? ''),
    ...(bufferMs !== undefined && { bufferMs }),
  };
}

/** A flag stands alone; as a value of a structured field it is ?1. */
const TRUE: ReadonlySet<string> = new Set(['true', '?1']);

/** Commas part members, but not those in strings and inner lists. */
function splitMembers(text: string): string[] {
  const members = text.match(/(?:"(?:\\.|[^"\\])*"|\([^)]*\)|[^,"(])+/g) ?? [];
  return members.map((member) => member.trim());
}

/** A number; of an inner list (version 2, one value a kind of media) the smallest. */
function readNumber(value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  const items = value.startsWith('(')
    ? value.slice(1, value.indexOf(')')).trim().split(/\s+/)
    : [value];
  const numbers = items.map((item) => Number(item.split(';')[0] || NaN)).filter(Number.isFinite);
  return numbers.length > 0 ? Math.min(...numbers) : undefined;
}
