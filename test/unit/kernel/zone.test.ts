import { describe, expect, it } from 'vitest';
import { calendarDaysBefore, readClock, zoneClock } from '../../../harness/kernel/zone.ts';

const PARIS = 'Europe/Paris';
const at = (text: string) => Date.parse(text);
const YEAR = zoneClock(PARIS, at('2025-01-01T00:00:00Z'), at('2026-01-01T00:00:00Z'));

describe('a clock time', () => {
  it('is two hours ahead of UTC in a Paris summer, one in winter', () => {
    expect(readClock('2025-09-12T22:15', PARIS).epochMs).toBe(at('2025-09-12T20:15:00Z'));
    expect(readClock('2025-12-12T22:15', PARIS).epochMs).toBe(at('2025-12-12T21:15:00Z'));
  });

  it('that the clocks jump over does not exist', () => {
    const reading = readClock('2025-03-30T02:30', PARIS);
    expect(reading.problem).toContain('does not exist in Europe/Paris');
    expect(readClock('2025-03-30T03:00', PARIS).epochMs).toBe(at('2025-03-30T01:00:00Z'));
  });

  it('that comes twice is refused until its offset is written', () => {
    const reading = readClock('2025-10-26T02:30', PARIS);
    expect(reading.problem).toContain('happens twice');
    expect(reading.problem && reading.hint).toContain('+02:00 or +01:00');
    expect(readClock('2025-10-26T02:30:00+02:00', PARIS).epochMs).toBe(at('2025-10-26T00:30:00Z'));
    expect(readClock('2025-10-26T02:30:00+01:00', PARIS).epochMs).toBe(at('2025-10-26T01:30:00Z'));
  });

  it.each([
    ['2025-09-12T22:00', undefined, 'without a time zone'],
    ['2025-09-12T22:00', 'Europe/Pariss', 'no time zone is called'],
    ['2025-13-12T22:00', PARIS, 'is no clock time'],
    ['tomorrow', PARIS, 'is no clock time'],
    ['2025-13-12T22:00Z', undefined, 'is no time'],
  ])('%s in %s is refused: %s', (text, zone, problem) => {
    expect(readClock(text, zone).problem).toContain(problem);
  });

  it('with Z is UTC, whatever the zone beside it', () => {
    expect(readClock('2025-09-12T02:00:00Z', PARIS).epochMs).toBe(at('2025-09-12T02:00:00Z'));
  });
});

describe('the clock of a place', () => {
  it('knows both changes of the year', () => {
    expect(YEAR.changes).toEqual([
      { atEpochMs: at('2025-03-30T01:00:00Z'), byMs: 3_600_000 },
      { atEpochMs: at('2025-10-26T01:00:00Z'), byMs: -3_600_000 },
    ]);
  });

  it('shows an instant as people there say it', () => {
    expect(YEAR.iso(at('2025-09-12T20:15:00Z'))).toBe('2025-09-12T22:15+02:00');
    expect(YEAR.show(at('2025-09-12T20:15:00Z'))).toBe('Fri 12 Sep 2025 22:15');
    expect(YEAR.iso(at('2025-10-26T00:59:59Z'))).toBe('2025-10-26T02:59+02:00');
    expect(YEAR.iso(at('2025-10-26T01:00:00Z'))).toBe('2025-10-26T02:00+01:00');
  });

  it('is right before and after the span it was made for', () => {
    const winter = zoneClock(PARIS, at('2025-12-01T00:00:00Z'), at('2025-12-02T00:00:00Z'));
    expect(winter.iso(at('2025-09-12T20:15:00Z'))).toBe('2025-09-12T22:15+02:00');
    expect(winter.iso(at('2026-07-12T20:15:00Z'))).toBe('2026-07-12T22:15+02:00');
    expect(winter.show(at('2026-12-12T20:15:00Z'))).toBe('Sat 12 Dec 2026 21:15');
  });

  it('works for places west of Greenwich and with half hours', () => {
    const clockOf = (zone: string) =>
      zoneClock(zone, at('2025-07-01T00:00:00Z'), at('2025-07-02T00:00:00Z'));
    expect(clockOf('America/New_York').iso(at('2025-07-01T12:00:00Z'))).toBe(
      '2025-07-01T08:00-04:00',
    );
    expect(clockOf('Asia/Kolkata').iso(at('2025-07-01T12:00:00Z'))).toBe('2025-07-01T17:30+05:30');
    expect(clockOf('UTC').changes).toEqual([]);
  });

  it('counts calendar days, not times twenty-four hours', () => {
    const start = at('2025-04-05T20:00:00Z'); // 22:00 in Paris, after the change
    const before = calendarDaysBefore(start, 14, PARIS);
    expect(before).toBe(at('2025-03-22T21:00:00Z')); // 22:00 in Paris, before it
    expect(start - before).toBe(14 * 86_400_000 - 3_600_000);
  });
});
