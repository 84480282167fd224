// The evidence of an interruption: small pictures around a change of one screen, the playlist that the
// player had been given last, and the requests that were under way. Times are milliseconds after those
// of the record that it is in, so they are negative for what was before it.

export interface Evidence {
  /** A loss begins here; else the programme is back. */
  readonly begins: boolean;
  /** In order of time. */
  readonly pictures: readonly SmallPicture[];
  /** Absent where no playlist or manifest was answered yet. */
  readonly playlist?: GivenPlaylist;
  /** Requests without their whole answer, the oldest first; absent for none. */
  readonly underWay?: readonly RequestUnderWay[];
}

/** The pixels that were read, as WebP of 96x54. */
export interface SmallPicture {
  readonly atMs: number;
  /** Base64; absent where the report is given the picture by its name alone. */
  readonly webp?: string;
}

export interface GivenPlaylist {
  readonly path: string;
  /** When it had been answered. */
  readonly atMs: number;
  /** Its beginning and its end where it is long; addresses in it without their queries. */
  readonly text: string;
}

export interface RequestUnderWay {
  readonly path: string;
  /** When it was sent. */
  readonly atMs: number;
}

/** Bounds on what one page keeps, and one record holds. */
export const EVIDENCE_MAX = {
  /** For one viewer. */
  records: 40,
  pictures: 6,
  underWay: 8,
  /** Characters of one picture, of one playlist, and of all records of a page. */
  webp: 8_000,
  playlist: 4_000,
  page: 4_000_000,
} as const;

/** The name of a picture for reports: by its viewer, the time of its record, its place there. */
export const pictureName = (viewer: string, atMs: number, place: number): string =>
  `evidence/${viewer}/${Math.round(atMs)}/${place}`;
