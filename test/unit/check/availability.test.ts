// Availability over a year, against closed forms, and against every state of what can fail.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeContext } from '../../../harness/check/context.ts';
import { isConnected, type Graph } from '../../../harness/check/graph.ts';
import type { CheckInput } from '../../../harness/check/input.ts';
import { lostShare, type Cause } from '../../../harness/check/lostShare.ts';
import { makeYear } from '../../../harness/check/rules/availability.ts';
import type { FailureRate } from '../../../harness/model/scenario.ts';
import { parseDesign } from '../../../harness/scenario/load.ts';
import { designText } from '../../support/designs.ts';
import { vpn } from '../routing/builders.ts';
import { accessOf, designOf, HOUR, inputOf, TWO_PATHS, windowOf } from './builders.ts';
import { findingsOf } from './findings.ts';

const YEAR = 365 * 24 * HOUR;
const every = (kind: FailureRate['kind'], name: string, share: number): FailureRate => ({
  kind,
  name,
  everyMs: 1000 * HOUR,
  forMs: 1000 * HOUR * share,
});

function year(failures: readonly FailureRate[], changes: Partial<CheckInput> = {}) {
  const design = { ...designOf(), failures };
  const context = makeContext(inputOf({ design, windows: [], ...changes }));
  return makeYear(context, context.graph);
}
const lostIn = (...given: Parameters<typeof year>) => year(...given).lostMs / YEAR;

describe('composed availability', () => {
  const stages = ['playout', 'transcoder', 'origin', 'edge'];

  it('of a chain is the product of its links', () => {
    const shares = [0.001, 0.02, 0.0005, 0.03];
    const rates = shares.map((share, i) => every('stage', stages[i] ?? '', share));
    expect(lostIn(rates)).toBeCloseTo(1 - shares.reduce((all, share) => all * (1 - share), 1), 12);
  });

  it('of eight suppliers of 99.9 % in a row is 99.2 %', () => {
    const graph: Graph = {
      nodes: Array.from({ length: 8 }, (_, i) => ({
        id: `${i}`,
        of: { kind: 'stage', name: `${i}` },
        labels: {},
      })),
      next: Array.from({ length: 8 }, (_, i) => (i < 7 ? [i + 1] : [])),
      first: [0],
      last: new Set([7]),
    };
    const causes = graph.nodes.map((_, i) => ({ nodes: [i], share: 0.001 }));
    expect(1 - lostShare(graph, causes, new Set())).toBeCloseTo(0.999 ** 8, 12);
  });

  it('of two paths is lost when both are, and what they share counts once', () => {
    const [a, b, both] = [0.01, 0.02, 0.003];
    const apart = [every('device', 'device-a', a), every('device', 'device-b', b)];
    expect(lostIn(apart)).toBeCloseTo(a * b, 12);
    const shared = {
      accesses: [accessOf(TWO_PATHS.map((path) => ({ ...path, operator: 'one' })))],
    };
    const rates = [...apart, every('operator', 'one', both)];
    expect(lostIn(rates, shared)).toBeCloseTo(1 - (1 - both) * (1 - a * b), 12);
  });

  it('does not count on a path that is too small or filtered', () => {
    const [first] = TWO_PATHS;
    const small = { accesses: [accessOf([...TWO_PATHS.slice(0, 1), vpn('small', 10)])] };
    const rates = [every('device', 'device-a', 0.01)];
    expect(lostIn(rates, small)).toBeCloseTo(0.01, 12);
    const filtered = [first, { ...TWO_PATHS[1], filter: 'drops-traffic' }] as typeof TWO_PATHS;
    expect(lostIn(rates, { accesses: [accessOf(filtered)] })).toBeCloseTo(0.01, 12);
  });

  it('takes a law away where the design says no law but in a rate', () => {
    expect(lostIn([every('law', 'FR', 0.01)])).toBeCloseTo(0.01, 12);
  });

  it('adds announced windows: the other path stands alone while one is worked on', () => {
    const windows = [windowOf('night')];
    const hours = ((windows[0]?.toEpochMs ?? 0) - (windows[0]?.fromEpochMs ?? 0)) / HOUR;
    const [a, b] = [0.01, 0.02];
    const rates = [every('device', 'device-a', a), every('device', 'device-b', b)];
    const { lostMs, announcedMs } = year(rates, { windows });
    expect(announcedMs).toBe(0);
    expect(lostMs).toBeCloseTo(hours * HOUR * b + (YEAR - hours * HOUR) * a * b, 3);
    const work = { targets: [{ kind: 'stage', name: 'edge' }] } as const;
    const edge = year(rates, { windows: [windowOf('edge-work', work)] });
    expect(edge.announcedMs).toBe(hours * HOUR);
  });

  it('is of the year from the first window on, in whatever order they are written', () => {
    const work = { targets: [{ kind: 'stage', name: 'edge' }] } as const;
    const first = windowOf('first', work);
    const after = (name: string, days: number) =>
      windowOf(name, {
        ...work,
        fromEpochMs: first.fromEpochMs + days * 24 * HOUR,
        toEpochMs: first.toEpochMs + days * 24 * HOUR,
      });
    const windows = [after('next year', 365), after('last of it', 364), first];
    expect(year([], { windows }).announcedMs).toBe(2 * 4 * HOUR);
  });

  it('is what every state of every cause adds up to', () => {
    const drawn = fc.record({
      links: fc.array(fc.tuple(fc.nat(5), fc.nat(5)), { minLength: 4, maxLength: 12 }),
      causes: fc.array(
        fc.record({
          nodes: fc.uniqueArray(fc.nat(5), { minLength: 1, maxLength: 3 }),
          share: fc.double({ min: 0, max: 1, noNaN: true }),
        }),
        { maxLength: 7 },
      ),
    });
    fc.assert(
      fc.property(drawn, ({ links, causes }) => {
        const graph = graphOf(links);
        expect(lostShare(graph, causes, new Set())).toBeCloseTo(byStates(graph, causes), 9);
      }),
      { numRuns: 200 },
    );
  });
});

const graphOf = (links: readonly (readonly [number, number])[]): Graph => ({
  nodes: Array.from({ length: 6 }, (_, i) => ({
    id: `${i}`,
    of: { kind: 'stage', name: `${i}` },
    labels: {},
  })),
  next: Array.from({ length: 6 }, (_, i) =>
    links.flatMap(([from, to]) => (from === i ? [to] : [])),
  ),
  first: [0],
  last: new Set([5]),
});

function byStates(graph: Graph, causes: readonly Cause[]): number {
  let lost = 0;
  for (let state = 0; state < 2 ** causes.length; state++) {
    const come = causes.filter((_, i) => (state >> i) & 1);
    const chance = causes.reduce(
      (all, cause) => all * (come.includes(cause) ? cause.share : 1 - cause.share),
      1,
    );
    const gone = new Set(come.flatMap(({ nodes }) => nodes.map(String)));
    if (!isConnected(graph, ({ id }) => gone.has(id))) lost += chance;
  }
  return lost;
}

describe('the finding', () => {
  it('is there where rates are stated, and ranks what costs most', () => {
    expect(findingsOf('availability')).toEqual([]);
    const failures = [every('stage', 'edge', 0.001), every('operator', 'broadcaster', 0.002)];
    const [found] = findingsOf('availability', {
      design: { ...designOf(), failures },
      windows: [],
    });
    expect(found?.severity).toBe('note');
    expect(found?.text).toMatch(
      /^all viewers \(3\.7 million\): 99\.70\d\d% of a year .*operator broadcaster 17 h 30 min and stage edge 8 h 45 min$/,
    );
  });
});

it('a cause that costs nothing is not named', () => {
  const design = { ...designOf(), failures: [every('device', 'device-a', 0.001)] };
  const [found] = findingsOf('availability', { design, windows: [] });
  expect(found?.text).toMatch(/announced windows alone 0 (s|ms)$/);
});

describe('failures in a file', () => {
  const { text, file } = designText('dual-access-bgp');
  const withRate = (rate: string) =>
    parseDesign(`${text}\nfailures:\n  - ${rate}\n`, file).failures;

  it('are rates of anything that goes away together', () => {
    expect(withRate('{ device: router-a, every: 365d, for: 6h }')).toEqual([
      { kind: 'device', name: 'router-a', everyMs: YEAR, forMs: 6 * HOUR },
    ]);
  });

  it.each([
    ['{ device: router-z, every: 365d, for: 6h }', /no device is called router-z/],
    ['{ every: 365d, for: 6h }', /expected exactly one of stage, .*got none/],
    ['{ device: router-a, stage: edge, every: 365d, for: 6h }', /got stage and device/],
    ['{ device: router-a, every: 1h, for: 6h }', /lasts longer than the time from one to the next/],
    ['{ device: router-a, every: 1h }', /for: is missing/],
  ])('%s is refused', (rate, message) => {
    expect(() => withRate(rate)).toThrow(message);
  });
});
