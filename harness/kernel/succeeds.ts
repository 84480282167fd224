// Asks of work whether it can be done, where the reason why it cannot does not matter.

/** True once it is done, false where it rejects. */
export const succeeds = (work: Promise<unknown>): Promise<boolean> =>
  work.then(
    () => true,
    () => false,
  );
