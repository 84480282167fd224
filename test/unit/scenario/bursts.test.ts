// Loss in bursts: each burst an action of its own, drawn from the seed, in the network's own time.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { stallMs } from '../../../harness/faults/loss.ts';
import { parseScenario } from '../../../harness/scenario/load.ts';
import { plan } from '../../../harness/scenario/plan.ts';
import { designTexts } from '../../support/designs.ts';
import { drill } from '../../support/drill.ts';

const DESIGNS = designTexts('single-access');

const scenario = (loss: string, rest = 'at: 10s, for: 1m') =>
  parseScenario(
    drill(`faults:\n  - { name: rain, ${rest}, links: [connect-up], loss: ${loss} }\n`),
    's.yaml',
    DESIGNS,
  );

const bursts = (loss: string, { seed = 1, compress = 1, rest = 'at: 10s, for: 1m' } = {}) => {
  const { actions } = plan(scenario(loss, rest), { seed, compress });
  return actions.flatMap((action) => {
    if (action.does !== 'inject') return [];
    const heal = actions.find(({ id }) => id === action.id.replace(':inject', ':heal'));
    return [{ ...action, healMs: heal?.atMs ?? NaN, heal }];
  });
};

describe('a loss in bursts', () => {
  test('is one action after another, the first and the last of them proven', () => {
    const all = bursts('{ share: 10%, burst: 300ms }');
    expect(all.length).toBeGreaterThan(3);
    expect(all[0]).toMatchObject({ id: 'rain.1:inject', atMs: 10_000, of: 'rain' });
    expect(all[0]?.expect).toMatch(/^connect-up \(one, two\) loses everything for \d/);
    expect(all.map(({ prove }) => prove)).toEqual([undefined, ...all.slice(1).map(() => false)]);
    expect(all.map(({ heal }) => heal?.prove)).toEqual([
      ...all.slice(1).map(() => false),
      undefined,
    ]);
  });

  test('draws the same from the same seed, and something else from another', () => {
    const times = (seed: number) => bursts('{ share: 10%, burst: 300ms }', { seed });
    expect(times(5)).toEqual(times(5));
    expect(times(5)).not.toEqual(times(6));
  });

  test('keeps the time of the network, however much is compressed', () => {
    const [first] = bursts('{ share: 20%, burst: 300ms }', { compress: 5 });
    expect((first?.healMs ?? 0) - (first?.atMs ?? 0)).toBeGreaterThanOrEqual(200);
  });

  test('is over when the fault is, and never two at once', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 99 }),
        fc.integer({ min: 200, max: 3000 }),
        fc.nat(1000),
        (share, burst, seed) => {
          const all = bursts(`{ share: ${share}%, burst: ${burst}ms }`, { seed });
          expect(all.length).toBeGreaterThan(0);
          all.forEach(({ atMs, healMs }, i) => {
            expect(healMs).toBeGreaterThan(atMs);
            expect(healMs).toBeLessThanOrEqual(70_000);
            expect(atMs).toBeGreaterThan(all[i - 1]?.healMs ?? -1);
          });
        },
      ),
    );
  });

  test('leaves channels alone that have come back', () => {
    const windows = parseScenario(
      `
name: s
title: t
kind: window
design: single-access
windows:
  - name: work
    owner: somebody
    work: { at: 0s, for: 20s, links: [connect-up], loss: { share: 30%, burst: 1s } }
    restore: { order: [two, one], pace: 30s }
expect: [recovered == 100%]
`,
      's.yaml',
      DESIGNS,
    );
    const { actions } = plan(windows, { seed: 3, compress: 1 });
    const late = actions.filter(({ atMs, does }) => atMs > 20_000 && does === 'inject');
    expect(late.length).toBeGreaterThan(0);
    for (const { fault } of late) expect(fault.channels).toEqual(['one']);
    expect(actions[0]?.fault.channels).toEqual(['two', 'one']);
    expect(actions.at(-1)?.atMs).toBeLessThanOrEqual(50_000);
  });

  test('takes about its share of the time, where bursts are longer than the wait for them', () => {
    const all = bursts('{ share: 25%, burst: 3s }', { rest: 'at: 0s, for: 30m' });
    const lostMs = all.reduce((sum, { atMs, healMs }) => sum + healMs - atMs, 0);
    expect(lostMs / 1_800_000).toBeGreaterThan(0.2);
    expect(lostMs / 1_800_000).toBeLessThan(0.55);
  });

  test.each([
    ['{ share: 0%, burst: 1s }', /above 0%/],
    ['{ share: 100%, burst: 1s }', /above 0% and below 100%/],
    ['{ share: 5%, burst: 0s }', /above zero/],
  ])('is refused as %s', (loss, message) => {
    expect(() => scenario(loss)).toThrow(message);
  });

  test('is refused when it comes too often to be read', () => {
    const rest = 'at: 0s, for: 10h';
    expect(() => bursts('{ share: 10%, burst: 300ms }', { rest })).toThrow(/more than 500 bursts/);
  });
});

test('a sender finds out that a burst is over when it next tries', () => {
  expect([1, 200, 201, 600, 601, 1400, 1401].map(stallMs)).toEqual([
    200, 200, 600, 600, 1400, 1400, 3000,
  ]);
});
