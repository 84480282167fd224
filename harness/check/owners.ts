// Names of owners as people write them: case, blanks and forms of letters make no difference.

export const ownerKey = (name: string): string =>
  name.normalize('NFKC').trim().replaceAll(/\s+/g, ' ').toLowerCase();
