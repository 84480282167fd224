// Holds a datagram back, with chance `rate`, until `distance` later ones have passed it or `delay`
// milliseconds went by. UDP only.

import type { ToxicKind } from './stage.ts';

export const reorder: ToxicKind = {
  type: 'reorder',
  structName: 'ReorderToxic',
  attributes: { rate: 'float64', distance: 'int', delay: 'int64' },
  defaults: { distance: 1, delay: 100 },
  protocols: ['udp'],
  refuse: ({ distance = 1 }) => (distance < 1 ? 'distance must be at least 1' : undefined),
  create(given, { clock, random, outlet }) {
    let attributes = given;
    let held: HeldBack[] = [];

    const letGo = (isReady: (one: HeldBack) => boolean) => {
      const ready = held.filter(isReady);
      held = held.filter((one) => !ready.includes(one));
      for (const one of ready) one.cancel();
      return ready.map(({ chunk }) => chunk);
    };

    const holdBack = (chunk: Buffer) => {
      const cancel = clock.after(attributes['delay'] ?? 0, () => {
        for (const late of letGo((other) => other === one)) outlet.send(late);
      });
      const one: HeldBack = { chunk, overtakers: attributes['distance'] ?? 1, cancel };
      held.push(one);
      return true;
    };

    const passOn = (chunk: Buffer) => {
      outlet.send(chunk);
      for (const one of held) one.overtakers -= 1;
      for (const overtaken of letGo((one) => one.overtakers <= 0)) outlet.send(overtaken);
      return true;
    };

    return {
      write: (chunk) =>
        random.next() < (attributes['rate'] ?? 0) ? holdBack(chunk) : passOn(chunk),
      end: () => outlet.end(),
      drained: () => outlet.ready(),
      update: (changed) => {
        attributes = changed;
      },
      heldBytes: () => held.reduce((sum, { chunk }) => sum + chunk.length, 0),
      release: () => ({ chunks: letGo(() => true), ended: false }),
    };
  },
};

interface HeldBack {
  readonly chunk: Buffer;
  /** Datagrams that still have to overtake it. */
  overtakers: number;
  readonly cancel: () => void;
}
