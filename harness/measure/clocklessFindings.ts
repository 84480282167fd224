// Says what cannot be told apart of pictures that have no frame clock.

import type { Finding } from '../model/report.ts';
import type { Recorded } from './recorded.ts';

/** One finding for all viewers of such a stream. */
export function clocklessFindings({ run }: Pick<Recorded, 'run'>): Finding[] {
  const who = run.viewers.filter(({ clockless }) => clockless).map(({ id }) => id);
  if (who.length === 0) return [];
  const text = `${who.join(', ')} watched a stream without a frame clock, measured by brightness and repetition alone; not told apart: ${UNTOLD.join('; ')}`;
  return [{ rule: 'without-clock', verdict: 'pass', text, hint: HINT }];
}

const UNTOLD = [
  'frozen and a programme that stands still',
  'programme and filler, a slate, another channel or a repetition of seconds ago',
  'black and a programme that is that dark',
  'stalled and a player that paused by itself',
  'silent and a programme that makes no sound (no moment is called silent)',
] as const;

const HINT =
  'Latency, cause and lip sync are unknown too: only a chain that burns the clock in has them.';
