// Versions of notices that no longer hold, so that nobody wonders where they are.

import { findRemarks, type Rule } from '../rule.ts';

export const noticeSuperseded: Rule = {
  name: 'notice-superseded',
  about: 'Every version that was left out has a newer one.',
  find: findRemarks('superseded'),
};
