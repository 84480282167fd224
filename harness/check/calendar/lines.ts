// An iCalendar text as components whose every property knows its line, so that errors can say where.

import ICAL from 'ical.js';
import { messageOf } from '../../model/errors.ts';

export interface CalendarProblem {
  readonly line: number;
  readonly text: string;
  readonly hint: string;
}

export interface CalendarProperty {
  /** Small letters. */
  readonly name: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly type: string;
  readonly value: string;
  readonly line: number;
}

export interface CalendarComponent {
  /** Small letters: `vcalendar`, `vevent`, `vtimezone`. */
  readonly name: string;
  readonly line: number;
  readonly properties: readonly CalendarProperty[];
  readonly components: readonly CalendarComponent[];
  /** As it was written, unfolded. */
  readonly text: string;
}

export interface CalendarText {
  readonly components: readonly CalendarComponent[];
  readonly problems: readonly CalendarProblem[];
}

interface Open {
  readonly name: string;
  readonly line: number;
  readonly properties: CalendarProperty[];
  readonly components: CalendarComponent[];
  readonly lines: string[];
}

export function readComponents(text: string): CalendarText {
  const problems: CalendarProblem[] = [];
  const done: CalendarComponent[] = [];
  const open: Open[] = [];
  const wrong = (line: number, said: string, hint: string) =>
    problems.push({ line, text: said, hint });
  for (const { line, content } of unfold(text)) {
    open.forEach(({ lines }) => lines.push(content));
    const [, edge, name = ''] = /^(BEGIN|END):\s*([A-Z0-9-]+)\s*$/i.exec(content) ?? [];
    if (edge?.toUpperCase() === 'BEGIN')
      open.push({
        name: name.toLowerCase(),
        line,
        properties: [],
        components: [],
        lines: [content],
      });
    else if (edge) close(open, done, { name: name.toLowerCase(), line, wrong });
    else readLine(open.at(-1), { line, content, wrong });
  }
  for (const { name, line } of open)
    wrong(
      line,
      `BEGIN:${name.toUpperCase()} has no END`,
      'The file seems cut off: fetch it again.',
    );
  if (done.length === 0 && problems.length === 0)
    wrong(1, 'no calendar in it', 'An iCalendar file begins with BEGIN:VCALENDAR.');
  return { components: done, problems };
}

/** Long lines are folded: a line that begins with a blank goes on with the one before (RFC 5545, 3.1). */
function unfold(text: string): readonly { readonly line: number; readonly content: string }[] {
  const lines: { line: number; content: string }[] = [];
  text
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\n|\r/)
    .forEach((content, index) => {
      const last = lines.at(-1);
      if (/^[ \t]/.test(content) && last) last.content += content.slice(1);
      else if (content !== '') lines.push({ line: index + 1, content });
    });
  return lines;
}

type Wrong = (line: number, said: string, hint: string) => void;

function close(
  open: Open[],
  done: CalendarComponent[],
  { name, line, wrong }: { readonly name: string; readonly line: number; readonly wrong: Wrong },
): void {
  const last = open.at(-1);
  if (last?.name !== name) {
    const begun = last ? `BEGIN:${last.name.toUpperCase()} of line ${last.line}` : 'no BEGIN';
    wrong(line, `END:${name.toUpperCase()} does not fit ${begun}`, 'Mend the nesting.');
    return;
  }
  open.pop();
  const { lines, ...rest } = last;
  (open.at(-1)?.components ?? done).push({ ...rest, text: lines.join('\r\n') });
}

function readLine(
  into: Open | undefined,
  {
    line,
    content,
    wrong,
  }: { readonly line: number; readonly content: string; readonly wrong: Wrong },
): void {
  if (!into) return wrong(line, `${short(content)} stands outside of any component`, 'Remove it.');
  try {
    const [name, parameters, type, value] = ICAL.parse.property(content);
    const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
    into.properties.push({ name, parameters: flat(parameters), type, value: text, line });
  } catch (error) {
    const why = messageOf(error);
    wrong(
      line,
      `${short(content)} is no property: ${short(why)}`,
      'Properties are NAME;PARAMETER=X:value.',
    );
  }
}

const flat = (parameters: Readonly<Record<string, string | readonly string[]>>) =>
  Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => [
      name,
      typeof value === 'string' ? value : value.join(','),
    ]),
  );

const SHOWN_MAX = 60;
const short = (text: string): string =>
  text.length > SHOWN_MAX ? `${text.slice(0, SHOWN_MAX)}…` : text;
