import { describe, expect, test } from 'vitest';
import { parseDesign, parseScenario } from '../../../harness/scenario/load.ts';
import { plan } from '../../../harness/scenario/plan.ts';
import { designText } from '../../support/designs.ts';
import { drill } from '../../support/drill.ts';

/** Plans what is done to links when this happens on this design. */
function planned(design: string, happens: string, compress = 1) {
  const designs = { [design]: { text: designText(design).text, file: `${design}.yaml` } };
  return plan(parseScenario(drill(happens, design), 's.yaml', designs), { compress, seed: 1 });
}
const shown = (...args: Parameters<typeof planned>) =>
  planned(...args).actions.map(({ atMs, id, fault }) => {
    const what =
      fault.kind === 'bandwidth'
        ? `${fault.rateKbps}k`
        : fault.kind === 'cut'
          ? fault.effect
          : fault.kind;
    return `${atMs / 1000}s ${id} ${what} ${fault.links.join('+')}`;
  });

const down = (path: string) =>
  `faults: [{ name: f, at: 1m, for: 30m, paths: [${path}], state: down }]`;
const BOTH = 'connect-up+connect-down';

describe('a path that goes down', () => {
  test('holds the links until BFD has noticed and the other route is there', () => {
    expect(shown('dual-access-bfd', down('leg-a'))).toEqual([
      `60s f:inject hold ${BOTH}`,
      `61.9s f:heal hold ${BOTH}`,
    ]);
  });

  test('holds them for the whole hold timer without BFD', () => {
    expect(shown('dual-access-bgp', down('leg-a'))).toEqual([
      `60s f:inject hold ${BOTH}`,
      `151s f:heal hold ${BOTH}`,
    ]);
  });

  test('holds them longer still with graceful restart', () => {
    expect(planned('bfd-with-graceful-restart', down('leg-a')).cutMs).toBeGreaterThan(120_000);
  });

  test('does nothing when it carries nothing', () => {
    expect(shown('dual-access-bfd', down('leg-b'))).toEqual([]);
  });

  test('takes everything away when the other one is worth nothing', () => {
    const { cutMs, actions } = planned('untested-backup', down('leg-a'));
    expect(cutMs).toBeGreaterThanOrEqual(30 * 60_000);
    expect(actions[0]?.fault).toMatchObject({ kind: 'cut', effect: 'drop' });
  });

  test('leaves a share of the bit rate where the backup is too small', () => {
    expect(shown('vpn-backup', down('direct')).filter((line) => line.includes('inject'))).toEqual([
      `60s f:inject hold ${BOTH}`,
      '61.9s f#2:inject 526k connect-up',
      '61.9s f#3:inject 313k connect-down',
    ]);
  });
});

test('routing timers are not compressed, the times of the scenario are', () => {
  expect(shown('dual-access-bfd', down('leg-a'), 60)).toEqual([
    `1s f:inject hold ${BOTH}`,
    `2.9s f:heal hold ${BOTH}`,
  ]);
});

test('a drained path can be worked on without anybody noticing', () => {
  const window = (drain: string) => `windows:
  - { name: w, owner: o, ${drain} work: { at: 10m, for: 30m, paths: [leg-a], state: down } }`;
  const drained = planned('dual-access-bgp', window('drain: { style: withdraw, lead: 5m },'));
  expect(drained.actions).toEqual([]);
  expect(drained.disruptMs).toBe(40 * 60_000);
  expect(planned('dual-access-bgp', window('')).cutMs).toBe(91_000);
});

test('a device, a location stand for every path they have', () => {
  const target = (what: string) =>
    `faults: [{ name: f, at: 1m, for: 30m, target: { ${what} }, state: down }]`;
  expect(planned('two-locations', target('location: paris-north')).cutMs).toBe(1900);
  expect(planned('lag-one-device', target('device: router-a')).cutMs).toBeGreaterThan(30 * 60_000);
});

test('two works on both paths leave nothing until one of them is over', () => {
  const { cutMs } = planned(
    'dual-access-bfd',
    `faults:
  - { name: a, at: 0s, for: 60m, paths: [leg-a], state: dark }
  - { name: b, at: 10m, for: 20m, paths: [leg-b], state: dark }`,
  );
  expect(cutMs).toBeGreaterThanOrEqual(20 * 60_000);
  expect(cutMs).toBeLessThan(21 * 60_000);
});

test('the reason stands in the plan', () => {
  const [inject] = planned('dual-access-bfd', down('leg-a')).actions;
  expect(inject?.expect).toMatch(/bytes wait \(leg-a is down; .*route to leg-b/);
});

describe('an access is refused', () => {
  const refused = (from: string, to: string) => {
    const text = designText('dual-access-bgp').text;
    expect(text).toContain(from);
    return () => parseDesign(text.replace(from, to), 'd.yaml');
  };

  test.each([
    [
      'with a link that is not there',
      'connect-up: in',
      'connect-upp: in',
      /did you mean connect-up/,
    ],
    [
      'with a hold below three keepalives',
      'preference: 200',
      'bgp: { hold: 60s }',
      /at least 3 keepalives/,
    ],
    [
      'with a hold no router takes',
      'preference: 200',
      'bgp: { keepalive: 1s, hold: 2s }',
      /at least 3s/,
    ],
    ['without capacity', 'capacity: 10G', 'capacity: 0G', /a bit rate above zero, got "0G"/],
    [
      'with a path of no kind',
      'kind: connection',
      'kind: cable',
      /connection, lag, vpn or internet/,
    ],
    [
      'with demand in words',
      'in: 1.9G',
      'in: much',
      /a bit rate such as 800M or 1\.25G, got "much"/,
    ],
  ])('%s', (_what, from, to, message) => {
    expect(refused(from, to)).toThrow(message);
  });
});

describe('a fault on paths is refused', () => {
  test.each([
    ['with what is done to links', 'paths: [leg-a], cut: hold', /cut does not go with paths/],
    ['without saying what happens', 'paths: [leg-a]', /exactly one of state, degraded, got none/],
    [
      'on a path that is not there',
      'paths: [leg-c], state: down',
      /no path is called leg-c; there are leg-a, leg-b/,
    ],
    [
      'on a device that is not there',
      'target: { device: router-z }, state: down',
      /no path has device router-z; there are router-a, router-b/,
    ],
    [
      'on links and paths',
      'links: [connect-up], paths: [leg-a], cut: hold',
      /exactly one of links, stages, paths, target/,
    ],
    [
      'without a place',
      'state: down',
      /exactly one of links, stages, paths, target, withdraw, got none/,
    ],
  ])('%s', (_what, entry, message) => {
    expect(() =>
      planned('dual-access-bgp', `faults: [{ name: f, at: 0s, for: 1s, ${entry} }]`),
    ).toThrow(message);
  });
});
