import type { Answer } from '../../harness/model/answer.ts';

/** A playlist of one segment with this number, as a request of ours saw it. */
export const playlistSeen = (newest: number): NonNullable<Answer['playlist']> => ({
  newest: String(newest),
  sequence: newest,
  numbers: [newest],
  gaps: [],
  countsDiscontinuities: true,
});
