import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readHistory } from '../../../harness/measure/readHistory.ts';
import { parseHistory } from '../../support/parseHistory.ts';
import { ndjson, strip } from '../../support/strip.ts';
import { refusal } from '../../support/refusal.ts';

const history = strip('rrppppbbbbpppp', 100);
const text = ndjson(history);

const errorOf = (journal: string) => refusal(() => parseHistory(journal, 'journal.ndjson'));

describe('reading a journal', () => {
  it('gives back what was written', () => {
    expect(parseHistory(text)).toEqual(history);
  });

  it('reads a last line that was cut off as the end of a crashed run', () => {
    const cut = parseHistory(text.slice(0, -20));
    expect(cut.truncated).toBe(true);
    expect(cut.records).toEqual(history.records.slice(0, -1));
  });

  it('calls a record without its end truncated even when the last line is whole', () => {
    const lines = text.trimEnd().split('\n');
    expect(parseHistory(`${lines.slice(0, -1).join('\n')}\n`).truncated).toBe(true);
  });

  it('calls a record truncated after whose end something was begun, not an empty line', () => {
    expect(parseHistory(`${text}{"type":"lo`).truncated).toBe(true);
    expect(parseHistory(`${text}{"type":"lo\n\n`).truncated).toBe(true);
    expect(parseHistory(`${text}\n`).truncated).toBe(false);
  });

  it('line by line knows as well whether the record is whole', () => {
    const lines = text.trimEnd().split('\n');
    const isTruncated = (journal: readonly string[]) => readHistory(journal, 'it').truncated;
    expect(isTruncated(lines)).toBe(false);
    expect(isTruncated(lines.slice(0, -1))).toBe(true);
    expect(isTruncated([...lines, '{"type":"lo'])).toBe(true);
    expect(readHistory(lines, 'it').records.at(-1)).toMatchObject({ type: 'end' });
  });

  it('does not need a newline at the end', () => {
    expect(parseHistory(text.trimEnd())).toEqual(history);
  });

  it.each([
    ['is not JSON', '{"type":'],
    ['has a type nobody knows', '{"type":"weather","atMs":1}'],
    ['has no time', '{"type":"phase","phase":"steady"}'],
    [
      'holds frames that are none',
      '{"type":"frames","atMs":1,"viewer":"v1","frames":[[1,2]],"player":{}}',
    ],
    ['is a number', '7'],
  ])('names the line that %s', (_, line) => {
    const lines = text.split('\n');
    const error = errorOf([...lines.slice(0, 3), line, ...lines.slice(3)].join('\n'));
    expect(error).toMatchObject({ code: 'RECORD_UNREADABLE', target: 'journal.ndjson:4' });
    expect(error.message).toContain('line 4');
  });

  it('refuses an empty file, a file of something else, and another version', () => {
    const otherVersion = text.replace('"version":2', '"version":99');
    for (const journal of ['', '\n', '<html>', '{"a":1}\n', otherVersion]) {
      expect(errorOf(journal)).toMatchObject({
        code: 'RECORD_UNREADABLE',
        target: 'journal.ndjson:1',
      });
    }
  });

  it('notices every line that was changed, moved, doubled, taken out or added', () => {
    const lines = text.trimEnd().split('\n');
    const [a, b, c] = [lines[2]!, lines[3]!, lines[4]!];
    const damaged = {
      reordered: lines.with(3, c).with(4, b),
      doubled: [...lines.slice(0, 5), ...lines.slice(2)],
      removed: lines.toSpliced(3, 1),
      'a digit': lines.with(
        3,
        b.replace(/\d/, (digit) => String((Number(digit) + 1) % 10)),
      ),
      'the last line': lines.with(
        -1,
        lines.at(-1)!.replace('"reason":"complete"', '"reason":"error"'),
      ),
      'the first line': lines.with(0, lines[0]!.replace('"holdMs":1000', '"holdMs":1001')),
      'the version': lines.with(0, lines[0]!.replace('"version":2', '"version":1')),
      'no seal': lines.with(2, a.replace(/,"line".*\}$/, '}')),
    };
    for (const journal of Object.values(damaged))
      expect(errorOf(journal.join('\n')).code).toBe('RECORD_UNREADABLE');
    expect(errorOf(damaged.removed.join('\n'))).toMatchObject({
      target: 'journal.ndjson:4',
      message: 'line 4 was written as line 5',
    });
    expect(errorOf(damaged['a digit'].join('\n'))).toMatchObject({
      target: 'journal.ndjson:4',
      message: 'line 4 is not as it was written',
    });
  });

  it('reads lines that end as on other systems', () => {
    expect(parseHistory(text.replaceAll('\n', '\r\n'))).toEqual(history);
  });

  it('never keeps what another bit made of a journal', () => {
    const bytes = Buffer.from(text);
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.nat(7), (at, bit) => {
        const flipped = Buffer.from(bytes);
        flipped[at]! ^= 1 << bit;
        try {
          const read = parseHistory(flipped.toString());
          // Only the last line may be lost, as after a crash; a line end may be any white space.
          if (!read.truncated) expect(read).toEqual(history);
        } catch (error) {
          expect(error).toMatchObject({ code: 'RECORD_UNREADABLE' });
        }
      }),
      { numRuns: 400 },
    );
  });

  it('never throws anything but RECORD_UNREADABLE, whatever the bytes', () => {
    const damage = fc.tuple(fc.nat(text.length), fc.nat(40), fc.string({ maxLength: 20 }));
    fc.assert(
      fc.property(damage, ([at, removed, added]) => {
        const damaged = text.slice(0, at) + added + text.slice(at + removed);
        try {
          parseHistory(damaged);
        } catch (error) {
          expect(error).toMatchObject({ code: 'RECORD_UNREADABLE' });
        }
      }),
    );
  });
});
