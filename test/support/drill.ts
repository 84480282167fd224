// The least that a scenario says, for tests that are about one key more.

/** A drill in five lines, and the lines of a test behind them. */
export const drill = (more = '', design = 'single-access'): string =>
  `name: s\ntitle: t\nkind: drill\ndesign: ${design}\nexpect: [recovered == 100%]\n${more}`;
