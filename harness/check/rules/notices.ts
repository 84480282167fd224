// Remarks of the readers of notices, as findings: one rule a kind of remark.

import { findRemarks, type Rule } from '../rule.ts';

/** Nobody knows the work of such a notice, so nobody can say go. */
export const noticeUnreadable: Rule = {
  name: 'notice-unreadable',
  about: 'Every notice that holds and concerns the design can be read.',
  find: findRemarks('unreadable'),
};

/** An id nobody knows, a clock that can be meant in two ways. */
export const noticeDoubtful: Rule = {
  name: 'notice-doubtful',
  about: 'Nothing had to be guessed to judge a notice.',
  find: findRemarks('doubtful'),
};

/** Versions that no longer hold are said, so that nobody wonders where they are. */
export const noticeSuperseded: Rule = {
  name: 'notice-superseded',
  about: 'Every version that was left out has a newer one.',
  find: findRemarks('superseded'),
};

/** It concerns something else, or is called off. */
export const noticeSkipped: Rule = {
  name: 'notice-skipped',
  about: 'Every notice is judged, or known not to concern this design.',
  find: findRemarks('skipped'),
};
