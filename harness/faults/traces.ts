// Describes the evidence of a fault: the trace that it leaves, for whoever stands where it can be seen.
// The kind of a fault says what its trace is; harness/witness finds who sees it, and judges.

import type { WrongAnswers } from '../model/wrongAnswers.ts';

/** The trace of a fault in a stream of many bytes a second, where it arrives. */
export type StreamTrace =
  | { readonly kind: 'silence' }
  | { readonly kind: 'rate'; readonly limitKbps: number }
  /** Everything comes later, as much as its numbers say. */
  | { readonly kind: 'delay' }
  /** Bytes come fewer at a time. */
  | { readonly kind: 'pieces' }
  /** No byte for a moment, and all of them after it. */
  | { readonly kind: 'gap' }
  /** A share of the datagrams that are numbered does not come, or comes twice or too late. */
  | { readonly kind: 'datagrams'; readonly lack: DatagramLack; readonly share: number };

export type DatagramLack = 'lost' | 'twice' | 'late';

/** The trace of a fault on a stage, or made by one. */
export type StageTrace =
  /** It reports nothing until it is healed. */
  | { readonly kind: 'reports' }
  /** Its counters begin again. */
  | { readonly kind: 'lives' }
  /** It reports, but its neighbours miss it. */
  | { readonly kind: 'absence' }
  | { readonly kind: 'limits'; readonly cpus?: number; readonly memoryMb?: number }
  /** A transcoder sees or hears it in the programme. */
  | { readonly kind: 'sight'; readonly shows: 'black' | 'frozen' | 'silent' | 'wrong-channel' }
  /** The contribution says it of itself. */
  | { readonly kind: 'format'; readonly change: FormatChange }
  /** The dates of the playlists that come of it step by so much. */
  | { readonly kind: 'dates'; readonly byMs: number }
  /** An upload is refused for want of room. */
  | { readonly kind: 'store' }
  /** Requests that match are answered wrong. */
  | { readonly kind: 'request'; readonly wrong: WrongAnswers };

export type FormatChange =
  | { readonly kind: 'jump'; readonly byMs: number }
  | { readonly kind: 'size'; readonly width: number; readonly height: number }
  | { readonly kind: 'codec'; readonly codec: string };
