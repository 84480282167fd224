// A notice of planned work, whichever form it came in: the readers of notices/formats make these,
// and windowsOfNotices.ts makes announced windows of them.

import type { AnnouncedWindow } from '../input.ts';

/** Words of the maintenance-notification BCOP in small letters, `none` for its NO-IMPACT. */
export const IMPACTS = ['none', 'reduced-redundancy', 'degraded', 'outage'] as const;
export type Impact = (typeof IMPACTS)[number];

/** `off` is called off; `over` has been done; `postponed` will be done, nobody knows when. */
export type NoticeState = 'confirmed' | 'tentative' | 'off' | 'over' | 'postponed';

/** Nobody works at the times of such a notice. */
export const isCalledOff = (state: NoticeState): boolean =>
  state !== 'confirmed' && state !== 'tentative';

export interface NoticeObject {
  /** Circuit, connection or device as the provider writes it. */
  readonly id: string;
  /** Undefined = the impact of the notice. */
  readonly impact: Impact | undefined;
}

export interface NoticeSpan {
  readonly fromEpochMs: number;
  readonly toEpochMs: number;
  /** The start as it was written. */
  readonly clock: AnnouncedWindow['clock'];
}

/** One thing that is wrong or doubtful in a file, and where: `file:line`. */
export interface NoticeProblem {
  readonly source: string;
  readonly text: string;
  readonly hint: string;
}

export interface Notice {
  /** For people: the work order, else the summary, else the uid. */
  readonly name: string;
  /** Who works; empty when the notice does not say. */
  readonly owner: string;
  /** The id that versions of one notice share, together with the owner. */
  readonly uid: string | undefined;
  readonly workId: string | undefined;
  /** The time of a series that it is about, where it is not about all of them. */
  readonly occurrence?: string;
  /** Undefined = it cannot be read, which is among the problems. */
  readonly sequence: number | undefined;
  readonly stampedAtEpochMs: number | undefined;
  readonly modifiedAtEpochMs: number | undefined;
  /** When those who must act were told of these times. */
  readonly toldAtEpochMs: number | undefined;
  readonly state: NoticeState;
  readonly kind: AnnouncedWindow['kind'];
  readonly impact: Impact;
  readonly objects: readonly NoticeObject[];
  /** Prose that may name what is worked on. */
  readonly texts: readonly string[];
  /** Undefined = it cannot be read, which is among the problems. */
  readonly span: NoticeSpan | undefined;
  /** Each of them keeps the notice from being judged. */
  readonly problems: readonly NoticeProblem[];
  /** Said, and judged all the same. */
  readonly doubts: readonly NoticeProblem[];
  readonly source: string;
}

/** All that one file holds. */
export interface NoticeReading {
  readonly notices: readonly Notice[];
  /** The problems of the file as a whole: what it announces may be missing. */
  readonly problems: readonly NoticeProblem[];
  readonly doubts: readonly NoticeProblem[];
  /** Entries that are no notices, such as answers to an invitation. */
  readonly leftOut: readonly NoticeProblem[];
}

export const NOTHING_READ: NoticeReading = { notices: [], problems: [], doubts: [], leftOut: [] };
