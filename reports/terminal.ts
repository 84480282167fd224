// Describes the terminal a renderer writes for, and its colours. The caller looks at the real
// terminal (TTY, NO_COLOR, columns); nothing here does.

import pc from 'picocolors';
import type { Verdict } from '../harness/model/report.ts';

export interface Terminal {
  /** Cells a line may take. */
  readonly columns: number;
  readonly colours: boolean;
}

export type Paint = ReturnType<typeof pc.createColors>;

export const paintFor = ({ colours }: Terminal): Paint => pc.createColors(colours);

/** Colour of a class of screen, link or stage, whichever the name belongs to. */
export function classPaint(paint: Paint, name: string): (text: string) => string {
  switch (name) {
    case 'programme':
    case 'up':
      return paint.green;
    case 'frozen':
      return paint.cyan;
    case 'black':
      return paint.whiteBright;
    case 'slate':
    case 'silent':
    case 'filling':
    case 'faulted':
      return paint.magenta;
    case 'partly':
    case 'stalled':
    case 'idle':
      return paint.yellow;
    case 'starting':
      return paint.blueBright;
    case 'dead':
    case 'down':
      return paint.redBright;
    default:
      return paint.gray;
  }
}

export function verdictPaint(paint: Paint, verdict: Verdict): (text: string) => string {
  switch (verdict) {
    case 'pass':
      return paint.green;
    case 'fail':
      return paint.red;
    case 'inconclusive':
      return paint.yellow;
  }
}

/** Control characters of untrusted text must not reach a terminal: they can redraw it. */
export const inert = (text: string): string => text.replace(/[\u0000-\u001f\u007f-\u009f]+/g, ' ');
