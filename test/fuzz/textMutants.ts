// Texts as mistakes, editors and other programs make them of sound files, for tests that no file
// brings a reader down.

import fc from 'fast-check';

const YAML_SIGNS = [
  ...['', '{', '[', ']', '}', ':', '- ', '&a ', '*a', '<<: *a', '!!binary ', '---\n', '\t'],
  ...['"', "'", '|', '#', '\n', '\r', '\r\n ', ';', ',', '=', '<', '>', '\\n', '\\'],
];
const NUMBERS = [
  ...[
    'null',
    '~',
    '.inf',
    '.nan',
    '-1',
    '-0',
    '0',
    '0x10',
    '0o17',
    '017',
    '1e23',
    '1e308',
    '1_000',
  ],
  ...[
    '9007199254740993',
    '30d',
    '0s',
    '-5m',
    '99999999999999d',
    'P999999999D',
    'PT99999999999999H',
  ],
  ...['100%', '0%', 'true', 'NaN', 'Infinity'],
];
const NAMES = [
  ...['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'all', 'a'.repeat(5_000)],
  ...['\u0007', '\u001b[2J', '\u2028', '\u202e', '\uD800', '\uFEFF', '<'.repeat(3_000)],
  ...[`${'"'.repeat(3_000)}x`, '['.repeat(3_000), '{"a":'.repeat(3_000)],
];
const TIMES = [
  ...['2025-02-30T25:61', '9999-12-31T23:59', '0000-01-01T00:00', '1970-01-01T00:00Z'],
  ...['20261025T023000', '20260329T023000', '99991231T235959Z', '00000101T000000Z', '20250912'],
  ...['2026-10-25 02:30', 'Etc/GMT-14', 'Romance Standard Time', 'Mars/Olympus', 'P1Y'],
];
const LINES = [
  ...['END:VEVENT', 'BEGIN:VEVENT', 'BEGIN:VCALENDAR', 'END:VCALENDAR', 'BEGIN:VTIMEZONE'],
  ...['RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30', 'RRULE:FREQ=SECONDLY', 'DURATION:P999999999D'],
  ...['RDATE:20261110T010000Z', 'EXDATE:x', 'RECURRENCE-ID:20261110T010000Z', 'STATUS:CANCELLED'],
  ...['SEQUENCE:-1', 'DTSTART;VALUE=DATE:20261110', 'TZOFFSETTO:+9999', 'METHOD:CANCEL', ' folded'],
  ...[
    'Content-Transfer-Encoding: base64',
    'Content-Type: multipart/mixed; boundary=x',
    '--x',
    '--x--',
  ],
];

/** One change of a text. */
interface Change {
  readonly kind: 'piece' | 'word' | 'line' | 'copy' | 'cut' | 'case' | 'ends';
  readonly at: number;
  readonly length: number;
  readonly put: string;
}

const change: fc.Arbitrary<Change> = fc.record({
  kind: fc.constantFrom(
    ...(['piece', 'piece', 'word', 'word', 'word', 'line', 'copy', 'cut', 'case', 'ends'] as const),
  ),
  at: fc.nat(),
  length: fc.nat({ max: 12 }),
  put: fc.constantFrom(...YAML_SIGNS, ...NUMBERS, ...NAMES, ...TIMES, ...LINES),
});

/** Texts that are one of the seeds but for one to four changes. */
export const mutantsOf = (seeds: readonly string[]): fc.Arbitrary<string> =>
  fc
    .tuple(fc.constantFrom(...seeds), fc.array(change, { minLength: 1, maxLength: 4 }))
    .map(([seed, changes]) => changes.reduce(changed, seed));

function changed(text: string, { kind, at, length, put }: Change): string {
  const from = at % (text.length + 1);
  switch (kind) {
    case 'piece':
      return text.slice(0, from) + put + text.slice(from + length);
    case 'word':
      return replaced(text.split(/([\s,{}[\]:;=]+)/), at, () => [put]).join('');
    case 'line':
      return replaced(text.split('\n'), at, () => [put]).join('\n');
    case 'copy':
      return replaced(text.split('\n'), at, (line) => [line, line]).join('\n');
    case 'cut':
      return length < 3 ? text.slice(0, from) : replaced(text.split('\n'), at, () => []).join('\n');
    case 'case':
      return replaced(text.split(/([\s,:;=]+)/), at, otherCase).join('');
    case 'ends':
      return text.replaceAll('\n', ['\r\n', '\r', '\n\n', '\u2028'][length % 4] ?? '\n');
  }
}

const replaced = (
  parts: readonly string[],
  at: number,
  by: (part: string) => readonly string[],
): readonly string[] =>
  parts.toSpliced(at % parts.length, 1, ...by(parts[at % parts.length] ?? ''));

const otherCase = (word: string): readonly string[] => [
  word === word.toLowerCase() ? word.toUpperCase() : word.toLowerCase(),
];
