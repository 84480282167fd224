// JSON as programs leave it: one value, a list, a value a line, or wrapped by a queue.

export type JsonObject = Readonly<Record<string, unknown>>;

export const isObject = (value: unknown): value is JsonObject =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

/** Undefined when the text is no JSON. */
export function jsonEntries(text: string): readonly JsonObject[] | undefined {
  if (!/^\uFEFF?\s*[[{]/.test(text)) return undefined;
  const body = text.replace(/^\uFEFF/, '');
  const whole = parsed(body);
  const values =
    whole === undefined
      ? body
          .split(/\r?\n/)
          .filter((line) => line.trim() !== '')
          .map(parsed)
      : [whole];
  return values.includes(undefined)
    ? undefined
    : values.flat().flatMap((value) => unwrapped(value));
}

/** Services hand on to services; nobody puts more envelopes around an event. */
const ENVELOPES_MAX = 20;

/** A notification service puts the event into a text of its own envelope. */
function unwrapped(value: unknown, deep = 0): readonly JsonObject[] {
  if (!isObject(value)) return [];
  if (deep > ENVELOPES_MAX) return [value];
  const { Message: message, Records: records } = value;
  if (Array.isArray(records)) return records.flatMap((record) => unwrapped(record, deep + 1));
  if (isObject(value['Sns'])) return unwrapped(value['Sns'], deep + 1);
  const inner = typeof message === 'string' ? parsed(message) : undefined;
  return inner === undefined ? [value] : unwrapped(inner, deep + 1);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** Numbers of works and circuits come as numbers, too. */
export const readString = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value).trim() : '';
