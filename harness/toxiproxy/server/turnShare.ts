// A turn of the event loop is shared by all connections and by the API. A socket that always has more
// would be read dozens of times before anybody else's turn, so what one turn carries is bounded; whoever
// comes after that goes on in the next one.

/** About 5 ms of reading and writing on the loopback of a slow machine. */
const TURN_BYTES = 4 * 1024 * 1024;
/** The cost of a system call beside its bytes, in bytes that could be carried meanwhile. */
const CALL_BYTES = 8 * 1024;

export interface TurnShare {
  /** Says that bytes were carried; false when this turn has carried enough. */
  spend(bytes: number): boolean;
  /** Calls back in the next turn. */
  afterwards(callback: () => void): void;
}

/** `nextTurn` calls back once everybody else had a turn. */
export function createTurnShare(nextTurn: (callback: () => void) => void): TurnShare {
  let spent = 0;
  let isAsked = false;
  let waiting: (() => void)[] = [];
  const begin = () => {
    const ready = waiting;
    waiting = [];
    spent = 0;
    isAsked = false;
    for (const callback of ready) callback();
  };
  const ask = () => {
    if (!isAsked) nextTurn(begin);
    isAsked = true;
  };
  return {
    spend: (bytes) => {
      spent += bytes + CALL_BYTES;
      ask();
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
