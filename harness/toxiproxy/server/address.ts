// Listen and upstream addresses as Toxiproxy writes them: `host:port`, `[::]:port`, `:port`.

import { isIPv6, type AddressInfo } from 'node:net';
import { systemRefused } from './apiError.ts';

export interface HostPort {
  /** Empty: all interfaces when listening, this machine when connecting. */
  readonly host: string;
  readonly port: number;
}

/** Throws an ApiError in the words of Toxiproxy; `verb` is what was being done, as in "listen tcp". */
export function parseAddress(text: string, verb: string): HostPort {
  const match = /^(?:\[([^\]]*)\]|([^:]*)):([^:]*)$/.exec(text);
  if (!match) {
    const why = text.includes(':') ? 'too many colons in address' : 'missing port in address';
    throw systemRefused(`${verb}: address ${text}: ${why}`);
  }
  const host = match[1] ?? match[2] ?? '';
  const portText = match[3] ?? '';
  const port = Number(portText);
  if (!/^\d*$/.test(portText)) {
    throw systemRefused(`${verb}: lookup tcp/${portText}: unknown port`);
  }
  if (port > 65_535) throw systemRefused(`${verb}: address ${portText}: invalid port`);
  return { host, port };
}

export const formatAddress = (host: string, port: number): string =>
  isIPv6(host) ? `[${host}]:${port}` : `${host}:${port}`;

export const formatAddressInfo = ({ address, port }: AddressInfo): string =>
  formatAddress(address, port);
