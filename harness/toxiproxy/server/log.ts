// The server's own log: one JSON object a line, as the official server writes it, filtered by LOG_LEVEL.

import { systemClock } from '../../kernel/clock.ts';

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'panic'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export type Log = (
  level: LogLevel,
  message: string,
  fields?: Readonly<Record<string, unknown>>,
) => void;

/** An unknown or missing level means info; "warning" means warn. */
export function parseLogLevel(text: string | undefined): LogLevel {
  const wanted = text?.toLowerCase() === 'warning' ? 'warn' : text?.toLowerCase();
  return LOG_LEVELS.find((level) => level === wanted) ?? 'info';
}

export function createLog(from: LogLevel, write: (line: string) => void): Log {
  const lowest = LOG_LEVELS.indexOf(from);
  return (level, message, fields = {}) => {
    if (LOG_LEVELS.indexOf(level) < lowest) return;
    const time = new Date(systemClock.epochMs()).toISOString();
    write(`${JSON.stringify({ level, ...fields, time, message })}\n`);
  };
}

export const noLog: Log = () => undefined;
