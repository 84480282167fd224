// Names of designs out of names that other tools take.

/** Small letters, digits and single dashes; at most so many characters. */
export const toSlug = (text: string, charactersMax = Infinity): string =>
  text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, charactersMax)
    .replaceAll(/^-+|-+$/g, '');
