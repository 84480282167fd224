// Forms of notices that other programs write otherwise: what they announce is found all the same, or
// it is told that something is missing.

import { describe, expect, it } from 'vitest';
import type { NoticeReading } from '../../../harness/check/notices/notice.ts';
import { readNotices } from '../../../harness/check/notices/readNotices.ts';
import { CALENDAR, HEALTH, MAIL, MAPPING, PARSED, TABLE } from '../../support/notices.ts';

const read = (file: string, text: string, mapping?: string): Promise<NoticeReading> =>
  readNotices({
    file,
    bytes: new TextEncoder().encode(text),
    ...(mapping === undefined ? {} : { mapping: { file: 'columns.yaml', text: mapping } }),
  });
/** Tells what of a file would be judged, and whether it stops a go beside that. */
const told = async (reading: Promise<NoticeReading>) => {
  const { notices, problems } = await reading;
  const wrong = [...problems, ...notices.flatMap((notice) => notice.problems)];
  return {
    ids: notices.flatMap(({ objects }) => objects.map(({ id }) => id)),
    wrong: wrong.map(({ source, text }) => `${source}: ${text}`),
  };
};
const json = (value: unknown): Promise<NoticeReading> => read('n.json', JSON.stringify(value));
interface HealthEvent {
  readonly detail: Readonly<Record<string, unknown>>;
}
const event = JSON.parse(HEALTH) as HealthEvent;
const [parsed] = JSON.parse(PARSED) as readonly object[];
const changed = (changes: object) => ({ ...event, detail: { ...event.detail, ...changes } });

describe('JSON in envelopes', () => {
  it.each([
    ['a list in a text', { Message: JSON.stringify([event]) }],
    ['a queue that hands on', { Records: [{ messageId: '1', body: JSON.stringify(event) }] }],
    ['a queue that was asked', { Messages: [{ Body: JSON.stringify(event) }] }],
    ['a queue behind a topic', { body: JSON.stringify({ Message: JSON.stringify(event) }) }],
    ['lists in a list', [[event]]],
    ['texts in a list', [JSON.stringify(event)]],
    ['a detail as a text', { ...event, detail: JSON.stringify(event.detail) }],
  ])('is found in %s', async (_, value) => {
    expect(await told(json(value))).toEqual({ ids: ['leg-a'], wrong: [] });
  });

  it.each([
    [5, 'n.json, event 2: the entry is no event'],
    [null, 'n.json, event 2: the entry is no event'],
    ['a text', 'n.json, event 2: the entry is no event'],
    [{ detail: event.detail }, 'n.json, event 2: the entry is no event'],
    [{ ...event, detail: undefined }, 'its detail has no eventTypeCode'],
    [changed({ eventTypeCode: '' }), 'its detail has no eventTypeCode'],
  ])('is missed, and told, in %j beside an event', async (other, said) => {
    expect((await told(json([event, other]))).wrong.join()).toContain(said);
  });

  it('of another service is no notice, and no problem', async () => {
    const { notices, problems, leftOut } = await json([event, { source: 'aws.ec2', detail: {} }]);
    expect([notices.length, problems.length, leftOut.length]).toEqual([1, 0, 1]);
  });

  it.each([
    [
      'n.json',
      HEALTH.replace('"statusCode"', '"statusCode": "closed", "statusCode"'),
      '"n.json:13',
    ],
    ['n.json', PARSED.replace('"status"', '"status": "CANCELLED",\n"status"'), '"n.json:18'],
  ])('with a key that stands twice in an object is a problem: %s', async (file, text, at) => {
    const { wrong } = await told(read(file, text));
    expect(wrong).toHaveLength(1);
    expect(JSON.stringify(wrong)).toMatch(/status(Code)? is there twice in one object/);
    expect(JSON.stringify(wrong)).toContain(at);
  });
});

describe('an event of AWS Health', () => {
  it.each([
    ['31 November', { startTime: 'Mon, 31 Nov 2025 01:00:00 GMT' }],
    ['31 November, as ISO', { startTime: '2025-11-31T01:00:00Z' }],
    ['30 February', { endTime: '2026-02-30T01:00:00+01:00' }],
    ['a day that is another day of the week', { endTime: 'Thu, 12 Nov 2025 05:00:00 GMT' }],
    ['a time without a zone', { startTime: '2025-11-12T01:00:00' }],
    ['a year that is none', { startTime: '9999-11-12T01:00:00Z' }],
    ['seconds', { startTime: 1_762_909_200 }],
  ])('with %s cannot be judged', async (_, changes) => {
    expect((await told(json(changed(changes)))).wrong).toHaveLength(1);
  });

  it('has times in any zone that they say', async () => {
    const { notices } = await json(changed({ startTime: '2025-11-12T01:30:00+01:00' }));
    expect(notices[0]?.span?.fromEpochMs).toBe(Date.parse('2025-11-12T00:30:00Z'));
  });

  it.each([
    ['texts', { affectedEntities: ['leg-a', 'leg-b'] }, ['leg-a', 'leg-b']],
    ['one without a list', { affectedEntities: { entityValue: 'leg-b' } }, ['leg-b']],
    ['those of the envelope', { affectedEntities: [] }, ['arn:aws:x:dxcon/leg-b']],
  ])('has for entities %s', async (_, changes, ids) => {
    const around = { ...changed(changes), resources: ['arn:aws:x:dxcon/leg-b'] };
    expect(await told(json(around))).toEqual({ ids, wrong: [] });
  });
});

describe('JSON of the circuit-maintenance parser', () => {
  it.each([
    ['texts', ['leg-a', 'leg-b'], ['leg-a', 'leg-b']],
    ['one without a list', { circuit_id: 'leg-b' }, ['leg-b']],
  ])('has for circuits %s', async (_, circuits, ids) => {
    expect((await told(json([{ ...parsed, circuits }]))).ids).toEqual(ids);
  });
});

describe('a table', () => {
  const table = (rows: string, dates = 'iso') =>
    told(read('c.csv', rows, MAPPING.replace('dates: iso', `dates: ${dates}`)));

  it.each(['13:00 AM', '13:00 PM', '0:30 PM', '99:00 PM'])(
    'has no %s on a clock with twelve hours',
    async (time) => {
      const rows = TABLE.replace('2025-11-12 02:00:00', `11/12/2025 ${time}`);
      const { wrong } = await table(rows, 'month-first');
      expect(wrong.join()).toContain(`${time} is no time of a clock with twelve hours`);
    },
  );

  it('with a row that was cut short says so, and skips rows of nothing', async () => {
    const { wrong, ids } = await table(
      `${TABLE},,,,,,\nCHG3,2025-11-12 02:00:00,2025-11-12 06:00:00`,
    );
    expect(wrong).toEqual(['c.csv:5: the row cannot be read: it has 3 cells, the heading 7']);
    expect(ids).toEqual(['leg-a, leg-b', 'leg-a']);
  });
});

describe('a mail', () => {
  it.each([
    ['among prose', `Dear all,\r\n\r\n${CALENDAR}\r\nRegards`],
    ['cut off', CALENDAR.replace(/END:VCALENDAR\s*/, '')],
  ])('may have its calendar in its text: %s', async (_, text) => {
    const { ids, wrong } = await told(read('n.eml', `Message-ID: <1@x>\r\n\r\n${text}`));
    expect(ids).toEqual(['leg-a']);
    expect(wrong).toHaveLength(text === CALENDAR ? 0 : Number(!text.includes('END:VCALENDAR')));
  });

  it('may be one of several in a mailbox, each of which is read', async () => {
    const from = 'From noc@carrier.example Thu Aug 21 10:00:00 2025\n';
    const second = MAIL.replaceAll('leg-a', 'leg-b');
    const both = `${from}${MAIL}\n${from}${second}\n`;
    expect(await told(read('work.mbox', both))).toEqual({ ids: ['leg-a', 'leg-b'], wrong: [] });
    const silent = await told(read('work.mbox', `${both}${from}Subject: So?\n\nNothing.\n`));
    expect(silent.wrong.join()).toContain('this mail has no calendar: "So?"');
  });
});
