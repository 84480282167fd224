// Finds the handler for method and path, and the answers of paths that have none, as the official
// server gives them.

import { posix } from 'node:path';
import type { ApiAnswer, Handler, Route } from './routes.ts';

export interface RoutedCall {
  readonly handler: Handler;
  /** The decoded parts of the path that the route leaves open. */
  readonly parts: readonly string[];
}

export const TEXT = 'text/plain; charset=utf-8';

const BAD_PATH: ApiAnswer = { status: 400, body: '400 Bad Request', contentType: TEXT };
const NOT_FOUND: ApiAnswer = { status: 404, body: '404 page not found\n', contentType: TEXT };
const WRONG_METHOD: ApiAnswer = { status: 405 };

/** A handler, or the answer where nobody handles this. */
export function findRoute(
  routes: readonly Route[],
  method: string,
  url: string,
): RoutedCall | ApiAnswer {
  const [, path = '/', query = ''] = /^(?:https?:\/\/[^/?#]*)?([^?#]*)(\?[^#]*)?/.exec(url) ?? [];
  const given = path.split('/').map(decodePart);
  if (!given.every((part) => part !== undefined)) return BAD_PATH;
  const clean = cleanPath(path);
  if (clean !== path) return { status: 301, headers: { Location: `${clean}${query}` } };
  let answer = NOT_FOUND;
  for (const { path: pattern, methods } of routes) {
    const parts = match(pattern.split('/'), given);
    if (!parts) continue;
    const handler = Object.hasOwn(methods, method) ? methods[method] : undefined;
    if (handler) return { handler, parts };
    answer = WRONG_METHOD;
  }
  return answer;
}

/** Gives the path without empty parts and dots; a slash at the end stays. */
const cleanPath = (path: string): string =>
  posix.normalize(path.startsWith('/') ? path : `/${path}`);

/** The parts that stand for `*`, or undefined when the path is another one. */
function match(pattern: readonly string[], given: readonly string[]): string[] | undefined {
  if (pattern.length !== given.length) return undefined;
  const fits = pattern.every((part, at) => (part === '*' ? given[at] !== '' : part === given[at]));
  return fits ? given.filter((_, at) => pattern[at] === '*') : undefined;
}

/** Undefined: not a valid escape. */
function decodePart(part: string): string | undefined {
  try {
    return decodeURIComponent(part);
  } catch {
    return undefined;
  }
}
