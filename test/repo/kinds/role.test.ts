// A new role of stages is one file and one line of the catalogue: a made-up one is put beside the
// real ones, is read, joined, planned and refused like them, and no file of the product knows a role.

import { readFileSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';
import { makeGraph } from '../../../harness/check/graph.ts';
import { listFlows } from '../../../harness/design/flows.ts';
import { findEntries, findHops, inOrder } from '../../../harness/design/hops.ts';
import { ROLES } from '../../../harness/design/roles.ts';
import { requireDoable } from '../../../harness/faults/runtimeNeeds.ts';
import { findPlaces } from '../../../harness/measure/place.ts';
import type { Design } from '../../../harness/model/scenario.ts';
import { stageLimits } from '../../../harness/runtime/containers/stageLife.ts';
import { parseDesign, parseScenario } from '../../../harness/scenario/load.ts';
import { plan } from '../../../harness/scenario/plan.ts';
import { designText } from '../../support/designs.ts';
import { filesWith, productFiles } from './product.ts';

vi.mock('../../../harness/design/catalogue.ts', async (importReal) => {
  const { shield } = await import('./role.ts');
  const sender = {
    ...shield,
    role: 'sender',
    follows: ['transcoder'],
    feeds: [],
    servesViewers: false,
    connects: 'the one before',
    perChannel: true,
    transports: ['udp'],
  };
  return { ...(await importReal<object>()), shield, sender };
});

const SINGLE = designText('single-access').text;
const PLACE = 'zone: z, operator: o, country: FR';

/** The design with stages and links more. */
const withMore = (stages: string, links = ''): string =>
  SINGLE.replace(/^links:\n/m, `${stages}links:\n${links}`);
const SHIELD = `  shield: { role: shield, ${PLACE}, keep: 5s }\n`;
const readIt = (text: string): Design => parseDesign(text, 'd.yaml');
const joined = (design: Design): string[] =>
  findHops(design).map(({ from, to, link }) => `${from.name} ${link?.name ?? '->'} ${to.name}`);

function refusal(text: string): string {
  try {
    readIt(text);
    return 'accepted';
  } catch (error) {
    return (error as Error).message;
  }
}

describe('a role that nobody knew before', () => {
  const design = readIt(withMore(SHIELD));

  it('is read with its own keys, and stands where its file says', () => {
    expect(design.stages.at(-1)).toMatchObject({ role: 'shield', keepMs: 5000, country: 'FR' });
    expect(ROLES.map(({ role }) => role)).toEqual([
      ...['cells', 'playout', 'portal', 'transcoder', 'inserter', 'sender', 'multicast', 'origin'],
      ...['shield', 'edge'],
      'steering',
    ]);
    expect(refusal(withMore(SHIELD.replace('5s', '0s')))).toMatch(
      /d\.yaml:\d+:\d+ {2}stages\.shield\.keep: expected a duration above zero/,
    );
  });

  it('stands between those beside it, whom no link joins any more', () => {
    expect(joined(design).slice(2)).toEqual(['origin -> shield', 'shield -> edge']);
    expect(findEntries(design).map(({ name }) => name)).toEqual(['edge']);
    expect(inOrder(design).map(({ name }) => name)).toEqual([
      ...['playout', 'transcoder', 'origin', 'shield', 'edge'],
    ]);
  });

  it('branches: one edge asks it, another the origin', () => {
    const text = withMore(
      `${SHIELD}  far: { role: edge, ${PLACE} }\n`,
      [
        '  a: { from: origin, to: shield }\n  b: { from: shield, to: edge }\n',
        '  c: { from: origin, to: far }\n',
      ].join(''),
    );
    const branched = readIt(text);
    expect(joined(branched).slice(2)).toEqual(['origin a shield', 'shield b edge', 'origin c far']);
    expect(findEntries(branched).map(({ name }) => name)).toEqual(['edge', 'far']);
    expect(listFlows(branched).map(({ id }) => id)).toEqual(
      expect.arrayContaining(['a', 'b', 'c', 'connect-up.two']),
    );
    expect(findPlaces({ at: 'links', links: ['b', 'connect-up'] }, branched)).toEqual([
      ...['delivery', 'feed'],
    ]);
    expect(findPlaces({ at: 'stages', links: ['shield'] }, branched)).toEqual(['delivery']);
  });

  it('feeds beside another: a transcoder goes to an origin and to a sender, over UDP', () => {
    const text = withMore(
      `  sender: { role: sender, ${PLACE} }\n`,
      '  group: { from: transcoder, to: sender, transport: udp }\n',
    );
    const both = readIt(text);
    expect(joined(both)).toEqual([
      ...['playout connect-up transcoder', 'transcoder group sender'],
      ...['transcoder connect-down origin', 'origin -> edge'],
    ]);
    expect(both.links[0]).toMatchObject({ name: 'group', transport: 'udp' });
    expect(listFlows(both)[0]).toMatchObject({ id: 'group.one', channel: 'one' });
    const { nodes, last } = makeGraph(both, []);
    expect([...last].map((index) => nodes[index]?.id).toSorted()).toEqual(['edge', 'sender']);
    expect(refusal(text.replace(', transport: udp', ''))).toMatch(
      /links\.group\.transport: expected transport: udp: .* got tcp/,
    );
  });

  it('takes the faults whose commands its program takes', () => {
    const scenario = (what: string) =>
      parseScenario(
        `name: s\ntitle: t\nkind: drill\ndesign: d\nfaults:\n  - { name: f, at: 0s, for: 9s, stages: [shield], ${what} }\nexpect: [recovered == 100%]\n`,
        's.yaml',
        { d: { text: withMore(SHIELD), file: 'd.yaml' } },
      );
    const http = 'http: { of: segment, status: 503 }';
    const planned = plan(scenario(http), { compress: 1, seed: 1 });
    expect(planned.actions[0]).toMatchObject({ fault: { kind: 'http', stages: ['shield'] } });
    expect(() => scenario('disk: full')).toThrow(
      'disk goes wrong at origin, shield has the role shield',
    );
    const processes = { kind: 'processes', canLimit: false, reason: 'as asked for' } as const;
    const where = () => 'd.yaml:9:3';
    expect(() => requireDoable(planned, processes, where)).toThrow(
      'd.yaml:9:3  stage shield: the processes runtime (as asked for) cannot play a stage with role: shield',
    );
    const containers = { ...processes, kind: 'containers', canLimit: true } as const;
    expect(() => requireDoable(planned, containers)).not.toThrow();
    expect(stageLimits({ stage: design.stages.at(-1)! }).memoryMb).toBe(1024);
  });

  it.each([
    [
      'in a loop',
      `${SHIELD}  twin: { role: shield, ${PLACE} }\n`,
      '  a: { from: origin, to: shield }\n  b: { from: shield, to: twin }\n  c: { from: twin, to: shield }\n  d: { from: twin, to: edge }\n',
      /^1 problem.*\n {2}d\.yaml:\d+:\d+ {2}links\.c: closes a loop: shield -> twin -> shield$/,
    ],
    [
      'to itself',
      SHIELD,
      '  a: { from: origin, to: shield }\n  b: { from: shield, to: shield }\n  c: { from: shield, to: edge }\n',
      /^1 problem.*\n {2}d\.yaml:\d+:\d+ {2}links\.b: .*got shield -> shield$/,
    ],
    [
      'to nothing',
      SHIELD,
      '  a: { from: origin, to: edge }\n',
      /^1 problem.*\n {2}d\.yaml:\d+:\d+ {2}stages\.shield: no link joins shield to the stages beside it/,
    ],
    [
      'by a transport that nothing carries',
      SHIELD,
      '  a: { from: origin, to: shield, transport: udp }\n',
      /^1 problem.*\n {2}d\.yaml:\d+:\d+ {2}links\.a\.transport: expected transport: tcp: no engine can carry udp/,
    ],
  ])('is refused when it is joined %s', (_what, stages, links, message) => {
    expect(refusal(withMore(stages, links))).toMatch(message);
  });
});

it('is what docs/adding-a-stage.md shows', () => {
  const [, shown = ''] =
    /```ts\n([^]*?)```/.exec(readFileSync('docs/adding-a-stage.md', 'utf8')) ?? [];
  const own = readFileSync('test/repo/kinds/role.ts', 'utf8')
    .replaceAll('../../../harness/design/', '../')
    .replaceAll('../../../harness/', '../../');
  const codeOf = (text: string) => text.slice(text.indexOf('import '));
  expect(codeOf(shown)).toBe(codeOf(own));
});

describe('the product', () => {
  const files = productFiles();

  it('names the file of a role in the catalogue alone', () => {
    for (const { role } of ROLES.filter(({ role }) => !['shield', 'sender'].includes(role)))
      expect(filesWith(`roles/${role}.ts'`)).toEqual(['harness/design/catalogue.ts']);
  });

  it('compares no role with a word', () => {
    expect(
      files.filter(({ text }) => /\brole (?:===|!==) '/.test(text)).map(({ file }) => file),
    ).toEqual([]);
  });
});
