// A supplier withdraws: the faults that this means in a design, and what is refused.

import { describe, expect, test } from 'vitest';
import { isOnStages } from '../../../harness/model/scenario.ts';
import { parseScenario } from '../../../harness/scenario/load.ts';
import { plan } from '../../../harness/scenario/plan.ts';
import { designText } from '../../support/designs.ts';
import { drill } from '../../support/drill.ts';

const designs = {
  american: { file: 'american.yaml', text: designText('american-cloud').text },
  abroad: { file: 'abroad.yaml', text: designText('fallback-abroad').text },
  vaulted: {
    file: 'vaulted.yaml',
    text: designText('american-cloud')
      .text.replace(/^( +origin: .*) }$/m, '$1, keyHolder: vault company }')
      .replace(/^suppliers:$/m, '$&\n  vault company: { law: [DE] }'),
  },
  mixed: {
    file: 'mixed.yaml',
    text: designText('dual-access-bgp').text.replace('access provider', 'cloud provider'),
  },
  routed: {
    file: 'routed.yaml',
    text: `${designText('dual-access-bgp').text}
suppliers: { access provider: { law: [US] } }
`,
  },
};

const planOf = (design: keyof typeof designs, ...faults: readonly string[]) =>
  plan(
    parseScenario(
      drill(`faults:\n${faults.map((one) => `  - { ${one} }\n`).join('')}`, design),
      's.yaml',
      designs,
    ),
    { compress: 1, seed: 1 },
  ).actions;

/** The faults that a withdrawal means, in few words. */
const partsOf = (design: keyof typeof designs, what: string) => {
  const text = drill(`faults: [{ ${withdraw(what)} }]\n`, design);
  const { fault } = parseScenario(text, 's.yaml', designs).faults[0]!;
  if (fault.kind !== 'withdraw') throw new Error(`${fault.kind} is no withdrawal`);
  return fault.parts.map((part) => {
    if (part.kind === 'path') return `${part.happens.kind} ${part.paths.join()}`;
    return `${part.kind} ${isOnStages(part) ? part.stages.join() : part.links.join()}`;
  });
};

const withdraw = (what: string) => `name: w, at: 10s, for: 1m, withdraw: { ${what} }`;
const told = (actions: ReturnType<typeof planOf>) =>
  actions.map(({ id, atMs, expect: text }) => `${atMs / 1000} ${id} ${text}`);

describe('a withdrawal', () => {
  test('by law stops every stage that the law reaches, through a parent too', () => {
    expect(told(planOf('american', withdraw('law: US, manner: stop')))).toEqual([
      '10 w:inject transcoder (one, two) is shut down',
      '70 w:heal transcoder (one, two) works again',
    ]);
  });

  test('that refuses closes links of what answers nothing itself', () => {
    expect(told(planOf('american', withdraw('law: US, manner: refuse')))[0]).toBe(
      '10 w:inject nothing passes connect-up and connect-down (one, two): connections are closed and refused',
    );
  });

  test('that refuses lets what answers by HTTP answer 403, to uploads as well', () => {
    const actions = planOf('abroad', withdraw('operator: cloud group, manner: refuse'));
    expect(told(actions).slice(0, 3)).toEqual([
      '10 w:inject origin-abroad (one) answers wrongly to all requests: status 403',
      '10 w#2:inject origin-abroad (one) answers wrongly to upload requests: status 403',
      '10 w#3:inject nothing passes up-abroad and publish-abroad (one): connections are closed and refused',
    ]);
    expect(new Set(actions.map(({ id }) => id)).size).toBe(actions.length);
  });

  test('of keys refuses what needs them, and nothing else', () => {
    const actions = planOf('american', withdraw('operator: key company, manner: revoke-keys'));
    expect(told(actions)[0]).toBe(
      '10 w:inject edge (one, two) answers wrongly to all requests: status 403',
    );
    expect(actions).toHaveLength(2);
  });

  test('of keys reaches stages whose keys somebody else holds', () => {
    const revoked = (who: string) => partsOf('vaulted', `${who}, manner: revoke-keys`);
    expect(revoked('operator: vault company')).toEqual(['http origin', 'http origin']);
    expect(revoked('law: DE')).toEqual(['http origin', 'http origin']);
    expect(revoked('operator: key company')).toEqual(['http edge']);
    expect(revoked('law: FR')).toEqual(['http edge']);
  });

  test('takes what needs its services, and leaves the paths of others', () => {
    expect(partsOf('american', 'operator: key company, manner: stop')).toEqual(['stage edge']);
    const mixed = (what: string) => partsOf('mixed', what);
    expect(mixed('operator: access provider, manner: stop')).toEqual(['dark leg-b']);
    expect(mixed('operator: access provider, manner: refuse')).toEqual(['withdrawn leg-b']);
  });

  test('says nothing of paths that a stage which is gone leaves without anything to carry', () => {
    expect(partsOf('mixed', 'operator: cloud provider, manner: stop')).toEqual([
      'stage transcoder',
    ]);
    expect(partsOf('mixed', 'operator: cloud provider, manner: refuse')).toEqual([
      'cut connect-up,connect-down',
      'withdrawn leg-a',
    ]);
  });

  test.each(['technology: cloud software', 'label: SecNumCloud'])('by %s', (who) => {
    const [first] = planOf('abroad', withdraw(`${who}, manner: stop`));
    expect(first?.fault).toMatchObject({
      kind: 'stage',
      does: 'stop',
      stages: expect.arrayContaining(['transcoder-home']) as unknown,
    });
  });

  test('darkens paths, which routing makes faults on links of', () => {
    const actions = planOf('routed', withdraw('operator: access provider, manner: stop'));
    expect(told(actions)[0]).toMatch(/^10 w:inject nothing passes connect-up and connect-down/);
    expect(actions.every(({ of }) => of === 'w')).toBe(true);
  });

  test('is waited for, comes again, and is drawn as a whole', () => {
    const actions = planOf(
      'abroad',
      'name: w, at: 10s..20s, for: 5s..9s, every: 1m, times: 2, withdraw: { operator: cloud group, manner: refuse }',
      'name: then, after: w.end, for: 1s, links: [up-home], cut: drop',
    );
    const times = Object.groupBy(actions, ({ does, of }) => `${of} ${does}`);
    expect(new Set(times['w inject']?.map(({ atMs }) => atMs)).size).toBe(2);
    expect(new Set(times['w heal']?.map(({ atMs }) => atMs)).size).toBe(2);
    expect(times['then inject']?.[0]?.atMs).toBe(times['w heal']?.at(-1)?.atMs);
  });

  test.each([
    ['law: UK, manner: stop', /withdraw\.law: no law is called UK; there are FR, US/],
    [
      'manner: stop',
      /withdraw: expected exactly one of operator, law, technology, label, got none/,
    ],
    ['law: US, label: x, manner: stop', /withdraw: expected exactly one of/],
    ['law: US', /withdraw\.manner: is missing: expected one of stop, refuse, revoke-keys/],
    ['law: US, manner: updates', /withdraw\.manner: expected one of stop, refuse, revoke-keys/],
    [
      'law: US, manner: revoke-keys',
      /nothing in the design would notice that law US withdraws by manner: revoke-keys/,
    ],
    [
      'law: US, manner: stop }, links: { x',
      /expected exactly one of links, stages, paths, target, withdraw|links: expected a list/,
    ],
  ])('with %s is refused', (what, message) => {
    expect(() => planOf('american', withdraw(what))).toThrow(message);
  });

  test('has no size to grow, and goes with no channels', () => {
    const ramp = `${withdraw('law: US, manner: stop')}, ramp: { over: 10s }`;
    expect(() => planOf('american', ramp)).toThrow(/ramp: only .* can grow and shrink/);
    const channels = `${withdraw('law: US, manner: stop')}, channels: [one]`;
    expect(() => planOf('american', channels)).toThrow(/channels does not go with withdraw/);
  });
});
