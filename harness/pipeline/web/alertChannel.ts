// Alerts beside the programme: who asks gets those in force in its area, and who listens gets them again
// each time they change.
//
//   GET /alerts/now/rouen      [alert, …]
//   GET /alerts/pushed/rouen   [alert, …] a line, for as long as the connection lasts

import type { IncomingMessage, ServerResponse } from 'node:http';
import { livesIn, type ToldAlert } from '../../model/alert.ts';
import { alertsIn } from '../contract.ts';
import { CORS_HEADERS } from './headers.ts';

export interface AlertChannel {
  /** Throws an Error that says what is wrong with a command. */
  readonly command: (command: Readonly<Record<string, unknown>>) => void;
  /** False where something else was asked for. */
  readonly answer: (request: IncomingMessage, response: ServerResponse) => boolean;
}

/** The alerts of an area, as one line of JSON. */
export const alertLine = (alerts: readonly ToldAlert[], area: string): string =>
  JSON.stringify(alerts.filter(({ areas = [] }) => livesIn({ area }, areas)));

/** The area in a path; undefined where that is no question for alerts that can be read. */
export const askedArea = (path: string, way: 'now' | 'pushed'): string | undefined => {
  const [, asked, area = ''] = /^\/alerts\/(\w+)\/([^/?]*)$/.exec(path) ?? [];
  try {
    return asked === way ? decodeURIComponent(area) : undefined;
  } catch {
    return undefined;
  }
};

export function createAlertChannel(): AlertChannel {
  let onRequest: readonly ToldAlert[] = [];
  let pushed: readonly ToldAlert[] = [];
  const listening = new Map<ServerResponse, string>();
  const push = (response: ServerResponse, area: string) =>
    response.write(`${alertLine(pushed, area)}\n`);
  return {
    command: (command) => {
      onRequest = alertsIn(command, 'alertsOnRequest') ?? onRequest;
      const told = alertsIn(command, 'alertsPushed');
      pushed = told ?? pushed;
      if (told) for (const [response, area] of listening) push(response, area);
    },
    answer: ({ url = '' }, response) => {
      const [now, from] = [askedArea(url, 'now'), askedArea(url, 'pushed')];
      if (now === undefined && from === undefined) return false;
      response.on('error', () => undefined);
      response.writeHead(200, HEADERS);
      if (now !== undefined) response.end(alertLine(onRequest, now));
      if (from === undefined) return true;
      listening.set(response, from);
      response.on('close', () => listening.delete(response));
      push(response, from);
      return true;
    },
  };
}

const HEADERS = {
  ...CORS_HEADERS,
  'content-type': 'application/json',
  'cache-control': 'no-store',
};
