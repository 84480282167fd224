// Names what a screen can show.

export const CLASSES = [
  'programme',
  'frozen',
  'black',
  'slate',
  'silent',
  'stalled',
  'starting',
  'dead',
  'left',
  'unmeasured',
] as const;
/** The class of one viewer's screen at one moment: exactly one of these (docs/measure.md). */
export type ScreenClass = (typeof CLASSES)[number];
