// One line of nginx's access log, as nginx.ts asks for it and syslog wraps it, and the counters made of them.

import { counterInPath } from '../../model/frameClock.ts';
import { CMCD_LENGTH_MAX, type CmcdRequest } from '../../model/cmcd.ts';
import type { StageStats } from '../contract.ts';

export interface Access {
  readonly method: string;
  readonly status: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
  readonly path: string;
  /** The CMCD of the request, in its address or its headers; absent where it has none. */
  readonly cmcd?: CmcdRequest;
}

const LINE = /^<\d+>.* access: ([A-Z]+) (\d{3}) (\d+) (\d+) ([^\s?]+)(\S*)(?: (\S+) (\S* ?.*))?$/;

export function parseAccess(line: string): Access | undefined {
  const match = LINE.exec(line);
  if (!match) return undefined;
  const [, method = '', status, bytesIn, bytesOut, path = '', query = '', host = '', headers] =
    match;
  const says = cmcdIn(query, headers);
  return {
    method,
    path,
    status: Number(status),
    bytesIn: Number(bytesIn),
    bytesOut: Number(bytesOut),
    ...(says && { cmcd: { host, path, status: Number(status), says } }),
  };
}

export interface AccessCounters {
  readonly add: (access: Access) => void;
  readonly stats: () => StageStats;
}

export function accessCounters(): AccessCounters {
  const sums = { requests: 0, bytesIn: 0, bytesOut: 0 };
  let programmeCounter: number | undefined;
  return {
    add: (access) => {
      sums.requests++;
      sums.bytesIn += access.bytesIn;
      sums.bytesOut += access.bytesOut;
      const counter = access.status < 300 ? counterInPath(access.path) : undefined;
      if (counter === undefined || access.method === 'DELETE') return;
      programmeCounter = Math.max(counter, programmeCounter ?? 0);
    },
    stats: () => (programmeCounter === undefined ? sums : { ...sums, programmeCounter }),
  };
}

/** Headers stand in the line in quotes of nginx's own, parted by bars; one that is not there is `-`. */
function cmcdIn(query: string, headers = ''): string | undefined {
  const inQuery = new URLSearchParams(query).get('CMCD');
  const inHeaders = headers.split('|').filter((text) => text !== '-' && text !== '');
  const says = inQuery ?? unescaped(inHeaders.join(','));
  return says === '' ? undefined : says.slice(0, CMCD_LENGTH_MAX);
}

/** nginx writes quotes and backslashes by their codes, as in \x22. */
const unescaped = (text: string): string =>
  text.replace(/\\x([0-9A-F]{2})/g, (_, code: string) =>
    String.fromCharCode(Number.parseInt(code, 16)),
  );
