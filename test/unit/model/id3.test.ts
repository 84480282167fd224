// Alerts in an ID3 tag, and the tag in segments.

import { describe, expect, it } from 'vitest';
import { alertsInTag, alertsInText, alertsTag } from '../../../harness/model/id3.ts';

const alertWith = (text: string) => ({
  id: 'a',
  number: 1,
  revision: 2,
  exercise: false,
  text,
  issuedEpochMs: 5,
});

describe('an ID3 tag with alerts', () => {
  it.each([
    [],
    [alertWith('Restez chez vous\n"é" 🌊')],
    [alertWith('x'.repeat(300)), alertWith('')],
  ])('is read as it was written: %#', (...alerts) => {
    expect(alertsInTag(alertsTag(alerts))).toEqual(alerts);
  });

  it('has lengths of seven bits a byte, as version 2.4 asks', () => {
    const tag = alertsTag([alertWith('x'.repeat(1_000))]);
    expect([...tag.subarray(0, 5)]).toEqual([0x49, 0x44, 0x33, 4, 0]);
    expect(tag[6]! * 2 ** 21 + tag[7]! * 2 ** 14 + tag[8]! * 2 ** 7 + tag[9]!).toBe(
      tag.length - 10,
    );
  });

  it('is not taken for one where it is about something else', () => {
    const tag = alertsTag([]);
    expect(alertsInTag(tag.with(0, 0x4a))).toBeUndefined();
    expect(alertsInText({ description: 'title', data: '[]' })).toBeUndefined();
  });

  it('is refused where no segment could carry it', () => {
    const many = Array.from({ length: 5 }, () => alertWith('x'.repeat(16_000)));
    expect(() => alertsTag(many)).toThrow(/alerts of \d+ bytes do not fit into a segment/);
  });
});
