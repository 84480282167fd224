// Questions on a terminal; where nobody can answer, nothing is asked.

import { createInterface } from 'node:readline/promises';

export const canAsk = (): boolean => process.stdin.isTTY && process.stderr.isTTY;

/** The answer, or what is there when it is empty. Ctrl-C ends the command as everywhere. */
export async function ask(question: string, otherwise: string): Promise<string> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await lines.question(`${question} [${otherwise}] `);
    return answer.trim() === '' ? otherwise : answer.trim();
  } finally {
    lines.close();
  }
}
