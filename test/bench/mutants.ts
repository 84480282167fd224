// Sends many changed files through every reader of files, in one process: no crash, nothing that
// nobody wrote in an answer, and nothing that takes long. MUTANTS= and SEED= say how many, and which.

import fc from 'fast-check';
import { systemClock } from '../../harness/kernel/clock.ts';
import { answerOf, FILE_READERS, leakIn, type FileReader } from '../support/fileReaders.ts';
import { mutantsOf } from '../support/mutants.ts';

const MUTANTS = Number(process.env['MUTANTS'] ?? 20_000);
const SEED = Number(process.env['SEED'] ?? 1);
/** Nobody waits longer for a file to be refused. */
const LONGEST_MS = 2_000;

export async function main(): Promise<void> {
  const each = Math.ceil(MUTANTS / FILE_READERS.length);
  for (const reader of FILE_READERS) {
    const mutants = fc.sample(mutantsOf(reader.seeds), { numRuns: each, seed: SEED });
    const wrong = new Map<string, string>();
    let slowestMs = 0;
    for (const text of mutants) {
      const fromMs = systemClock.epochMs();
      const mistake = await mistakeIn(reader, text);
      const tookMs = systemClock.epochMs() - fromMs;
      slowestMs = Math.max(slowestMs, tookMs);
      if (mistake !== undefined) wrong.set(mistake, text);
      if (tookMs > LONGEST_MS) wrong.set(`took ${tookMs} ms`, text);
    }
    console.log(`${reader.name.padEnd(10)} ${mutants.length} files, slowest ${slowestMs} ms`);
    for (const [mistake, text] of wrong) {
      process.exitCode = 1;
      console.log(`${mistake}\n${JSON.stringify(text.slice(0, 4_000))}`);
    }
  }
}

async function mistakeIn(reader: FileReader, text: string): Promise<string | undefined> {
  try {
    const leak = leakIn(await answerOf(reader, text), text);
    return leak && `nobody wrote what is in the answer: ${leak}`;
  } catch (error) {
    return error instanceof Error ? String(error.stack).slice(0, 800) : String(error);
  }
}

if (import.meta.main) await main();
