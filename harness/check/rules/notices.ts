// Remarks of the readers of notices, as findings: one rule a kind of remark.

import { findRemarks, type Rule } from '../rule.ts';

/** Nobody knows the work of such a notice, so nobody can say go. */
export const noticeUnreadable: Rule = {
  name: 'notice-unreadable',
  find: findRemarks('unreadable'),
};

/** An id nobody knows, a clock that can be meant in two ways. */
export const noticeDoubtful: Rule = { name: 'notice-doubtful', find: findRemarks('doubtful') };

/** Versions that no longer hold are said, so that nobody wonders where they are. */
export const noticeSuperseded: Rule = {
  name: 'notice-superseded',
  find: findRemarks('superseded'),
};

/** It concerns something else, or is called off. */
export const noticeSkipped: Rule = { name: 'notice-skipped', find: findRemarks('skipped') };
