// Numbers among the options of the scripts of this folder.

/** Throws an error for the user where the text is none of the numbers. */
export function numberWish(
  name: string,
  text: string,
  { from = 0, to, whole = true }: { from?: number; to: number; whole?: boolean },
): number {
  const value = Number(text);
  const right = text.trim() !== '' && value >= from && value <= to;
  if (right && (!whole || Number.isInteger(value))) return value;
  throw new Error(
    `--${name} ${text}: expected a ${whole ? 'whole ' : ''}number from ${from} to ${to}`,
  );
}
