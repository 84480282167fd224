// A chain of toxics on a test bench: time that only moves when told to, and a sink that records.

import { seededRandom } from '../../../harness/kernel/random.ts';
import { createChain, type Chain } from '../../../harness/toxiproxy/server/chain.ts';
import { createToxic, type Stream, type Toxic } from '../../../harness/toxiproxy/server/toxic.ts';
import { TOXIC_KINDS } from '../../../harness/toxiproxy/server/toxics/registry.ts';
import type { StageClock, ToxicKind } from '../../../harness/toxiproxy/server/toxics/stage.ts';

export interface VirtualClock extends StageClock {
  advance(ms: number): void;
  /** Time has passed unseen, as on a busy machine: what is due is called now, `onCalled` after each. */
  jump(ms: number, onCalled: () => void): void;
  /** Time has passed and nobody was called yet: timers are late until the next advance. */
  passUnseen(ms: number): void;
  pending(): number;
}

export function virtualClock(): VirtualClock {
  const timers = new Map<symbol, { atMs: number; callback: () => void }>();
  let nowMs = 1_000;
  const nextDue = (untilMs: number) =>
    [...timers].filter(([, { atMs }]) => atMs <= untilMs).sort((a, b) => a[1].atMs - b[1].atMs)[0];
  return {
    nowMs: () => nowMs,
    after: (ms, callback) => {
      const key = Symbol();
      timers.set(key, { atMs: nowMs + ms, callback });
      return () => timers.delete(key);
    },
    advance: (ms) => {
      const untilMs = nowMs + ms;
      for (let due = nextDue(untilMs); due; due = nextDue(untilMs)) {
        timers.delete(due[0]);
        nowMs = Math.max(nowMs, due[1].atMs);
        due[1].callback();
      }
      nowMs = untilMs;
    },
    jump: (ms, onCalled) => {
      nowMs += ms;
      for (let due = nextDue(nowMs); due; due = nextDue(nowMs)) {
        timers.delete(due[0]);
        due[1].callback();
        onCalled();
      }
    },
    passUnseen: (ms) => {
      nowMs += ms;
    },
    pending: () => timers.size,
  };
}

export interface Arrival {
  /** Since the bench was made. */
  readonly atMs: number;
  readonly text: string;
}

export interface TestBench {
  readonly clock: VirtualClock;
  readonly chain: Chain;
  /** The chunks that came out. */
  readonly arrivals: readonly Arrival[];
  /** All of it as one text. */
  output(): string;
  /** `end`, `close`, `reset` in the order they came, with their time. */
  readonly events: readonly Arrival[];
  /** Gives the number of times that the chain asked for more. */
  readyCount(): number;
  /** While true the sink answers "no more, please". */
  block(blocked: boolean): void;
  write(text: string): boolean;
  /** Adds a toxic; the returned handle changes and removes it. */
  add(type: string, attributes?: Record<string, number>, toxicity?: number): ToxicHandle;
}

export interface ToxicHandle {
  readonly toxic: Toxic;
  update(attributes: Record<string, number>): void;
  setToxicity(toxicity: number): void;
  remove(): void;
}

/** A kind whose stages throw where one asks for more from within a write to it. */
export function strictKind(type: string): ToxicKind {
  const kind = TOXIC_KINDS.get(type);
  if (!kind) throw new Error(`no toxic ${type}`);
  return {
    ...kind,
    create: (attributes, context) => {
      let isWriting = false;
      const ready = () => {
        if (isWriting) throw new Error(`${type} asks for more while it is written to`);
        context.outlet.ready();
      };
      const stage = kind.create(attributes, { ...context, outlet: { ...context.outlet, ready } });
      const write = (chunk: Buffer) => {
        isWriting = true;
        const hasRoom = stage.write(chunk);
        isWriting = false;
        return hasRoom;
      };
      return { ...stage, write };
    },
  };
}

export function testBench(
  options: { seed?: number; datagrams?: boolean; clock?: VirtualClock } = {},
): TestBench {
  const { seed = 1, datagrams = false, clock = virtualClock() } = options;
  const startMs = clock.nowMs();
  const arrivals: Arrival[] = [];
  const events: Arrival[] = [];
  const order: Toxic[] = [];
  const random = seededRandom(seed);
  let blocked = false;
  let ready = 0;
  const stamp = (text: string): Arrival => ({ atMs: clock.nowMs() - startMs, text });
  const chain = createChain({
    clock,
    randomFor: (purpose) => random.fork(purpose),
    datagrams,
    sink: {
      send: (chunk) => {
        arrivals.push(stamp(chunk.toString('latin1')));
        return !blocked;
      },
      end: () => events.push(stamp('end')),
      close: () => events.push(stamp('close')),
      reset: () => events.push(stamp('reset')),
      ready: () => {
        ready += 1;
      },
    },
  });
  let names = 0;
  return {
    clock,
    chain,
    arrivals,
    events,
    output: () => arrivals.map(({ text }) => text).join(''),
    readyCount: () => ready,
    block: (on) => {
      blocked = on;
      if (!on) chain.drained();
    },
    write: (text) => chain.write(Buffer.from(text, 'latin1')),
    add: (type, attributes = {}, toxicity = 1) => {
      const kind = strictKind(type);
      const stream: Stream = 'upstream';
      const toxic = createToxic({
        name: `${type} ${names++}`,
        kind,
        stream,
        streamText: stream,
        toxicity,
        attributes,
      });
      order.push(toxic);
      chain.attach(toxic, order);
      return {
        toxic,
        update: (changed) => {
          toxic.attributes = changed;
          chain.update(toxic, order);
        },
        setToxicity: (changed) => {
          toxic.toxicity = changed;
          chain.update(toxic, order);
        },
        remove: () => {
          order.splice(order.indexOf(toxic), 1);
          chain.detach(toxic);
        },
      };
    },
  };
}
