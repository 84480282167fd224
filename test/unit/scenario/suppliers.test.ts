// Who is behind a design, as its file says it: what is read, and what is refused with its place.

import { describe, expect, it, test } from 'vitest';
import { lawsOver, suppliersBehind } from '../../../harness/design/supply.ts';
import { parseDesign } from '../../../harness/scenario/load.ts';
import { designText } from '../../support/designs.ts';
import { outcome } from '../../support/refusal.ts';

const SINGLE = designText('single-access').text;
const DUAL = designText('dual-access-bgp').text;

const problemsOf = (text: string): readonly string[] =>
  outcome(() => parseDesign(text, 'it.yaml'))
    .split('\n')
    .slice(1);

/** The design with keys behind the country of its transcoder, and at its end. */
const withKeys = (transcoder: string, end = '') =>
  `${SINGLE.replace('operator: cloud provider\n', `operator: cloud provider\n${lines(transcoder)}`)}\n${end}`;
const lines = (keys: string) => (keys === '' ? '' : `    ${keys.replaceAll('; ', '\n    ')}\n`);

const LABEL = 'label: { name: SecNumCloud, source: S85, date: "2025-12-17" }';
const SUPPLIERS = `suppliers:
  cloud provider: { parent: big cloud }
  big cloud: { law: [US] }
`;

describe('a design with suppliers', () => {
  it('is read with all that is behind a stage, a path and a service', () => {
    const keys = `law: [FR, US]; technology: { vendor: M, country: US }; adminFrom: [IE]; keyHolder: K; ${LABEL}`;
    const services = `services:
  drm: { operator: K, country: US, neededBy: [edge], takes: { keys: [transcoder] } }
`;
    const { stages, services: read } = parseDesign(withKeys(keys, services), 'it.yaml');
    expect(stages.find(({ name }) => name === 'transcoder')).toMatchObject({
      law: ['FR', 'US'],
      technology: { vendor: 'M', country: 'US' },
      adminFrom: ['IE'],
      keyHolder: 'K',
      label: { name: 'SecNumCloud', source: 'S85', date: '2025-12-17' },
    });
    expect(read).toEqual([
      {
        name: 'drm',
        operator: 'K',
        country: 'US',
        neededBy: ['edge'],
        takes: { keys: ['transcoder'] },
      },
    ]);
    const path = DUAL.replace('device: router-a', 'device: router-a\n        law: [US]');
    expect(parseDesign(path, 'it.yaml').accesses?.[0]?.paths[0]).toMatchObject({ law: ['US'] });
  });

  it('has the law of a parent, unless the stage says its own', () => {
    const design = parseDesign(withKeys('', SUPPLIERS), 'it.yaml');
    const transcoder = design.stages.find(({ name }) => name === 'transcoder');
    if (!transcoder) throw new Error('a chain has one');
    expect(suppliersBehind(design, 'cloud provider')).toEqual(['cloud provider', 'big cloud']);
    expect(lawsOver(design, transcoder)).toEqual(['FR', 'US']);
    expect(lawsOver(design, { ...transcoder, law: ['IE'] })).toEqual(['IE', 'US']);
  });

  it('says nothing where nothing was said', () => {
    const design = parseDesign(SINGLE, 'it.yaml');
    expect(Object.keys(design)).not.toEqual(expect.arrayContaining(['suppliers']));
    expect(Object.keys(design.stages[0] ?? {})).not.toContain('law');
  });
});

describe('a design is refused', () => {
  test.each([
    ['label: { name: L, source: S }', '', /^ *it\.yaml:\d+:\d+ +stages\.transcoder\.label.*date/],
    ['label: { name: L, date: "2025-12-17" }', '', /stages\.transcoder\.label.*source/],
    ['label: { name: L, source: S, date: soon }', '', /label\.date: expected a date such as/],
    ['law: []', '', /stages\.transcoder\.law: expected at least one/],
    ['adminFrom: [France]', '', /adminFrom\[0\]: expected a country code/],
    ['technology: M', '', /technology: expected a mapping/],
    [
      '',
      'suppliers: { cloud providr: { law: [US] } }',
      /no operator is called cloud providr; .*did you mean cloud provider/,
    ],
    ['', 'suppliers: { cloud provider: { parent: nobody } }', /no supplier is called nobody/],
    [
      '',
      'suppliers: { cloud provider: { parent: a }, a: { reliesOn: [b] }, b: { parent: a } }',
      /suppliers\.a: suppliers in a circle: a -> b -> a/,
    ],
    [
      '',
      'services: { drm: { operator: K, country: FR } }',
      /services\.drm: expected neededBy or takes/,
    ],
    [
      '',
      'services: { drm: { operator: K, country: FR, neededBy: [edg] } }',
      /services\.drm\.neededBy\[0\]: no stage is called edg.*did you mean edge/,
    ],
    [
      '',
      'services: { logs: { operator: K, country: FR, takes: { logs: [nobody] } } }',
      /services\.logs\.takes\.logs\[0\]: no stage/,
    ],
    [
      '',
      'services: { logs: { operator: K, country: FR, takes: { secrets: [edge] } } }',
      /services\.logs\.takes/,
    ],
    [
      '',
      'residency: { home: { classes: [logs], countries: [FR] } }',
      /residency\.home\.classes: no logs flows in the design, only media/,
    ],
    [
      '',
      'residency: { home: { classes: [], countries: [FR] } }',
      /residency\.home\.classes: expected at least one/,
    ],
  ])('with %s%s', (transcoder, end, message) => {
    const problems = problemsOf(withKeys(transcoder, end));
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(message);
  });
});
