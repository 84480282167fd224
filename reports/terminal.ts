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

type Colour = Exclude<keyof Paint, 'isColorSupported'>;

const CLASS_COLOURS: readonly (readonly [Colour, readonly string[]])[] = [
  ['green', ['programme', 'up']],
  ['cyan', ['frozen']],
  ['whiteBright', ['black']],
  ['magenta', ['slate', 'silent', 'filling', 'faulted']],
  ['yellow', ['partly', 'stalled', 'idle']],
  ['blueBright', ['starting']],
  ['redBright', ['dead', 'down']],
];

/** Colour of a class of screen, link or stage, whichever the name belongs to. */
export const classPaint = (paint: Paint, name: string): ((text: string) => string) =>
  paint[CLASS_COLOURS.find(([, names]) => names.includes(name))?.[0] ?? 'gray'];

const VERDICT_COLOURS = { pass: 'green', fail: 'red', inconclusive: 'yellow' } as const;

export const verdictPaint = (paint: Paint, verdict: Verdict): ((text: string) => string) =>
  paint[VERDICT_COLOURS[verdict]];

/** Control characters of untrusted text must not reach a terminal: they can redraw it. */
export const inert = (text: string): string => text.replace(/[\u0000-\u001f\u007f-\u009f]+/g, ' ');
