// Notices that cannot be read: what they announce is not known, so nobody can say go.

import { findRemarks, type Rule } from '../rule.ts';

export const noticeUnreadable: Rule = {
  name: 'notice-unreadable',
  about: 'Every notice that holds and concerns the design can be read.',
  find: findRemarks('unreadable'),
};
