// Holds the end of the stream back for `delay` milliseconds; data passes untouched.

import { passThrough } from './passThrough.ts';
import type { ToxicKind } from './stage.ts';

export const slowClose: ToxicKind = {
  type: 'slow_close',
  structName: 'SlowCloseToxic',
  attributes: { delay: 'int64' },
  protocols: ['tcp'],
  create(given, { clock, outlet }) {
    let attributes = given;
    let cancel: (() => void) | undefined;
    let passedOn = false;
    const passOn = () => {
      passedOn = true;
      outlet.end();
    };
    const hold = () => {
      cancel?.();
      cancel = clock.after(Math.max(0, attributes['delay'] ?? 0), passOn);
    };
    return passThrough(outlet, {
      end: hold,
      update: (changed) => {
        attributes = changed;
        if (cancel && !passedOn) hold();
      },
      release: () => {
        cancel?.();
        return { chunks: [], ended: cancel !== undefined && !passedOn };
      },
    });
  },
};
