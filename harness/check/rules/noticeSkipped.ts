// Notices of a calendar that concern something else, or are called off: said, so that nobody wonders.

import type { Rule } from '../rule.ts';

export const noticeSkipped: Rule = {
  name: 'notice-skipped',
  about: 'Every notice of the calendar is judged, or known not to concern this design.',
  find: ({ skipped = [] }) =>
    skipped.map(({ source, text }) => ({
      severity: 'note',
      targets: [],
      text: `not judged: ${text}`,
      hint: "If it does concern this design, add the owner's number to circuits: of the path.",
      source,
    })),
};
