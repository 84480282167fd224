// Widths of text in a terminal, as string-width gives them. Its tables cost 30 ms, and are loaded for
// text alone that may need them.

import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

const COLOURS = new RegExp(String.raw`\u001B\[[\d;]*m`, 'g');
/** Beyond these: Latin letters, punctuation, arrows, frames, blocks and signs of reports, each of them one cell wide. */
const OTHERS =
  /[^ -~\u00A0-\u00AC\u00AE-\u017F\u2013\u2014\u2018-\u201D\u2026\u2190-\u2193\u2248\u2264\u2265\u2500-\u259F\u25B2\u25BC\u266A\u2714\u2718\u2A7D\u2A7E]/;

let whole: ((text: string) => number) | undefined;

function textWidth(text: string): number {
  const plain = text.replaceAll(COLOURS, '');
  if (!OTHERS.test(plain)) return plain.length;
  whole ??= (require('string-width') as { default: (text: string) => number }).default;
  return whole(text);
}

export { textWidth as default };
