// Notices that were judged with a doubt: an id nobody knows, a clock that can be meant in two ways.

import { findRemarks, type Rule } from '../rule.ts';

export const noticeDoubtful: Rule = {
  name: 'notice-doubtful',
  about: 'Nothing had to be guessed to judge a notice.',
  find: findRemarks('doubtful'),
};
