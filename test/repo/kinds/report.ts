// A made-up report: everything that a new one takes besides its line in the registry.

import type { FileReport } from '../../../reports/renderer.ts';

/** One line for a pager: the verdict, and the worst screen. */
export const pager: FileReport = {
  file: 'pager.txt',
  render: ({ run, verdict, audience }) =>
    `${verdict}: ${run.scenario}, ${audience.blackScreenMs.max} ms of black at worst\n`,
};
