// Defines the words of players about themselves that come to an edge with their requests (CTA-5004,
// Common Media Client Data).

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
