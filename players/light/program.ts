// The program that plays light viewers, in a process of its own: neither its work nor its garbage
// delays the clock and the control of a run. It ends with the fleet that started it.

import { systemClock } from '../../harness/kernel/clock.ts';
import type { Later } from '../page/policy.ts';
import { openCrowd, type Crowd } from './crowd.ts';
import { openNetwork } from './http.ts';
import { BEAT_MS, loopWatch } from './lateness.ts';
import type { FromProgram, LightRecord, ToProgram } from './messages.ts';
import { asksLengths } from './settings.ts';

/** Records are sent together, as often as a page sends its batches. */
const SEND_EVERY_MS = 250;

const later: Later = (ms, act) => {
  const timer = setTimeout(act, ms);
  return () => clearTimeout(timer);
};

/** Nobody may be there any more to hear it: then this program is about to end. */
const tell = (message: FromProgram): void => {
  if (process.connected) process.send?.(message, undefined, undefined, () => undefined);
};

let gathered: LightRecord[] = [];
function flush(): void {
  if (gathered.length === 0) return;
  tell({ tells: 'records', records: gathered });
  gathered = [];
}

let crowd: Crowd | undefined;

function obey(message: ToProgram): void {
  switch (message.does) {
    case 'start':
      crowd = openCrowd({
        seed: message.seed,
        startedAtEpochMs: message.startedAtEpochMs,
        time: { epochMs: () => systemClock.epochMs(), later },
        open: (viewer) => openNetwork({ lengths: asksLengths(viewer) }),
        emit: (record) => void gathered.push(record),
      });
      return tell({ tells: 'ready' });
    case 'join':
      return crowd?.join(message.viewers);
    case 'leave':
      crowd?.leave(message.viewers);
      flush();
      return tell({ tells: 'left' });
  }
}

setInterval(flush, SEND_EVERY_MS);
setInterval(
  loopWatch(
    () => systemClock.epochMs(),
    (from, to) => crowd?.wasLate(from, to),
  ),
  BEAT_MS,
);
process.on('message', (message) => obey(message as ToProgram));
process.on('disconnect', () => process.exit(0));
// Ctrl-C is for the harness, which heals first and then lets viewers leave.
process.on('SIGINT', () => undefined);
