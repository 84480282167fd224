// Lets everything through for `time` milliseconds after it was applied to a connection, then closes it.

import { passThrough } from './passThrough.ts';
import type { Attributes, ToxicKind } from './stage.ts';

export const limitTime: ToxicKind = {
  type: 'limit_time',
  structName: 'LimitTimeToxic',
  attributes: { time: 'int64' },
  protocols: ['tcp', 'udp'],
  refuse: ({ time = 0 }) => (time < 0 ? 'time must not be negative' : undefined),
  create(given, { clock, outlet }) {
    const appliedAtMs = clock.nowMs();
    let cancel = () => undefined as void;
    let isOver = false;

    const close = () => {
      isOver = true;
      outlet.close();
    };
    /** The time counts from when it was applied, also when it changes. */
    const arm = ({ time = 0 }: Attributes) => {
      cancel();
      const leftMs = appliedAtMs + time - clock.nowMs();
      if (!isOver) cancel = clock.after(Math.max(0, leftMs), close);
    };
    arm(given);

    return passThrough(outlet, {
      write: (chunk) => isOver || outlet.send(chunk),
      update: arm,
      release: () => {
        cancel();
        return { chunks: [], ended: false };
      },
    });
  },
};
