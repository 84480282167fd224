// Tells requests that no program of ours sends: those of somebody's web page, and those under a name
// that an attacker can point here (DNS rebinding). Ours have no Origin, and call us by an address
// or by a name that the public DNS does not know.

import type { IncomingHttpHeaders } from 'node:http';
import { isIP } from 'node:net';
import { hostname } from 'node:os';

/** Reserved for private use (RFC 6761, RFC 6762, RFC 8375; ICANN for .internal), and Kubernetes' own. */
export const PRIVATE_SUFFIXES: readonly string[] = [
  ...['localhost', 'local', 'internal', 'test', 'lan', 'home.arpa', 'svc', 'cluster.local'],
];

export interface GuardOptions {
  /** A page of this origin is our own. */
  readonly origin?: string;
  /** Another name that we are called by. */
  readonly host?: string;
}

/** The reason to refuse, as the end of a sentence; undefined when it may be one of ours. */
export function foreignPart(
  headers: IncomingHttpHeaders,
  { origin, host }: GuardOptions = {},
): 'Host' | 'Origin' | undefined {
  const called = headers.host;
  if (called !== undefined && !isPrivateName(nameIn(called), host)) return 'Host';
  const site = headers['sec-fetch-site'];
  const isOwnPage = site === undefined || site === 'none' || site === 'same-origin';
  const isOwnOrigin = headers.origin === undefined || headers.origin === origin;
  return isOwnPage && isOwnOrigin ? undefined : 'Origin';
}

/** `a.b:80` is `a.b`, `[::1]:80` is `::1`. */
const nameIn = (host: string): string =>
  (/^\[([^\]]*)\]/.exec(host)?.[1] ?? host.replace(/:\d*$/, '')).replace(/\.$/, '').toLowerCase();

/** An address, a name without a dot, or one that nobody can buy. */
const isPrivateName = (name: string, own: string | undefined): boolean =>
  isIP(name) !== 0 ||
  !name.includes('.') ||
  [own, hostname()].some((known) => known?.toLowerCase() === name) ||
  PRIVATE_SUFFIXES.some((suffix) => name.endsWith(`.${suffix}`));

/** Compares secrets in a time that says nothing of them. The module, which takes 4 MB, is loaded for the first. */
export function isSameSecret(given: string | undefined, secret: string): boolean {
  const { timingSafeEqual } = process.getBuiltinModule('node:crypto');
  const [a, b] = [Buffer.from(given ?? ''), Buffer.from(secret)];
  return a.length === b.length && timingSafeEqual(a, b);
}
