// A mail as mail programs save it (.eml): the calendars in it, inline, attached, or in a mail that
// was forwarded as an attachment.

import PostalMime, { type Attachment, type Email } from 'postal-mime';
import { decode } from '../decode.ts';
import type { NoticeFormat } from '../format.ts';
import { NOTHING_READ, type NoticeProblem, type NoticeReading } from '../notice.ts';
import { readCalendar, type CalendarOrigin } from './calendar.ts';

export const mail: NoticeFormat = {
  name: 'mail (.eml)',
  isIn: ({ text, file }) => /\.eml$/i.test(file) || hasMailHeader(text),
  read: ({ bytes, file }) => readMail(bytes, file),
};

/** Headers that only mail servers and mail programs write. */
const hasMailHeader = (text: string): boolean =>
  /^(?:received|mime-version|message-id|return-path|delivered-to):\s/im.test(
    text.slice(0, 20_000).split(/\r?\n\r?\n/)[0] ?? '',
  );

/** Mails in mails: nobody forwards deeper on purpose. */
const DEPTH_MAX = 5;

interface CalendarPart {
  readonly text: string;
  readonly name: string;
  readonly origin: CalendarOrigin;
}

async function readMail(bytes: Uint8Array, file: string): Promise<NoticeReading> {
  const email = await PostalMime.parse(bytes, { forceRfc822Attachments: true });
  const parts = await calendarsOf(email, DEPTH_MAX);
  if (parts.length === 0) return { ...NOTHING_READ, problems: [noCalendar(email, file)] };
  const readings = parts
    .filter((part, index) => parts.findIndex((other) => isSame(part, other)) === index)
    .map(({ text, name, origin }) => readCalendar(text, `${file} (${name})`, origin));
  const all = (key: 'problems' | 'doubts' | 'leftOut') => readings.flatMap((one) => one[key]);
  return {
    notices: readings.flatMap(({ notices }) => notices),
    problems: all('problems'),
    doubts: all('doubts'),
    leftOut: all('leftOut'),
  };
}

const isSame = (a: CalendarPart, b: CalendarPart): boolean => linesOf(a) === linesOf(b);
const linesOf = ({ text }: CalendarPart): string => text.trim().replaceAll(/\r\n?/g, '\n');

async function calendarsOf(email: Email, depth: number): Promise<readonly CalendarPart[]> {
  const origin = originOf(email);
  const parts = email.attachments.map(async (attachment) => {
    if (isMail(attachment) && depth > 0)
      return calendarsOf(await PostalMime.parse(bytesOf(attachment)), depth - 1);
    if (!isCalendar(attachment)) return [];
    const { method, filename } = attachment;
    return [
      {
        text: decode(bytesOf(attachment)),
        name: filename ?? 'calendar',
        origin: method === undefined ? origin : { ...origin, method },
      },
    ];
  });
  return (await Promise.all(parts)).flat();
}

const isMail = ({ mimeType, filename }: Attachment): boolean =>
  mimeType === 'message/rfc822' || /\.eml$/i.test(filename ?? '');

const isCalendar = (attachment: Attachment): boolean =>
  /calendar|\/ics$/i.test(attachment.mimeType) ||
  /\.(?:ics|ical|vcs)$/i.test(attachment.filename ?? '') ||
  /^\s*BEGIN:VCALENDAR/i.test(decode(bytesOf(attachment).slice(0, 200)));

const bytesOf = ({ content }: Attachment): Uint8Array =>
  typeof content === 'string' ? new TextEncoder().encode(content) : new Uint8Array(content);

function originOf({ from, date }: Email): CalendarOrigin {
  const sender = from?.name || from?.address || '';
  const sentAtEpochMs = date === undefined ? NaN : Date.parse(date);
  return {
    ...(sender === '' ? {} : { sender }),
    ...(Number.isFinite(sentAtEpochMs) ? { sentAtEpochMs } : {}),
  };
}

function noCalendar({ from, subject, attachments }: Email, file: string): NoticeProblem {
  const names = attachments.map(({ filename, mimeType }) => filename ?? mimeType);
  const holds = names.length === 0 ? 'text only' : `text and ${names.join(', ')}`;
  const outlook = names.some((name) => /winmail\.dat|ms-tnef/i.test(name));
  return {
    source: file,
    text: `this mail has no calendar: "${subject ?? 'no subject'}" of ${from?.address ?? 'an unknown sender'} holds ${holds}`,
    hint: outlook
      ? 'Outlook has packed it into winmail.dat: ask the sender for the calendar as .ics.'
      : 'Ask the sender for the calendar (.ics), or write the window into a change plan.',
  };
}
