// Decoders that run before a box needs them. That of a real box always runs; here each start takes 70 ms
// of a core, and the starts of all boxes at once would delay the programs that make the pictures.

import type { DecoderProcess } from './decoder.ts';

/** One start after the other takes a seventh of a core at most. */
const START_EVERY_MS = 500;

/** Keeps so many ready; gives one of them, or a new one where none is left. Those that wait end with this program. */
export function keepSpareDecoders(
  count: number,
  start: () => DecoderProcess,
): () => DecoderProcess {
  const spares: DecoderProcess[] = [];
  setInterval(() => {
    if (spares.length < count) spares.push(start());
  }, START_EVERY_MS);
  process.once('exit', () => spares.forEach((spare) => spare.kill('SIGKILL')));
  const take = (): DecoderProcess => {
    const spare = spares.shift();
    if (!spare) return start();
    return isRunning(spare) ? spare : take();
  };
  return take;
}

const isRunning = ({ pid, exitCode, signalCode }: DecoderProcess): boolean =>
  pid !== undefined && exitCode === null && signalCode === null;
