// A failover test while somebody works: the test may be ended early, and proves nothing.

import { listed, type AccessGroup, type CheckContext, type Work } from '../context.ts';
import { listSources, type Found, type Rule } from '../rule.ts';
import { overlapping } from '../spans.ts';

export const failoverTestInWindow: Rule = {
  name: 'failover-test-in-window',
  looksAtTime: true,
  find: (context) => context.groups.flatMap((group) => tested(context, group)),
};

const isTest = ({ window }: Work): boolean => window.kind === 'failover-test';

function tested(context: CheckContext, { access, works }: AccessGroup): readonly Found[] {
  const tests = works.filter(isTest);
  const othersDuring = overlapping(
    tests,
    works.filter((work) => !isTest(work)),
  );
  return tests.flatMap((test): Found | [] => {
    const met = othersDuring(test).map(({ window }) => window);
    if (met.length === 0) return [];
    return {
      severity: 'stop',
      fromEpochMs: test.fromEpochMs,
      toEpochMs: test.toEpochMs,
      targets: [access.name, test.window.name, ...met.map(({ name }) => name)],
      text: `${test.window.name} puts the sessions of ${listed(test.paths)} down on ${context.clock.show(test.fromEpochMs)} while ${listed(met.map(({ name }) => name))} is at work`,
      hint: 'Test on a day without work: the provider may bring the sessions back early.',
      source: listSources([test.window, ...met]),
    };
  });
}
