// One after the other in one place, in the order of the calls: on a busy machine a short fault is due
// to be healed before it is in force, and what is not there yet cannot be taken away.

/** `place` is a flow or an instance of a stage; work at different places goes on side by side. */
export type InTurn = (place: string, work: () => Promise<void>) => Promise<void>;

/** A turn that failed rejects for its caller only; the next one is taken all the same. */
export function turns(): InTurn {
  const last = new Map<string, Promise<unknown>>();
  return (place, work) => {
    const turn = (last.get(place) ?? Promise.resolve()).then(work);
    last.set(
      place,
      turn.catch(() => undefined),
    );
    return turn;
  };
}
