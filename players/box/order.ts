// Puts the numbered datagrams of a group in order. What follows a hole waits until the hole is filled,
// or was waited for long enough. Pure: datagrams and ticks come in with their time.
//
//   arrives   5 6 . 8 9 10   7 (repaired)
//   goes on   5 6            7 8 9 10

import { nextNumber, stepsBetween, type RtpPacket } from '../../harness/model/rtp.ts';

/** A step this large is another sender that began to count, and no loss. */
const RESTART_STEPS = 3_000;
/** A hole that is still open is asked for again. */
const ASK_AGAIN_MS = 60;
/** A burst brings what it begins with within this time, and all of it within the other. */
const BURST_BEGINS_MS = 150;
const BURST_MS = 1_000;

export interface OrderOptions {
  /** A hole is given up after this long. */
  readonly waitMs: number;
  /** The packets that come go on behind the burst that was asked for. */
  readonly behindBurst: boolean;
  readonly startedAtMs: number;
  readonly onPayload: (payload: Uint8Array) => void;
  /** Numbers in the order in which they were sent. */
  readonly onMissing: (numbers: readonly number[], source: number) => void;
}

export interface Order {
  /** A datagram of the group. */
  readonly take: (packet: RtpPacket, atMs: number) => void;
  /** A datagram that was asked for. */
  readonly takeAsked: (packet: RtpPacket, atMs: number) => void;
  readonly tick: (atMs: number) => void;
  /** Holes in the group so far: filled because they were asked for, and given up. */
  readonly counts: { readonly repaired: number; readonly lost: number };
}

interface Hole {
  askAtMs: number;
  readonly giveUpAtMs: number;
  /** It was sent before the box came. */
  readonly isOfBurst: boolean;
}

export function createOrder(options: OrderOptions): Order {
  const { waitMs, startedAtMs, onMissing } = options;
  const counts = { repaired: 0, lost: 0 };
  let { behindBurst } = options;
  let source: number | undefined;
  const holes = createHoles((numbers) => onMissing(numbers, source ?? 0));
  const line = createLine(holes, options.onPayload);
  /** The burst and the group meet: what lies between them is on its way. */
  const meet = (atMs: number) => {
    const times = { askAtMs: atMs + BURST_MS / 2, giveUpAtMs: atMs + BURST_MS };
    if (line.next !== undefined && line.first !== undefined)
      holes.open(line.lacksUpTo(line.next, line.first), { ...times, isOfBurst: true });
  };
  const begin = (number: number, atMs: number) => {
    line.first = line.newest = number;
    if (behindBurst) meet(atMs);
    else line.next = number;
  };
  const goOnFrom = (newest: number, number: number, atMs: number) => {
    const times = { askAtMs: atMs, giveUpAtMs: atMs + waitMs };
    holes.open(line.lacksUpTo(nextNumber(newest), number), { ...times, isOfBurst: false });
    line.newest = number;
    holes.ask(atMs);
  };
  return {
    counts,
    take: (packet, atMs) => {
      const { number, payload } = packet;
      const isOther = source !== undefined && source !== packet.source;
      if (isOther || line.isFarFrom(number)) {
        holes.clear();
        line.clear();
        behindBurst = false;
      }
      source = packet.source;
      if (line.isPast(number)) return;
      line.hold(number, payload);
      holes.fill(number);
      if (line.newest === undefined) begin(number, atMs);
      else if (stepsBetween(line.newest, number) > 0) goOnFrom(line.newest, number, atMs);
      line.goOn();
    },
    takeAsked: ({ number, payload }, atMs) => {
      if (line.next === undefined) {
        line.next = number;
        meet(atMs);
      }
      if (line.isPast(number)) return;
      line.hold(number, payload);
      if (holes.fill(number)?.isOfBurst === false) counts.repaired += 1;
      line.goOn();
    },
    tick: (atMs) => {
      if (behindBurst && atMs - startedAtMs >= BURST_BEGINS_MS) line.next ??= line.first;
      counts.lost += holes.giveUp(atMs).filter(({ isOfBurst }) => !isOfBurst).length;
      holes.ask(atMs);
      line.goOn();
    },
  };
}

function createHoles(onMissing: (numbers: readonly number[]) => void) {
  const holes = new Map<number, Hole>();
  return {
    has: (number: number): boolean => holes.has(number),
    open: (numbers: readonly number[], hole: Hole) => {
      for (const number of numbers) holes.set(number, { ...hole });
    },
    fill: (number: number): Hole | undefined => {
      const hole = holes.get(number);
      holes.delete(number);
      return hole;
    },
    /** Gives those that were waited for long enough. */
    giveUp: (atMs: number): Hole[] =>
      [...holes].flatMap(([number, hole]) => {
        if (hole.giveUpAtMs > atMs) return [];
        holes.delete(number);
        return [hole];
      }),
    ask: (atMs: number) => {
      const due = [...holes].filter(([, { askAtMs }]) => askAtMs <= atMs);
      for (const [, hole] of due) hole.askAtMs = atMs + ASK_AGAIN_MS;
      if (due.length > 0) onMissing(due.map(([number]) => number));
    },
    clear: () => holes.clear(),
  };
}

/** Packets that are held back, by their numbers. */
function createLine(
  holes: { readonly has: (number: number) => boolean },
  onPayload: (payload: Uint8Array) => void,
) {
  const held = new Map<number, Uint8Array>();
  const line = {
    /** The number that goes on next; undefined until the first is known. */
    next: undefined as number | undefined,
    /** The numbers of the group so far. */
    first: undefined as number | undefined,
    newest: undefined as number | undefined,
    hold: (number: number, payload: Uint8Array) => held.set(number, payload),
    isPast: (number: number) => line.next !== undefined && stepsBetween(line.next, number) < 0,
    isFarFrom: (number: number) =>
      line.newest !== undefined && Math.abs(stepsBetween(line.newest, number)) > RESTART_STEPS,
    /** The numbers from one up to another that did not come. */
    lacksUpTo: (from: number, to: number): number[] => {
      const numbers: number[] = [];
      for (let at = from; stepsBetween(at, to) > 0; at = nextNumber(at))
        if (!held.has(at)) numbers.push(at);
      return numbers;
    },
    goOn: () => {
      if (line.newest === undefined) return;
      while (line.next !== undefined && !holes.has(line.next)) {
        if (stepsBetween(line.next, line.newest) < 0) return;
        const payload = held.get(line.next);
        if (payload) onPayload(payload);
        held.delete(line.next);
        line.next = nextNumber(line.next);
      }
    },
    clear: () => {
      held.clear();
      line.next = line.first = line.newest = undefined;
    },
  };
  return line;
}
