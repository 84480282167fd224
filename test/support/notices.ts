// One sound notice in each form, for tests to change. Leg-a is a path of the design dual-access-bgp.

const EVENT = [
  'BEGIN:VEVENT',
  'UID:42',
  'SEQUENCE:1',
  'SUMMARY:Planned work',
  'DESCRIPTION:Fibre work on leg-a\\, please drain.',
  'X-MAINTNOTE-PROVIDER:carrier.example',
  'X-MAINTNOTE-MAINTENANCE-ID;X-MAINTNOTE-PRECEDENCE=PRIMARY:order-31415',
  'X-MAINTNOTE-STATUS:CONFIRMED',
  'X-MAINTNOTE-IMPACT:OUTAGE',
  'X-MAINTNOTE-OBJECT-ID;X-MAINTNOTE-OBJECT-IMPACT=OUTAGE:leg-a',
  'ORGANIZER;CN="Carrier NOC":mailto:noc@carrier.example',
  'DTSTAMP:20250820T080000Z',
];
const calendar = (...lines: readonly string[]): string =>
  ['BEGIN:VCALENDAR', 'VERSION:2.0', ...lines, 'END:VCALENDAR', ''].join('\r\n');

export const CALENDAR = calendar(
  ...EVENT,
  'DTSTART;TZID=Europe/Paris:20251112T020000',
  'DURATION:PT4H',
  'END:VEVENT',
);

export const DEFINED_ZONE = calendar(
  'BEGIN:VTIMEZONE',
  'TZID:Western',
  'BEGIN:STANDARD',
  'DTSTART:16011028T030000',
  'RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10',
  'TZOFFSETFROM:+0200',
  'TZOFFSETTO:+0100',
  'END:STANDARD',
  'BEGIN:DAYLIGHT',
  'DTSTART:16010325T020000',
  'RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3',
  'TZOFFSETFROM:+0100',
  'TZOFFSETTO:+0200',
  'END:DAYLIGHT',
  'END:VTIMEZONE',
  ...EVENT,
  'DTSTART;TZID=Western:20251112T020000',
  'DTEND;TZID=Western:20251112T060000',
  'END:VEVENT',
);

export const MAIL = [
  'From: "Carrier NOC" <noc@carrier.example>',
  'Date: Thu, 21 Aug 2025 08:00:00 +0000',
  'Subject: Planned work',
  'MIME-Version: 1.0',
  'Content-Type: multipart/mixed; boundary="x"',
  '',
  '--x',
  'Content-Type: text/plain',
  '',
  'See the calendar.',
  '--x',
  'Content-Type: text/calendar; method=REQUEST; charset=utf-8',
  'Content-Transfer-Encoding: quoted-printable',
  '',
  CALENDAR.replaceAll('=', '=3D'),
  '--x--',
  '',
].join('\r\n');

export const HEALTH = JSON.stringify(
  {
    source: 'aws.health',
    'detail-type': 'AWS Health Event',
    time: '2025-08-20T01:00:00Z',
    detail: {
      eventArn: 'arn:aws:health:eu-west-3::event/DIRECTCONNECT/X/X_0123456789abcdef',
      service: 'DIRECTCONNECT',
      eventTypeCode: 'AWS_DIRECTCONNECT_MAINTENANCE_SCHEDULED',
      eventTypeCategory: 'scheduledChange',
      startTime: 'Wed, 12 Nov 2025 01:00:00 GMT',
      endTime: 'Wed, 12 Nov 2025 05:00:00 GMT',
      lastUpdatedTime: 'Wed, 20 Aug 2025 01:00:00 GMT',
      statusCode: 'upcoming',
      page: '1',
      totalPages: '1',
      eventDescription: [{ language: 'en_US', latestDescription: 'Planned work on leg-a.' }],
      affectedEntities: [{ entityValue: 'leg-a' }],
    },
  },
  undefined,
  1,
);

export const PARSED = JSON.stringify(
  [
    {
      account: '1',
      circuits: [{ circuit_id: 'leg-a', impact: 'OUTAGE' }],
      maintenance_id: 'W-1',
      organizer: 'noc@carrier.example',
      provider: 'carrier',
      sequence: 1,
      stamp: 1_755_648_000,
      start: 1_762_909_200,
      end: 1_762_923_600,
      status: 'CONFIRMED',
      summary: 'Work',
      uid: '0',
    },
  ],
  undefined,
  1,
);

export const MAPPING = [
  'kind: notice-mapping',
  'zone: Europe/Paris',
  'dates: iso',
  'owner: carrier',
  'columns: { id: number, start: start_date, end: end_date, objects: cmdb_ci, summary: title, state: state, kind: type }',
  "states: { Canceled: 'off', Scheduled: confirmed }",
  'kinds: { Normal: planned, Emergency: emergency }',
  '',
].join('\n');

export const TABLE = [
  'number,start_date,end_date,cmdb_ci,title,state,type',
  'CHG1,2025-11-12 02:00:00,2025-11-12 06:00:00,"leg-a, leg-b","Work, with a comma",Scheduled,Normal',
  'CHG2,2025-11-13 02:00:00,2025-11-13 06:00:00,leg-a,Work,Canceled,Emergency',
  '',
].join('\n');
