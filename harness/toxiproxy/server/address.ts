// Listen and upstream addresses as Go's net package reads them: `host:port`, `[::]:port`, `:port`,
// `host:http`. What is wrong is said in its words.

import { isIPv6, type AddressInfo } from 'node:net';
import { systemRefused } from './apiError.ts';
import { servicePort } from './services.ts';

export interface HostPort {
  /** Empty: all interfaces when listening, this machine when connecting. */
  readonly host: string;
  readonly port: number;
}

const PORT_MAX = 65_535;

/** Throws an ApiError; `doing` is put before the reason, as in "listen tcp: ". */
export function parseAddress(text: string, doing: string): HostPort {
  const split = splitHostPort(text);
  if (typeof split === 'string') throw systemRefused(`${doing}address ${text}: ${split}`);
  return { host: split.host, port: parsePort(split.port, doing) };
}

/** The two parts, or the reason why there are none. */
function splitHostPort(text: string): { readonly host: string; readonly port: string } | string {
  const colon = text.lastIndexOf(':');
  if (colon < 0) return 'missing port in address';
  const isBracketed = text.startsWith('[');
  const end = text.indexOf(']');
  if (isBracketed && end < 0) return "missing ']' in address";
  if (isBracketed && end + 1 === text.length) return 'missing port in address';
  if (isBracketed && end + 1 !== colon)
    return text[end + 1] === ':' ? 'too many colons in address' : 'missing port in address';
  if (!isBracketed && text.slice(0, colon).includes(':')) return 'too many colons in address';
  if (text.slice(isBracketed ? 1 : 0).includes('[')) return "unexpected '[' in address";
  if (text.slice(isBracketed ? end + 1 : 0).includes(']')) return "unexpected ']' in address";
  return {
    host: isBracketed ? text.slice(1, end) : text.slice(0, colon),
    port: text.slice(colon + 1),
  };
}

/** A number, a service name, or nothing for 0. */
function parsePort(text: string, doing: string): number {
  const port = /^[-+]?\d*$/.test(text)
    ? Number(text === '+' || text === '-' ? 0 : text)
    : servicePort(text);
  if (port === undefined) throw systemRefused(`${doing}lookup tcp/${text}: unknown port`);
  if (port < 0 || port > PORT_MAX) throw systemRefused(`${doing}address ${text}: invalid port`);
  return port;
}

export const formatAddress = (host: string, port: number): string =>
  isIPv6(host) ? `[${host}]:${port}` : `${host}:${port}`;

export const formatAddressInfo = ({ address, port }: AddressInfo): string =>
  formatAddress(address, port);
