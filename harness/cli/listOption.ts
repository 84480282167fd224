// Options that take several names.

/** Names with commas between on the command line, a list in the file of settings. */
export const listOption = {
  requiresArg: true as const,
  string: true as const,
  coerce: (given: unknown): readonly string[] =>
    [given]
      .flat()
      .flatMap((word) => String(word).split(','))
      .map((word) => word.trim())
      .filter((word) => word !== ''),
};
