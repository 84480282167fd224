// Markup that is safe by construction: whatever is put into a template is escaped, unless it was
// made by a template itself. Text of scenarios and records is never trusted.

/** A symbol, so that no JSON, however hostile, can pass for markup. */
const MARKUP = Symbol('markup');

export interface Markup {
  readonly [MARKUP]: string;
}

export type Piece = Markup | string | number | undefined | readonly Piece[];

/** `html\`<p>${text}</p>\``: text escaped, markup as it is, lists joined, undefined left out. */
export function html(strings: TemplateStringsArray, ...pieces: readonly Piece[]): Markup {
  return { [MARKUP]: String.raw({ raw: strings }, ...pieces.map(written)) };
}

export const markupText = (markup: Markup): string => markup[MARKUP];

function written(piece: Piece): string {
  if (piece === undefined) return '';
  if (typeof piece === 'string') return escaped(piece);
  if (typeof piece === 'number') return escaped(String(piece));
  return isMarkup(piece) ? piece[MARKUP] : piece.map(written).join('');
}

const isMarkup = (piece: Markup | readonly Piece[]): piece is Markup => MARKUP in piece;

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '`': '&#96;',
};

const escaped = (text: string): string => text.replace(/[&<>"'`]/g, (c) => ENTITIES[c] ?? c);
