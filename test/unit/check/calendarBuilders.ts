// Calendars of notices for tests to vary.

import { readCalendar } from '../../../harness/check/notices/formats/calendar.ts';
import { readNoticeWindows } from '../../../harness/check/notices/windowsOfNotices.ts';
import { accessOf, designOf, TWO_PATHS } from './builders.ts';
import { connection } from '../routing/builders.ts';

const paths = [connection('a', 200, { circuits: ['dxcon-ff12ab34'] }), ...TWO_PATHS.slice(1)];
const options = { design: designOf(), accesses: [accessOf(paths)], owners: ['carrier.example'] };
const handling = { drain: { style: 'none', leadMs: 0 }, overrunMs: 0 } as const;
export const readIn = (...texts: readonly string[]) => {
  const readings = texts.map((text) => ({ ...readCalendar(text, 'notices.ics'), ...handling }));
  return readNoticeWindows(readings, options);
};
export const calendar = (...lines: readonly string[]): string =>
  ['BEGIN:VCALENDAR', 'VERSION:2.0', ...lines, 'END:VCALENDAR', ''].join('\r\n');
/** The event begins on line 3, so its first property stands on line 4. */
export const eventOf = (...lines: readonly string[]): string =>
  calendar('BEGIN:VEVENT', ...lines, 'END:VEVENT');
export const read = (...lines: readonly string[]) => readIn(eventOf(...lines));
export const usual = [
  'UID:42',
  'SUMMARY:Planned work',
  'X-MAINTNOTE-PROVIDER:carrier.example',
  'X-MAINTNOTE-MAINTENANCE-ID:order-31415',
  'X-MAINTNOTE-OBJECT-ID;X-MAINTNOTE-OBJECT-IMPACT=OUTAGE:dxcon-ff12ab34',
  'DTSTAMP:20250820T080000Z',
];
export const nameless = usual.filter((line) => !line.startsWith('X-MAINTNOTE-OBJECT-ID'));
export const span = ['DTSTART:20250912T200000Z', 'DTEND:20250913T000000Z'];

/** Lists the findings that stop a go, as `line: text`. */
export const stops = (text: string): readonly string[] =>
  readIn(text).remarks.flatMap(({ severity, source, text: said }) =>
    severity === 'stop' ? [`${source.replace('notices.ics:', '')}: ${said}`] : [],
  );
