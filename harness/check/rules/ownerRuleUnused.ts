// Rules of owners that fit no window: a slip of the pen leaves the usual rule in force.

import { suggest } from '../../scenario/suggest.ts';
import type { CheckContext } from '../context.ts';
import type { NamedRule } from '../input.ts';
import { ownerKey } from '../owners.ts';
import type { Found, Rule } from '../rule.ts';

export const ownerRuleUnused: Rule = {
  name: 'owner-rule-unused',
  find: (context) => {
    const owners = [...context.windows.map(({ owner }) => owner), ...(context.noticeOwners ?? [])];
    const keys = new Set(owners.map(ownerKey));
    return context.ownerRules
      .filter(({ owner }) => !keys.has(ownerKey(owner)))
      .map((rule) => sayUnused(context, rule, [...new Set(owners)]));
  },
};

/** Near another name it is a slip; else the owner has nothing to do this time. */
function sayUnused(
  { ownerRules }: CheckContext,
  { owner, source }: NamedRule,
  owners: readonly string[],
): Found {
  const ruled = new Set(ownerRules.map((rule) => ownerKey(rule.owner)));
  const meant = suggest(
    owner,
    owners.filter((name) => !ruled.has(ownerKey(name))),
  );
  return {
    severity: meant === undefined ? 'note' : 'warning',
    targets: [owner],
    text: `the rule of ${owner} fits no window${meant === undefined ? '' : `; did you mean ${meant}?`}`,
    hint:
      meant === undefined
        ? 'Nothing, when this owner has announced nothing; else write the owner as its notices do.'
        : `Write ${meant}: until then the usual rule holds for it.`,
    source,
  };
}
