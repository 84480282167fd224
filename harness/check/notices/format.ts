// One form in which notices come: who it is recognised by, and how it is read.

import type { NoticeReading } from './notice.ts';

/** A file as it lies on the disk. */
export interface NoticeFile {
  /** Named in errors and findings. */
  readonly file: string;
  readonly bytes: Uint8Array;
  /** The text of the file that says what the columns of a table mean, with its name. */
  readonly mapping?: { readonly file: string; readonly text: string };
}

export interface NoticeText extends NoticeFile {
  /** Decoded; line ends as they are. */
  readonly text: string;
}

export interface NoticeFormat {
  /** One word or two for people. */
  readonly name: string;
  /** By content first: mail programs name files as they like. */
  readonly isIn: (file: NoticeText) => boolean;
  /** Never throws for what a file says: that is among its problems. */
  readonly read: (file: NoticeText) => NoticeReading | Promise<NoticeReading>;
}
