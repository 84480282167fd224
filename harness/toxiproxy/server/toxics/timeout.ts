// Takes and drops all data, and closes the connection `timeout` milliseconds after it was applied;
// 0: never by itself, but when it is removed, because bytes are missing then.

import { passThrough } from './passThrough.ts';
import type { Attributes, ToxicKind } from './stage.ts';

export const timeout: ToxicKind = {
  type: 'timeout',
  structName: 'TimeoutToxic',
  attributes: { timeout: 'int64' },
  protocols: ['tcp', 'udp'],
  closesWhenRemoved: true,
  create(given, { clock, outlet }) {
    const arm = (attributes: Attributes) => {
      const ms = attributes['timeout'] ?? 0;
      return ms > 0 ? clock.after(ms, () => outlet.close()) : () => undefined;
    };
    let cancel = arm(given);
    return passThrough(outlet, {
      write: () => true,
      update: (changed) => {
        cancel();
        cancel = arm(changed);
      },
      release: () => {
        cancel();
        return { chunks: [], ended: false };
      },
    });
  },
};
