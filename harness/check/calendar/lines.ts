// An iCalendar text as components whose every property knows its line. A line that cannot stand
// where it stands is said and spoils as little as it can: a property, an event, never the file.

import ICAL from 'ical.js';

export interface CalendarProblem {
  readonly line: number;
  readonly text: string;
  readonly hint: string;
}

export interface CalendarProperty {
  /** Small letters. */
  readonly name: string;
  /** Names in small letters. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Without its escapes, trimmed. */
  readonly value: string;
  readonly line: number;
}

export interface CalendarComponent {
  /** Small letters: `vcalendar`, `vevent`, `vtimezone`. */
  readonly name: string;
  readonly line: number;
  readonly properties: readonly CalendarProperty[];
  readonly components: readonly CalendarComponent[];
  /** Lines of it that could not be read as they stand. */
  readonly doubts: readonly CalendarProblem[];
  /** The file ends inside it. */
  readonly cutOff: boolean;
}

interface Line {
  readonly line: number;
  /** A line break in it is one. */
  readonly isProse: boolean;
  content: string;
}

interface Open {
  readonly name: string;
  readonly line: number;
  readonly lines: Line[];
  readonly components: CalendarComponent[];
  readonly doubts: CalendarProblem[];
}

interface Reading {
  readonly open: Open[];
  readonly components: CalendarComponent[];
  readonly doubts: CalendarProblem[];
}

/** Gives the components, and the doubts outside of any event. */
export function readComponents(text: string) {
  const reading: Reading = { open: [], components: [], doubts: [] };
  for (const line of unfold(text)) readLine(reading, line);
  while (reading.open.length > 0) close(reading, true);
  return reading;
}

/** In all other properties a line break is a fold without its blank. */
const PROSE = /^(?:description|summary|comment|location|x-alt-desc)\b/i;

/** Long lines are folded: a line that begins with a blank goes on with the one before (RFC 5545, 3.1). */
function unfold(text: string): readonly Line[] {
  const lines: Line[] = [];
  text
    .replaceAll(/^\uFEFF/gm, '')
    .split(/\r\n|\n|\r/)
    .forEach((content, index) => {
      const last = lines.at(-1);
      if (/^[ \t]/.test(content) && last) last.content += content.slice(1);
      else if (content.trim() !== '')
        lines.push({ line: index + 1, isProse: PROSE.test(content), content });
    });
  return lines;
}

function readLine(reading: Reading, line: Line): void {
  const [, edge, said = ''] = /^(BEGIN|END)\s*:\s*([A-Z0-9-]+)\s*$/i.exec(line.content) ?? [];
  const name = said.toLowerCase();
  if (edge?.toUpperCase() === 'BEGIN') begin(reading, name, line.line);
  else if (edge) end(reading, name, line.line);
  else addProperty(reading, line);
}

/** Events and calendars do not stand in each other: a new one ends the one before. */
function begin(reading: Reading, name: string, line: number): void {
  const same = reading.open.findIndex((open) => open.name === name);
  if (same >= 0 && /^v(?:event|calendar|todo|timezone)$/.test(name))
    closeFrom(reading, same, `BEGIN:${name.toUpperCase()} comes before the END of line`, line);
  reading.open.push({ name, line, lines: [], components: [], doubts: [] });
}

function end(reading: Reading, name: string, line: number): void {
  const index = reading.open.findLastIndex((open) => open.name === name);
  if (index >= 0) {
    closeFrom(reading, index + 1, `END:${name.toUpperCase()} comes before the END of line`, line);
    close(reading, false);
    return;
  }
  listDoubts(reading).push({
    line,
    text: `END:${name.toUpperCase()} has no BEGIN`,
    hint: 'Mend the nesting, or fetch the file again.',
  });
}

function closeFrom({ open, ...rest }: Reading, index: number, text: string, line: number): void {
  while (open.length > index) {
    const last = open.at(-1) as Open;
    last.doubts.push({
      line,
      text: `${text} ${last.line}`,
      hint: 'Mend the nesting, or fetch the file again.',
    });
    // An alarm without its END holds what follows it in the event.
    const around = open.at(-2);
    if (around?.name === 'vevent') for (const one of last.lines) around.lines.push(one);
    close({ open, ...rest }, false);
  }
}

function close({ open, components }: Reading, cutOff: boolean): void {
  const last = open.pop();
  if (!last) return;
  const { lines, ...rest } = last;
  const properties = lines.flatMap((line) => propertyFrom(line) ?? []);
  (open.at(-1)?.components ?? components).push({ ...rest, properties, cutOff });
}

const listDoubts = ({ open, doubts }: Reading): CalendarProblem[] => open.at(-1)?.doubts ?? doubts;

function addProperty(reading: Reading, line: Line): void {
  const into = reading.open.at(-1);
  if (into && isProperty(line.content)) {
    into.lines.push(line);
    return;
  }
  const before = /^X-\S*$/i.test(line.content) ? undefined : into?.lines.at(-1);
  const said = listDoubts(reading);
  const rest = before && `it is read as the rest of line ${before.line}`;
  if (before) before.content += (before.isProse ? String.raw`\n` : '') + line.content;
  if (rest !== undefined && said.at(-1)?.text.endsWith(rest)) return;
  const hint =
    'Look whether the notice is understood: a long line goes on after a line break and a blank.';
  const text = `${short(line.content)} is no property${rest ? `: ${rest}` : LEFT_OUT}`;
  said.push((!into && inRun(reading, line.line)) || { line: line.line, text, hint });
}

const LEFT_OUT = ', and is left out';

/** Gives one doubt for a line outside of everything and those before it, in place of theirs. */
function inRun({ components, doubts }: Reading, line: number): CalendarProblem | undefined {
  const last = doubts.at(-1);
  const isRun = last?.text.endsWith('left out') && (components.at(-1)?.line ?? 0) < last.line;
  if (!last || !isRun) return undefined;
  doubts.pop();
  return { ...last, text: `lines ${last.line} to ${line} are no properties, and are left out` };
}

const KNOWN = new Set(Object.keys(ICAL.design.defaultSet.property));

/** `Impacted: two links` is prose: names are written in one case, and known or begin with X-. */
function isProperty(content: string): boolean {
  const name = /^([A-Za-z0-9-]+)[;:]/.exec(content)?.[1];
  if (name === undefined) return false;
  const oneCase = name === name.toUpperCase() || name === name.toLowerCase();
  return oneCase && (KNOWN.has(name.toLowerCase()) || /^x-/i.test(name) || !/[:;]\s/.test(content));
}

function propertyFrom({ line, content }: Line): CalendarProperty | undefined {
  const [head = '', raw = ''] = splitAtValue(content);
  const [name = ''] = head.split(';');
  return {
    name: name.toLowerCase(),
    parameters: readParameters(head),
    value: unescaped(raw).trim(),
    line,
  };
}

/** At the first colon that stands in no quotes; at any where a quote is never closed. */
function splitAtValue(content: string): readonly string[] {
  let quoted = false;
  for (let index = 0; index < content.length; index++) {
    if (content[index] === '"') quoted = !quoted;
    else if (content[index] === ':' && !quoted)
      return [content.slice(0, index), content.slice(index + 1)];
  }
  const [head = '', ...rest] = content.split(':');
  return [head, rest.join(':')];
}

/** Broken parameters are read as far as they can be, and so is the value. */
function readParameters(head: string): Readonly<Record<string, string>> {
  if (!head.includes(';')) return {};
  try {
    const [, parameters] = ICAL.parse.property(`X-${head}:`);
    return Object.fromEntries(
      Object.entries(parameters).map(([name, value]) => [
        name,
        (typeof value === 'string' ? value : value.join(',')).trim(),
      ]),
    );
  } catch {
    const parts = head.split(';').slice(1);
    const pairs = parts.map((part) => part.replaceAll('"', '').split('=', 2));
    return Object.fromEntries(
      pairs.map(([name = '', value = '']) => [name.trim().toLowerCase(), value.trim()]),
    );
  }
}

const unescaped = (text: string): string =>
  text.replaceAll(/\\([nN,;\\])/g, (_, sign: string) => (/n/i.test(sign) ? '\n' : sign));

const SHOWN_MAX = 60;
const short = (text: string): string =>
  text.length > SHOWN_MAX ? `${text.slice(0, SHOWN_MAX)}…` : text;

export const findProperty = (
  { properties }: CalendarComponent,
  name: string,
): CalendarProperty | undefined => properties.find((property) => property.name === name);

/** At whatever depth: an END that is missing puts an event into what stands before it. */
export function findParts(component: CalendarComponent, name: string) {
  const all = [component];
  for (const one of all) for (const part of one.components) all.push(part);
  return all.filter((one) => one.name === name).toSorted((a, b) => a.line - b.line);
}
