// Answers the next byte (or the end of the stream) with a TCP reset of both peers, `timeout`
// milliseconds later. The byte itself is dropped.

import { passThrough } from './passThrough.ts';
import type { ToxicKind } from './stage.ts';

export const resetPeer: ToxicKind = {
  type: 'reset_peer',
  structName: 'ResetToxic',
  attributes: { timeout: 'int64' },
  protocols: ['tcp'],
  create(given, { clock, outlet }) {
    let attributes = given;
    let cancel: (() => void) | undefined;
    const reset = () => {
      const ms = attributes['timeout'] ?? 0;
      if (ms <= 0) outlet.reset();
      else cancel ??= clock.after(ms, () => outlet.reset());
      return true;
    };
    return passThrough(outlet, {
      write: reset,
      end: reset,
      update: (changed) => {
        attributes = changed;
      },
      release: () => {
        // Bytes were dropped once it began to act: the connection cannot go on without them.
        if (cancel) outlet.reset();
        cancel?.();
        return { chunks: [], ended: false };
      },
    });
  },
};
