// Holds that widths without tables are those of string-width, for all that is measured without them.

import { expect, test } from 'vitest';
import stringWidth from 'string-width';
import textWidth from '../../../harness/cli/lazyWidth.ts';

/** Every character of one unit, but for halves of pairs. */
const CHARACTERS = Array.from({ length: 0x1_00_00 }, (_, code) => String.fromCharCode(code)).filter(
  (character) => character.isWellFormed(),
);

test('each character has its width, beside others', () => {
  const wrong = CHARACTERS.map((one) => `a${one}é`).filter(
    (text) => textWidth(text) !== stringWidth(text),
  );
  expect(wrong).toEqual([]);
});

test.each([
  '',
  '\u001B[31mred\u001B[39m and \u001B[1;4mmore\u001B[0m',
  '\u001B]8;;http://there\u0007link\u001B]8;;\u0007',
  '✔\uFE0F and 1\uFE0F\u20E3',
  '👩‍👩‍👧 テレビ',
  'Écran noir: 4 s → 38 min │ █▇▁ │ ✔ ✘',
])('so has %j', (text) => {
  expect(textWidth(text)).toBe(stringWidth(text));
});
