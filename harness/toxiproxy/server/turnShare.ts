// A turn of the event loop is shared by all connections and by the API. A socket that always has more
// would be read dozens of times before anybody else's turn, so what one turn carries is bounded. Sockets
// that have more after that go on in later turns, one a turn in the order they came: what a sender wrote
// just now is still in the caches of the processor, and half of the time is the copying of bytes.

/** About 5 ms of reading and writing on the loopback of a slow machine. */
const TURN_BYTES = 4 * 1024 * 1024;
/** The cost of a system call beside its bytes, in bytes that could be carried meanwhile. */
const CALL_BYTES = 8 * 1024;

export interface TurnShare {
  /** Says that bytes were carried; false when this turn has carried enough. */
  spend(bytes: number): boolean;
  /** Calls back in a later turn, after those that asked before. */
  afterwards(callback: () => void): void;
}

/** `nextTurn` calls back once everybody else had a turn. */
export function createTurnShare(nextTurn: (callback: () => void) => void): TurnShare {
  let spent = 0;
  let isAsked = false;
  const waiting: (() => void)[] = [];
  const begin = () => {
    spent = 0;
    isAsked = false;
    waiting.shift()?.();
    if (waiting.length > 0) ask();
  };
  const ask = () => {
    if (!isAsked) nextTurn(begin);
    isAsked = true;
  };
  return {
    spend: (bytes) => {
      spent += bytes + CALL_BYTES;
      // Few bytes are added up over turns instead: asking for a turn has its cost.
      if (spent >= TURN_BYTES / 2) ask();
      return spent < TURN_BYTES;
    },
    afterwards: (callback) => {
      waiting.push(callback);
      ask();
    },
  };
}

/** The turns of this process. */
export const sharedTurn: TurnShare = createTurnShare(setImmediate);
