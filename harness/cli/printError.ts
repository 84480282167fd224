// The one place where an error becomes text: what, where, how to mend it.

import pc from 'picocolors';
import { EXIT, HarnessError } from '../model/errors.ts';
import { fit, say } from './terminal.ts';

export interface Printing {
  readonly json: boolean;
  /** Asks for everything that led to the error, too. */
  readonly verbose?: boolean;
}

/** Prints the error on standard error; answers the exit code it asks for. */
export function printError(error: unknown, { json, verbose = false }: Printing): number {
  const known = error instanceof HarnessError ? error : internal(error);
  if (json) say(JSON.stringify({ error: plain(known) }));
  else say(fit(errorText(known, verbose), process.stderr.columns));
  return known.exitCode;
}

function errorText(error: HarnessError, verbose: boolean): string {
  const { code, message, target } = error;
  const about = target === undefined || message.includes(target) ? '' : ` (${target})`;
  const lines = [`${pc.red(pc.bold('error'))} ${pc.dim(code)} ${message}${about}`];
  if (error.hint) lines.push(`${pc.cyan(' hint')} ${error.hint}`);
  if (verbose) lines.push(...listCauses(error));
  return lines.join('\n');
}

function listCauses({ cause }: Error): string[] {
  if (cause === undefined) return [];
  if (!(cause instanceof Error)) return [`${pc.dim('cause')} ${JSON.stringify(cause)}`];
  return [`${pc.dim('cause')} ${cause.stack ?? cause.message}`, ...listCauses(cause)];
}

const plain = ({ code, message, target, hint, exitCode }: HarnessError) => ({
  code,
  message,
  target,
  hint,
  exitCode,
});

function internal(error: unknown): HarnessError {
  if (isNoSpace(error))
    return new HarnessError('CANNOT_WRITE', (error as Error).message, {
      hint: 'free some space, or name another folder with --out DIR',
      cause: error,
    });
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return new HarnessError('INTERNAL', message, {
    hint: `this is our own bug (exit code ${EXIT.internal}): please report it with this text`,
    cause: error,
  });
}

const WRITE_ERRORS = new Set(['ENOSPC', 'EROFS', 'EDQUOT']);
const isNoSpace = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && WRITE_ERRORS.has(String(error.code));
