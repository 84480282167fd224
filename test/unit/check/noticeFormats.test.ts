// The forms in which notices come, each read to the same few facts.

import { describe, expect, it } from 'vitest';
import type { Notice, NoticeReading } from '../../../harness/check/notices/notice.ts';
import { readNotices } from '../../../harness/check/notices/readNotices.ts';

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const read = (file: string, text: string, mapping?: string): Promise<NoticeReading> =>
  readNotices({
    file,
    bytes: bytesOf(text),
    ...(mapping === undefined ? {} : { mapping: { file: 'columns.yaml', text: mapping } }),
  });
const facts = ({ owner, name, state, kind, objects, span }: Notice) => ({
  owner,
  name,
  state,
  kind,
  objects: objects.map(({ id }) => id),
  from: span && new Date(span.fromEpochMs).toISOString(),
  to: span && new Date(span.toEpochMs).toISOString(),
});
const CALENDAR = [
  'BEGIN:VCALENDAR',
  'BEGIN:VEVENT',
  'UID:1',
  'SUMMARY:Work',
  'X-MAINTNOTE-OBJECT-ID:a',
  'DTSTART:20261110T010000Z',
  'DTEND:20261110T030000Z',
  'END:VEVENT',
  'END:VCALENDAR',
].join('\r\n');
const night = { from: '2026-11-10T01:00:00.000Z', to: '2026-11-10T03:00:00.000Z' };

describe('a mail', () => {
  const mail = (...parts: readonly string[]) =>
    [
      'From: "Carrier NOC" <noc@carrier.example>',
      'Date: Thu, 01 Oct 2026 08:00:00 +0000',
      'Subject: Planned work',
      'MIME-Version: 1.0',
      'Content-Type: multipart/mixed; boundary="x"',
      '',
      ...parts.flatMap((part) => ['--x', part]),
      '--x--',
      '',
    ].join('\r\n');
  const text = 'Content-Type: text/plain\r\n\r\nSee the calendar.';
  const encoded = btoa(CALENDAR).replaceAll(/(.{60})/g, '$1\r\n');
  const invite = `Content-Type: text/calendar; method=REQUEST\r\nContent-Transfer-Encoding: base64\r\n\r\n${encoded}`;
  const attached = `Content-Type: application/octet-stream; name="w.ics"\r\nContent-Disposition: attachment; filename="w.ics"\r\nContent-Transfer-Encoding: base64\r\n\r\n${encoded}`;

  it.each([
    ['inline', [text, invite]],
    ['attached', [text, attached]],
    ['both, which is one', [text, invite, attached]],
    ['in a forwarded mail', [text, `Content-Type: message/rfc822\r\n\r\n${mail(text, invite)}`]],
  ])('has its calendar %s', async (_, parts) => {
    const { notices, problems } = await read('notice.eml', mail(...parts));
    expect(problems).toEqual([]);
    expect(notices.map(facts)).toEqual([
      {
        owner: 'Carrier NOC',
        name: 'Work',
        state: 'confirmed',
        kind: 'planned',
        objects: ['a'],
        ...night,
      },
    ]);
    expect(notices[0]?.toldAtEpochMs).toBe(Date.parse('2026-10-01T08:00:00Z'));
    expect(notices[0]?.source).toMatch(/^notice\.eml \(.*\):2$/);
  });

  it('without one says so in one line, with what it holds', async () => {
    const pdf = 'Content-Type: application/pdf; name="w.pdf"\r\n\r\nx';
    const { notices, problems } = await read('saved.txt', mail(text, pdf));
    expect(notices).toEqual([]);
    expect(problems.map((problem) => problem.text)).toEqual([
      'this mail has no calendar: "Planned work" of noc@carrier.example holds text and w.pdf',
    ]);
  });

  it('that is no mail for the parser says so, and so does one in too many others', async () => {
    const long = mail(text).replace('Subject:', `X-Long: ${'x'.repeat(3_000_000)}\r\nSubject:`);
    const { problems } = await read('long.eml', long);
    expect(problems[0]?.text).toMatch(/^the mail cannot be read: /);
    const inside = (depth: number): string =>
      depth === 0
        ? invite
        : `Content-Type: message/rfc822\r\n\r\n${mail(text, inside(depth - 1))
            .replaceAll('x"', `x${depth}"`)
            .replaceAll('--x\r\n', `--x${depth}\r\n`)
            .replace('--x--', `--x${depth}--`)}`;
    const deep = await read('deep.eml', mail(text, inside(8)));
    expect(deep.notices.length + deep.problems.length).toBeGreaterThan(0);
  });

  it('with an answer holds no notice', async () => {
    const { notices, problems } = await read('r.eml', mail(invite.replace('REQUEST', 'REPLY')));
    expect(notices).toEqual([]);
    expect(problems[0]?.text).toContain('only answers');
  });
});

describe('an event of AWS Health', () => {
  const detail = {
    eventArn: 'arn:aws:health:eu-west-3::event/DIRECTCONNECT/X/X_0123456789abcdef',
    service: 'DIRECTCONNECT',
    eventTypeCode: 'AWS_DIRECTCONNECT_MAINTENANCE_SCHEDULED',
    eventTypeCategory: 'scheduledChange',
    startTime: 'Tue, 10 Nov 2026 01:00:00 GMT',
    endTime: 'Tue, 10 Nov 2026 03:00:00 GMT',
    lastUpdatedTime: 'Tue, 27 Oct 2026 01:00:00 GMT',
    statusCode: 'upcoming',
    eventDescription: [{ language: 'en_US', latestDescription: 'Planned maintenance.' }],
    affectedEntities: [{ entityValue: 'dxcon-ff12ab34' }],
  };
  const event = (changes: object = {}) => ({
    source: 'aws.health',
    'detail-type': 'AWS Health Event',
    time: '2026-10-27T01:00:00Z',
    detail: { ...detail, ...changes },
  });
  const expected = { owner: 'AWS', state: 'confirmed', objects: ['dxcon-ff12ab34'], ...night };

  it.each([
    ['by itself', JSON.stringify(event(), undefined, 2)],
    ['in a list', JSON.stringify([event()])],
    ['a line', `${JSON.stringify(event())}\n`],
    ['in the envelope of a queue', JSON.stringify({ Message: JSON.stringify(event()) })],
  ])('is read %s', async (_, text) => {
    const { notices, problems } = await read('event.json', text);
    expect(problems).toEqual([]);
    expect(notices.map(facts)).toMatchObject([expected]);
    expect(notices[0]?.toldAtEpochMs).toBe(Date.parse('2026-10-27T01:00:00Z'));
  });

  it('is one notice over all its pages, and says when one is missing', async () => {
    const page = (number: number, id: string) =>
      event({ page: number, totalPages: 3, affectedEntities: [{ entityValue: id }] });
    const { notices } = await read('e.json', JSON.stringify([page(1, 'a'), page(2, 'b')]));
    expect(notices.map(facts)).toMatchObject([{ objects: ['a', 'b'] }]);
    expect(notices[0]?.doubts[0]?.text).toContain('2 of 3 pages');
  });

  it.each([
    [{ statusCode: 'closed' }, { state: 'over' }],
    [{ eventTypeCode: 'AWS_DIRECTCONNECT_MAINTENANCE_CANCELLED' }, { state: 'off' }],
    [{ eventTypeCode: 'AWS_DIRECTCONNECT_EMERGENCY_MAINTENANCE_SCHEDULED' }, { kind: 'emergency' }],
  ])('with %j is %j', async (changes, told) => {
    const { notices } = await read('e.json', JSON.stringify(event(changes)));
    expect(notices.map(facts)).toMatchObject([told]);
  });

  it('without an end cannot be judged, and an incident is no notice', async () => {
    const endless = await read('e.json', JSON.stringify(event({ endTime: undefined })));
    expect(endless.notices[0]?.problems).toHaveLength(1);
    const issue = await read('e.json', JSON.stringify(event({ eventTypeCategory: 'issue' })));
    expect(issue).toMatchObject({ notices: [], leftOut: [{ source: 'e.json' }] });
  });
});

describe('JSON of the circuit-maintenance parser', () => {
  const entry = {
    account: '1',
    circuits: [{ circuit_id: 'IC-1', impact: 'DEGRADED' }],
    end: Date.parse(night.to) / 1000,
    maintenance_id: 'W-1',
    organizer: 'noc@carrier.example',
    provider: 'carrier',
    sequence: 1,
    stamp: Date.parse('2026-10-01T00:00:00Z') / 1000,
    start: Date.parse(night.from) / 1000,
    status: 'RE-SCHEDULED',
    summary: 'Work',
    uid: '0',
  };

  it('is read as it is written', async () => {
    const { notices } = await read('parsed.json', JSON.stringify([entry]));
    expect(notices.map(facts)).toMatchObject([
      { owner: 'carrier', name: 'W-1', state: 'confirmed', objects: ['IC-1'], ...night },
    ]);
    expect(notices[0]).toMatchObject({ uid: undefined, objects: [{ impact: 'degraded' }] });
  });

  it('has numbers for words, and times that are none', async () => {
    const circuits = [{ circuit_id: 4711 }];
    const numbered = { ...entry, maintenance_id: 42, circuits };
    const { notices } = await read('p.json', JSON.stringify([numbered]));
    expect(notices.map(facts)).toMatchObject([{ name: '42', objects: ['4711'] }]);
    for (const end of [1e23, -1, 253_402_300_800]) {
      const wrong = await read('p.json', JSON.stringify([{ ...entry, end }]));
      expect(wrong.notices[0]?.problems).toHaveLength(1);
    }
  });

  it('in envelopes without end is refused, and not followed', async () => {
    const deep = `${'{"Records":['.repeat(9_000)}${JSON.stringify(entry)}${']}'.repeat(9_000)}`;
    await expect(read('deep.json', deep)).rejects.toThrow('no notice in a known form');
  });

  it('with an end before its start is a problem, and so is an entry of another kind', async () => {
    const wrong = await read('p.json', JSON.stringify([{ ...entry, end: 0 }, { other: 1 }]));
    expect(wrong.notices[0]?.problems).toHaveLength(1);
    expect(wrong.problems).toMatchObject([{ source: 'p.json, entry 2' }]);
  });
});

describe('a table with a mapping', () => {
  const mapping = (...lines: readonly string[]) =>
    [
      'kind: notice-mapping',
      'zone: Europe/Paris',
      'owner: carrier',
      'columns: { id: number, start: start_date, end: end_date, objects: cmdb_ci, state: state, kind: type }',
      "states: { Canceled: 'off' }",
      ...lines,
    ].join('\n');
  const head = 'number,start_date,end_date,cmdb_ci,state,type';

  it('is read by its headings, in the zone of the mapping', async () => {
    const rows = [
      head,
      'CHG1,2026-11-10 02:00:00,2026-11-10 04:00:00,"a, b",Scheduled,Normal',
      'CHG2,2026-11-10 02:00:00,2026-11-10 04:00:00,a,Canceled,Emergency',
    ].join('\r\n');
    const { notices, problems } = await read('changes.csv', rows, mapping());
    expect(problems).toEqual([]);
    expect(notices.map(facts)).toEqual([
      {
        owner: 'carrier',
        name: 'CHG1',
        state: 'confirmed',
        kind: 'planned',
        objects: ['a, b'],
        ...night,
      },
      {
        owner: 'carrier',
        name: 'CHG2',
        state: 'off',
        kind: 'emergency',
        objects: ['a'],
        ...night,
      },
    ]);
    expect(notices[1]?.source).toBe('changes.csv:3');
  });

  it('may have semicolons, a mark at its start, and the order of days that people use', async () => {
    const rows = `\uFEFF${head.replaceAll(',', ';')}\nCHG1;10/11/2026 2:00 AM;10/11/2026 04:00;a;;`;
    const { notices } = await read('c.csv', rows, mapping('dates: day-first'));
    expect(notices.map(facts)).toMatchObject([night]);
  });

  it.each([
    [
      'a time in another order',
      `${head}\nCHG1,11/10/2026 02:00,11/10/2026 04:00,a,,`,
      'is no time',
    ],
    [
      'a time that comes twice',
      `${head}\nC,2026-10-25 02:30,2026-10-25 04:00,a,,`,
      'happens twice',
    ],
    ['an end before its start', `${head}\nC,2026-11-10 02:30,2026-11-10 01:00,a,,`, 'not after'],
    [
      'no such heading',
      'nummer,start_date,end_date,cmdb_ci,state,type\nC,,,,,',
      'did you mean nummer',
    ],
    ['no row', `${head}\n`, 'no row in the table'],
  ])('with %s is a problem', async (_, rows, said) => {
    const { notices, problems } = await read('c.csv', rows, mapping());
    const all = [...problems, ...notices.flatMap((notice) => notice.problems)];
    expect(all.map(({ text }) => text).join('\n')).toContain(said);
  });

  it('has one separator, and commas between semicolons are text', async () => {
    const rows = `sep=;\r\n${head.replaceAll(',', ';')}\r\nCHG1;2026-11-10 02:00;2026-11-10 04:00;a, b;Canceled;Normal, at night`;
    const { notices, problems } = await read('c.csv', rows, mapping());
    expect(problems).toEqual([]);
    expect(notices.map(facts)).toMatchObject([{ state: 'off', objects: ['a, b'], ...night }]);
    expect(notices[0]?.source).toBe('c.csv:3');
  });

  it.each([
    [
      'more cells than headings',
      `${head}\nC,2026-11-10 02:00,2026-11-10 04:00,a,x,y,z`,
      'it has 7 cells',
    ],
    ['two columns of a name', `${head},state\nC,,,a,,`, '2 columns are called state'],
    [
      'a quote that nobody closes',
      `${head}\n"C,2026-11-10 02:00,2026-11-10 04:00,a,,`,
      'cannot be read',
    ],
    ['__proto__ for a heading', `__proto__${head}\nC,,,a,,`, 'no column is called number'],
  ])('with %s says so', async (_, rows, said) => {
    const { problems } = await read('c.csv', rows, mapping());
    expect(problems.map(({ text }) => text).join('\n')).toContain(said);
  });

  it('reads thousands of quotes in a cell as they stand', async () => {
    const title = `Work ${'"'.repeat(20_000)}`;
    const rows = `${head}\nC,2026-11-10 02:00,2026-11-10 04:00,a,${title},`;
    const { notices } = await read('c.csv', rows, mapping());
    expect(notices.map(facts)).toMatchObject([night]);
  });

  it('without a mapping is an error that says what to give', async () => {
    await expect(read('changes.csv', head)).rejects.toThrow('is a table without a mapping');
  });
});

describe('a calendar', () => {
  it('may come from an old program: western letters, or two bytes a letter', async () => {
    const owner = CALENDAR.replace('SUMMARY', 'X-MAINTNOTE-PROVIDER:Télé\r\nSUMMARY');
    const western = Uint8Array.from(owner, (letter) => letter.charCodeAt(0));
    const wide = new Uint8Array(
      new Uint16Array([...`\uFEFF${owner}`].map((l) => l.charCodeAt(0))).buffer,
    );
    for (const bytes of [western, wide, wide.slice(2), bytesOf(owner)]) {
      const { notices } = await readNotices({ file: 'n.ics', bytes });
      expect(notices[0]?.owner).toBe('Télé');
    }
  });
});

describe('a file that is no notice', () => {
  it.each([
    [[0xd0, 0xcf, 0x11, 0xe0], 'a message of Outlook'],
    [[0x50, 0x4b, 0x03, 0x04], 'an archive or an Office file'],
    [[...bytesOf('%PDF-1.7')], 'a PDF'],
    [[0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a], 'a picture (PNG)'],
    [[0xff, 0xd8, 0xff, 0xe0], 'a picture (JPEG)'],
    [[...bytesOf('<html>')], 'a web page'],
    [[...bytesOf('hello')], 'no notice in a known form'],
  ])('is named as what it seems to be', async (bytes, is) => {
    await expect(readNotices({ file: 'x.bin', bytes: Uint8Array.from(bytes) })).rejects.toThrow(is);
  });
});
