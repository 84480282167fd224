// The times that no plan says: how long the parts of a chain take that are not played but modelled.
// Measured on two cores in the real runs of FITTED_ON; `ecran-noir agree` says, of the other runs, how
// far off they are.

/** Scenarios whose real runs these times were taken from, so that they prove nothing about them. */
export const FITTED_ON: ReadonlySet<string> = new Set([
  'agreement-playlists-1',
  'agreement-segments-1',
  'agreement-links-1',
  'agreement-joining-1',
]);

/** nginx looks so often whether the answer that others wait for has come (ngx_http_file_cache.c, 1.22). */
export const LOCK_POLL_MS = 500;

/** Milliseconds. */
export const TIMES = {
  /** From a picture's frame clock to its packets at the sender. */
  encodeContributionMs: 150,
  /** From packets at the receiver to the picture at the mixer. */
  decodeMs: 60,
  /** From the first picture that a new decoder can begin with to its output. */
  decoderStartMs: 450,
  /** From the last picture of a segment to the segment. */
  encodeMs: 175,
  /** An upload over a healthy link. */
  putMs: 8,
  playlistMs: 4,
  segmentMs: 12,
  /** To connect, or to learn that nobody is there. */
  connectMs: 2,
  /** From the start of a stage's program to its work. */
  stageStartMs: 900,
  /** From the start of a player to its first picture, at least. */
  startUpMs: 150,
  /** The share of it that comes after the choice of the first segment. */
  startUpShare: 0.7,
} as const;
