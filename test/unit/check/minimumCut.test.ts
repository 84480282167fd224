import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeGraph, isConnected, type Graph } from '../../../harness/check/graph.ts';
import { minimumCut, singlePoints } from '../../../harness/check/minimumCut.ts';
import type { Stage } from '../../../harness/model/scenario.ts';
import { connection } from '../routing/builders.ts';
import { accessOf, designOf } from './builders.ts';

const graphWith = (...paths: Parameters<typeof accessOf>[0]) =>
  makeGraph(designOf(), [accessOf(paths)]);

describe('a single point of failure', () => {
  it('is the device, the location and the carrier of a single connection', () => {
    const graph = graphWith(connection('a', 100));
    expect(singlePoints(graph, 'device')).toEqual(['device-a']);
    expect(singlePoints(graph, 'location')).toEqual(['location-a']);
    expect(singlePoints(graph, 'operator')).toContain('carrier');
  });

  it('is one carrier behind two connections on devices and in locations of their own', () => {
    const graph = graphWith(connection('a', 200), connection('b', 100));
    expect(singlePoints(graph, 'device')).toEqual([]);
    expect(singlePoints(graph, 'location')).toEqual([]);
    expect(singlePoints(graph, 'operator')).toContain('carrier');
    expect(minimumCut(graph, 'device')).toHaveLength(2);
  });

  it('is the location two devices share', () => {
    const graph = graphWith(
      connection('a', 200, { location: 'here' }),
      connection('b', 100, { location: 'here', operator: 'other' }),
    );
    expect(singlePoints(graph, 'location')).toEqual(['here']);
    expect(singlePoints(graph, 'device')).toEqual([]);
    expect(singlePoints(graph, 'operator')).not.toContain('carrier');
  });

  it('is every stage that stands alone, and none that stands twice', () => {
    expect(singlePoints(graphWith(connection('a', 1)), 'stage')).toEqual([
      'playout',
      'transcoder',
      'origin',
      'edge',
    ]);
    const stages = designOf().stages.flatMap((stage): readonly Stage[] =>
      stage.role === 'edge' ? [stage, { ...stage, name: 'edge-two' }] : [stage],
    );
    const graph = makeGraph({ ...designOf(), stages }, [accessOf([connection('a', 1)])]);
    expect(singlePoints(graph, 'stage')).toEqual(['playout', 'transcoder', 'origin']);
  });

  it('is a carrier with one of two legs up when everything comes down through it alone', () => {
    const operators = (...names: readonly string[]) =>
      accessOf(names.map((operator, index) => connection(`${operator}-${index}`, 1, { operator })));
    const points = (up: readonly string[], down: readonly string[]) => {
      const accesses = [
        { ...operators(...up), name: 'up', links: [{ link: 'connect-up', direction: 'in' }] },
        {
          ...operators(...down),
          name: 'down',
          links: [{ link: 'connect-down', direction: 'back' }],
        },
      ] as const;
      return singlePoints(makeGraph(designOf(), accesses), 'operator').filter((name) =>
        ['x', 'y', 'z'].includes(name),
      );
    };
    expect(points(['x', 'y'], ['x'])).toEqual(['x']);
    expect(points(['x', 'y'], ['y', 'z'])).toEqual([]);
  });
});

describe('for any graph', () => {
  const labels = fc.constantFrom('p', 'q', 'r', 's', 't');
  const ladder = fc.array(fc.array(labels, { minLength: 1, maxLength: 4 }), {
    minLength: 1,
    maxLength: 4,
  });
  const layered = (layers: readonly (readonly string[])[], joined: readonly boolean[]): Graph => {
    const nodes = layers.flatMap((layer, depth) =>
      layer.map((operator, place) => ({
        id: `${depth}.${place}`,
        of: { kind: 'path' as const, name: `${depth}.${place}` },
        labels: { operator: [operator] },
      })),
    );
    const at = (depth: number) =>
      nodes.flatMap(({ id }, index) => (id.startsWith(`${depth}.`) ? [index] : []));
    let turn = 0;
    const next = nodes.map(({ id }) =>
      at(Number(id.split('.')[0]) + 1).filter(() => joined[turn++ % joined.length]),
    );
    return { nodes, next, first: at(0), last: new Set(at(layers.length - 1)) };
  };
  const graphs = fc
    .tuple(ladder, fc.array(fc.boolean(), { minLength: 3, maxLength: 9 }))
    .map(([layers, joined]) => layered(layers, joined));

  it('the cut found disconnects, and no smaller set of labels does', () => {
    fc.assert(
      fc.property(graphs, (graph) => {
        const cut = minimumCut(graph, 'operator', 5);
        const without = (gone: readonly string[]) =>
          isConnected(graph, ({ labels }) => gone.includes(labels.operator?.[0] ?? ''));
        if (!cut) throw new Error('five labels always cut');
        expect(without(cut)).toBe(false);
        for (const smaller of subsets(['p', 'q', 'r', 's', 't'], cut.length - 1))
          expect(without(smaller)).toBe(true);
      }),
    );
  });
});

function subsets(labels: readonly string[], size: number): readonly (readonly string[])[] {
  if (size < 0) return [];
  if (size === 0) return [[]];
  return labels.flatMap((label, index) =>
    subsets(labels.slice(index + 1), size - 1).map((rest) => [label, ...rest]),
  );
}
