// Several things at once, of which each has ended before an error of one is told.

/** Waits for all even when one fails, so that nothing starts behind a clean-up. */
export async function allOrFirstError<T extends readonly unknown[]>(work: {
  readonly [K in keyof T]: Promise<T[K]>;
}): Promise<T> {
  await Promise.allSettled(work);
  return Promise.all(work);
}
