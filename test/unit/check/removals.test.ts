// Everything taken away alone and in pairs, against taking every set of labels away one by one.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeContext } from '../../../harness/check/context.ts';
import { isConnected, type GraphNode } from '../../../harness/check/graph.ts';
import { listRemovals, type Thing } from '../../../harness/check/removals.ts';
import { LABEL_KINDS, type Design } from '../../../harness/model/scenario.ts';
import { connection, FAST } from '../routing/builders.ts';
import { accessOf, designOf, inputOf } from './builders.ts';
import { findingsOf, one } from './findings.ts';

type Supplied = Pick<Design, 'suppliers' | 'services'>;
const designWith = (supplied: Supplied) => ({ ...designOf(), ...supplied });
const labelOf = ({ names }: Thing) => names.map(({ kind, name }) => `${kind} ${name}`);

describe('lost-alone', () => {
  it('names what everybody needs, with its kind, and how many watch', () => {
    const { text, severity } = findingsOf('lost-alone')[0] ?? { text: '', severity: 'stop' };
    expect(severity).toBe('note');
    expect(text).toContain('all viewers (3.7 million) lose the programme');
    expect(text).toContain('stages playout, transcoder, origin and edge');
    expect(text).not.toContain('device');
  });

  it('tells what is needed only while routing has fallen back', () => {
    const texts = findingsOf('lost-alone').map(({ text }) => text);
    expect(texts).toHaveLength(2);
    expect(texts[1]).toContain('while connect runs over b, too:');
    expect(texts[1]).toContain('device device-b; location location-b; operator second carrier');
    expect(texts[1]).not.toContain('playout');
  });

  it('takes a supplier away with everyone who relies on it, and a stage with its services', () => {
    const keys = {
      name: 'drm',
      operator: 'key company',
      country: 'US',
      neededBy: ['edge'],
      takes: {},
    };
    const suppliers = [{ name: 'key company', reliesOn: ['big cloud'], law: ['US'] }];
    const [{ text } = { text: '' }] = findingsOf('lost-alone', {
      design: designWith({ suppliers, services: [keys] }),
    });
    expect(text).toContain('service drm');
    expect(text).toMatch(/operators [^;]*key company and big cloud/);
    expect(text).toMatch(/laws [^;]*US/);
  });

  it('tells people apart by the way they watch', () => {
    const watchers = [
      { says: 'the group sofas', carriage: 'ott', heads: 2_000_000 },
      { says: 'the group boxes', carriage: 'iptv', heads: 3_000_000 },
    ] as const;
    const box = { zone: 'cloud', operator: 'box maker', country: 'FR', name: 'multicast' };
    const design = designOf();
    const stages = [...design.stages, { ...box, role: 'multicast', groups: {} }] as never;
    const texts = findingsOf('lost-alone', { design: { ...design, stages }, watchers }).map(
      ({ text }) => text,
    );
    expect(texts).toContainEqual(
      expect.stringMatching(/^the group boxes \(3 million\) lose .*stage multicast/),
    );
    expect(texts).toContainEqual(
      expect.stringMatching(/^the group sofas \(2 million\) lose .*edge/),
    );
  });

  it('says nothing of laws where the design says none', () => {
    expect(
      findingsOf('lost-alone')
        .map(({ text }) => text)
        .join(),
    ).not.toContain('law');
  });
});

describe('lost-in-pairs', () => {
  it('names two that are enough together, and not what holds them', () => {
    const { text, severity } = one('lost-in-pairs');
    expect(severity).toBe('note');
    expect(text).toContain(
      'device device-a (location location-a, operator carrier) and device device-b',
    );
    expect(text).not.toContain('playout');
  });

  it('names two of different kinds that nothing smaller does as much as', () => {
    const places = [
      { operator: 'p', device: 'x', location: 'here' },
      { operator: 'q', device: 'y', location: 'here' },
      { operator: 'r', device: 'z', location: 'there' },
      { operator: 'r', device: 'w', location: 'elsewhere' },
    ];
    const paths = places.map((place, i) => connection(`path-${i}`, 9 - i, place));
    const [found] = findingsOf('lost-in-pairs', { accesses: [accessOf(paths)] });
    expect(found?.text).toMatch(/: location here and operator r$/);
  });

  it('finds every pair, and no other, in any graph', () => {
    const operators = fc.constantFrom('p', 'q', 'r', 's');
    const path = fc.record({ operator: operators, device: operators, location: operators });
    fc.assert(
      fc.property(fc.array(path, { minLength: 1, maxLength: 4 }), (places) => {
        const paths = places.map((place, i) =>
          connection(`path-${i}`, 9 - i, { ...place, session: FAST }),
        );
        const context = makeContext(inputOf({ accesses: [accessOf(paths)] }));
        const [normal] = listRemovals(context);
        const found = new Set((normal?.removals ?? []).map(({ things }) => keyOf(things)));
        expect(found).toEqual(new Set(byForce(context.graph)));
      }),
      { numRuns: 60 },
    );
  });
});

const keyOf = (things: readonly Thing[]) =>
  things
    .map((thing) => labelOf(thing).toSorted().join())
    .toSorted()
    .join(' + ');

/** Every label and every two labels, tried one after another; labels of the same nodes are one. */
function byForce(graph: ReturnType<typeof makeContext>['graph']): readonly string[] {
  const all = new Map<string, readonly string[]>();
  const has = (node: GraphNode, label: string) =>
    LABEL_KINDS.some((kind) => node.labels[kind]?.some((name) => `${kind} ${name}` === label));
  const labels = new Set(
    graph.nodes.flatMap(({ labels: own }) =>
      LABEL_KINDS.flatMap((kind) => (own[kind] ?? []).map((name) => `${kind} ${name}`)),
    ),
  );
  for (const label of labels) {
    const nodes = graph.nodes.flatMap((node, i) => (has(node, label) ? [i] : [])).join();
    all.set(nodes, [...(all.get(nodes) ?? []), label]);
  }
  const things = [...all.values()];
  const cuts = (gone: readonly (readonly string[])[]) =>
    !isConnected(graph, (node) => gone.some(([label = '']) => has(node, label)));
  const alone = things.filter((thing) => cuts([thing]));
  const rest = things.filter((thing) => !alone.includes(thing));
  const pairs = rest.flatMap((a, i) =>
    rest.slice(i + 1).flatMap((b) => (cuts([a, b]) ? [[a, b]] : [])),
  );
  return [...alone.map((thing) => [thing]), ...pairs].map((cut) =>
    cut
      .map((names) => names.toSorted().join())
      .toSorted()
      .join(' + '),
  );
}
