// One line of nginx's access log, as nginx.ts asks for it and syslog wraps it, and the counters made of them.

import { counterInPath } from '../../model/frameClock.ts';
import type { StageStats } from '../contract.ts';

export interface Access {
  readonly method: string;
  readonly status: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
  readonly path: string;
}

export function parseAccess(line: string): Access | undefined {
  const match = /^<\d+>.* access: ([A-Z]+) (\d{3}) (\d+) (\d+) ([^\s?]+)\S*$/.exec(line);
  if (!match) return undefined;
  const [, method = '', status, bytesIn, bytesOut, path = ''] = match;
  return {
    method,
    path,
    status: Number(status),
    bytesIn: Number(bytesIn),
    bytesOut: Number(bytesOut),
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
