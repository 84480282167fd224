// Refuses a transport stream that carries no clock: a set-top box could not show it in time.

import { HarnessError } from '../../model/errors.ts';
import { clockIn } from '../../model/transportStream.ts';

/** A clock comes ten times a second (ISO/IEC 13818-1, 2.7.2): none in so many is no loss. */
const DATAGRAMS_WITHOUT_MAX = 500;

/** Gives what takes each payload; `fail` is called once. */
export function watchClock(fail: (error: HarnessError) => void): (payload: Uint8Array) => void {
  let without = 0;
  return (payload) => {
    without = clockIn(payload) ? 0 : without + 1;
    if (without !== DATAGRAMS_WITHOUT_MAX) return;
    fail(
      new HarnessError('STAGE_FAILED', 'the transport stream that arrives carries no clock (PCR)', {
        hint: 'send a programme whose program map names a PCR and that carries it ten times a second',
      }),
    );
  };
}
