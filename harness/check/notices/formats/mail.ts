// A mail as mail programs save it (.eml), or several (mbox): the calendars in it, inline, attached, in
// its text, or in a mail that was forwarded as an attachment.

import PostalMime, { type Attachment, type Email } from 'postal-mime';
import { decode } from '../decode.ts';
import type { NoticeFormat } from '../format.ts';
import type { NoticeProblem, NoticeReading } from '../notice.ts';
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
  const found: Found = { file, parts: new Map(), problems: [] };
  for (const one of splitMailbox(bytes)) {
    const email = await parse(one, found);
    const told = found.problems.length;
    if (email && !(await collect(email, DEPTH_MAX, found)) && found.problems.length === told)
      found.problems.push(noCalendar(email, file));
  }
  const { parts, problems } = found;
  const readings = [...parts.values()].map(({ text, name, origin }) =>
    readCalendar(text, `${file} (${name})`, origin),
  );
  const all = (key: 'problems' | 'doubts' | 'leftOut') => readings.flatMap((one) => one[key]);
  return {
    notices: readings.flatMap(({ notices }) => notices),
    problems: [...problems, ...all('problems')],
    doubts: all('doubts'),
    leftOut: all('leftOut'),
  };
}

/** A mailbox (mbox) puts a line before each of its mails. */
function splitMailbox(bytes: Uint8Array): readonly Uint8Array[] {
  const text = new TextDecoder('latin1').decode(bytes);
  if (!text.startsWith('From ')) return [bytes];
  const lines = [...text.matchAll(/^From .*\d\d:\d\d.*$/gm)];
  return lines.map(({ 0: line, index }, i) =>
    bytes.subarray(index + line.length + 1, lines[i + 1]?.index),
  );
}

interface Found {
  readonly file: string;
  /** Each calendar once, by its lines. */
  readonly parts: Map<string, CalendarPart>;
  readonly problems: NoticeProblem[];
}

/** Undefined where the parser refuses it, which is then among the problems. */
async function parse(bytes: Uint8Array, { file, problems }: Found): Promise<Email | undefined> {
  try {
    return await PostalMime.parse(bytes, { forceRfc822Attachments: true });
  } catch (error) {
    problems.push({
      source: file,
      text: `the mail cannot be read: ${error instanceof Error ? error.message : String(error)}`,
      hint: 'Ask the sender for the calendar (.ics), or write the window into a change plan.',
    });
    return undefined;
  }
}

/** Tells whether it holds a calendar, be it one that another mail held already. */
async function collect(email: Email, depth: number, found: Found): Promise<boolean> {
  const origin = readOrigin(email);
  let hasCalendar = false;
  for (const attachment of email.attachments) {
    const content = readBytes(attachment);
    const { method, filename } = attachment;
    if (isMail(attachment)) {
      if (await collectInside(content, depth, found)) hasCalendar = true;
    } else if (isCalendar(attachment, content)) {
      hasCalendar = true;
      keepOnce(found, {
        text: decode(content),
        name: filename ?? 'calendar',
        origin: method === undefined ? origin : { ...origin, method },
      });
    }
  }
  const inText = calendarIn(email.text ?? '');
  if (inText !== undefined) keepOnce(found, { text: inText, name: 'text', origin });
  return hasCalendar || inText !== undefined;
}

const END = 'END:VCALENDAR';

/** Some programs put the calendar into the text, with prose around it. */
function calendarIn(text: string): string | undefined {
  const from = text.search(/^BEGIN:VCALENDAR/im);
  if (from < 0) return undefined;
  const to = text.toUpperCase().lastIndexOf(END);
  return text.slice(from, to < from ? undefined : to + END.length);
}

function keepOnce({ parts }: Found, part: CalendarPart): void {
  const lines = part.text.trim().replaceAll(/\r\n?/g, '\n');
  if (!parts.has(lines)) parts.set(lines, part);
}

async function collectInside(content: Uint8Array, depth: number, found: Found): Promise<boolean> {
  if (depth > 0) {
    const email = await parse(content, found);
    return email !== undefined && (await collect(email, depth - 1, found));
  }
  found.problems.push({
    source: found.file,
    text: `a mail is more than ${DEPTH_MAX} mails deep in it, and is not looked at`,
    hint: 'Save the innermost mail as a file of its own.',
  });
  return false;
}

const isMail = ({ mimeType, filename }: Attachment): boolean =>
  mimeType === 'message/rfc822' || /\.eml$/i.test(filename ?? '');

const isCalendar = ({ mimeType, filename }: Attachment, content: Uint8Array): boolean =>
  /calendar|\/ics$/i.test(mimeType) ||
  /\.(?:ics|ical|vcs)$/i.test(filename ?? '') ||
  /^\s*BEGIN:VCALENDAR/i.test(decode(content.slice(0, 200)));

const readBytes = ({ content }: Attachment): Uint8Array =>
  typeof content === 'string' ? new TextEncoder().encode(content) : new Uint8Array(content);

function readOrigin({ from, date }: Email): CalendarOrigin {
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
