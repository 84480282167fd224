// Questions on a terminal; where nobody can answer, nothing is asked.

import { createInterface } from 'node:readline/promises';
import { HarnessError } from '../model/errors.ts';
import { say } from './terminal.ts';

export const canAsk = (): boolean => process.stdin.isTTY && process.stderr.isTTY;

export interface Question {
  readonly question: string;
  /** The answer that an empty line gives. */
  readonly otherwise: string;
  /** Says what is wrong with an answer; it is asked again until nothing is. */
  readonly wrongWith?: (answer: string) => string | undefined;
}

/** @throws HarnessError INTERRUPTED for Ctrl-C, and where the input ends. */
export async function ask({ question, otherwise, wrongWith }: Question): Promise<string> {
  for (;;) {
    const answer = (await line(`${question} [${otherwise}] `)).trim() || otherwise;
    const wrong = wrongWith?.(answer);
    if (wrong === undefined) return answer;
    say(wrong);
  }
}

async function line(prompt: string): Promise<string> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  const ended = Promise.withResolvers<never>();
  ended.promise.catch(() => undefined);
  lines.on('close', () => ended.reject(new Error('the input ended')));
  try {
    return await Promise.race([lines.question(prompt), ended.promise]);
  } catch (error) {
    process.stderr.write('\n');
    throw new HarnessError('INTERRUPTED', 'interrupted: nothing was started', { cause: error });
  } finally {
    lines.close();
  }
}
