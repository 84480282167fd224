// Notices that concern something else, or are called off: said, so that nobody wonders.

import { findRemarks, type Rule } from '../rule.ts';

export const noticeSkipped: Rule = {
  name: 'notice-skipped',
  about: 'Every notice is judged, or known not to concern this design.',
  find: findRemarks('skipped'),
};
