// The times that no plan says: how long the parts of a chain take that are not played but modelled.
// Measured on a run of this design on two cores; `ecran-noir agree` says how far off they are.

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
} as const;
