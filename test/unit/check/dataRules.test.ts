// Where data is, and who could be ordered to hand it over, in the normal state and failed over.

import { describe, expect, it } from 'vitest';
import type { Design } from '../../../harness/model/scenario.ts';
import { connection, FAST } from '../routing/builders.ts';
import { accessOf, designOf } from './builders.ts';
import { findingsOf, one } from './findings.ts';

const designWith = (changes: Partial<Design>) => ({ ...designOf(), ...changes });
const here = { classes: ['media'], countries: ['FR', 'IE'] } as const;
const residency = [{ name: 'near', ...here }];
const abroad = [
  connection('a', 200, { session: FAST, country: 'FR' }),
  connection('b', 100, { session: FAST, country: 'GB' }),
];
const logs = { name: 'logs', operator: 'log company', country: 'US', neededBy: [] };

describe('data-outside', () => {
  it('stops where a stage, path or service stands outside, and names it with its country', () => {
    const inFrance = [{ name: 'home', classes: ['media'], countries: ['FR'] }] as const;
    const { severity, text } = one('data-outside', { design: designWith({ residency: inFrance }) });
    expect(severity).toBe('stop');
    expect(text).toBe('media of the scope home leaves FR: stage transcoder (IE)');
  });

  it('warns of what leaves only once routing has fallen back', () => {
    const { severity, text } = one('data-outside', {
      design: designWith({ residency }),
      accesses: [accessOf(abroad)],
    });
    expect(severity).toBe('warning');
    expect(text).toBe(
      'while connect runs over b: media of the scope near leaves FR and IE: path b (GB)',
    );
  });

  it('warns of what leaves then beside what leaves already', () => {
    const scope = { name: 'home', classes: ['media'], countries: ['FR'] } as const;
    const design = designWith({ residency: [scope] });
    const found = findingsOf('data-outside', { design, accesses: [accessOf(abroad)] });
    expect(found.map(({ severity, targets }) => [severity, ...targets])).toEqual([
      ['stop', 'home', 'transcoder'],
      ['warning', 'home', 'b'],
    ]);
  });

  it('looks at the classes of the scope alone', () => {
    const services = [{ ...logs, takes: { logs: ['edge'] } }];
    const design = (classes: readonly ('logs' | 'media')[]) =>
      designWith({ services, residency: [{ ...here, name: 'near', classes }] });
    expect(findingsOf('data-outside', { design: design(['media']) })).toEqual([]);
    expect(one('data-outside', { design: design(['logs']) }).text).toContain('service logs (US)');
  });

  it('has nothing against a design that promises nothing', () => {
    expect(findingsOf('data-outside')).toEqual([]);
  });
});

describe('exposure', () => {
  const suppliers = [
    { name: 'cloud', parent: 'big cloud' },
    { name: 'big cloud', law: ['US'] },
  ];
  const withTranscoder = (changes: object) => {
    const design = designOf();
    const stages = design.stages.map((stage) =>
      stage.role === 'transcoder' ? { ...stage, ...changes } : stage,
    );
    return { ...design, stages, suppliers };
  };
  const textOf = (design: Partial<Design> & ReturnType<typeof designOf>) =>
    findingsOf('exposure', { design }).map(({ text }) => text)[0] ?? '';

  it('has the law of a parent of whoever holds data in clear, with the reason', () => {
    const text = textOf(withTranscoder({}));
    expect(text).toMatch(/^media could be ordered to be handed over /);
    expect(text).toContain('under the law of US, for cloud has it in clear at transcoder');
    expect(text).toContain('under the law of FR, for broadcaster has it in clear at playout');
  });

  it('has the law of the key holder instead, and of administrators', () => {
    const text = textOf(withTranscoder({ keyHolder: 'broadcaster', adminFrom: ['IN'] }));
    expect(text).not.toContain('under the law of US');
    expect(text).toMatch(/under the law of FR, for [^;]*broadcaster holds its keys at transcoder/);
    expect(text).toContain('under the law of IN, for transcoder is administered from there');
  });

  it('tells what is new once routing has fallen back', () => {
    const accesses = [accessOf(abroad)];
    const found = findingsOf('exposure', { design: designWith({ suppliers }), accesses });
    expect(found.map(({ severity }) => severity)).toEqual(['note', 'note']);
    expect(found[1]?.text).toMatch(/^while connect runs over b, too: media .* law of GB/);
    expect(found[1]?.text).not.toContain('law of FR');
  });

  it('says nothing of data for which nothing is new', () => {
    const services = [{ ...logs, takes: { logs: ['edge'] } }];
    const accesses = [accessOf(abroad)];
    const found = findingsOf('exposure', { design: designWith({ services }), accesses });
    expect(found.map(({ text }) => /(media|logs) could/.exec(text)?.[1])).toEqual([
      'media',
      'logs',
      'media',
    ]);
  });

  it.each([{ law: ['US'] }, { adminFrom: ['IN'] }, { keyHolder: 'stranger' }])(
    'is asked of a design of which one stage says %j',
    (said) => {
      const stages = designOf().stages.map((stage) =>
        stage.role === 'transcoder' ? { ...stage, ...said } : stage,
      );
      expect(findingsOf('exposure', { design: designWith({ stages }), accesses: [] })).toHaveLength(
        1,
      );
    },
  );

  it('has no law of a key holder of whom nobody says where it is', () => {
    expect(textOf(withTranscoder({ keyHolder: 'stranger' }))).toContain(
      'under the law of a country that nobody says, for stranger holds its keys at transcoder',
    );
  });

  it('is not asked of a design that says nothing of laws and keys', () => {
    expect(findingsOf('exposure')).toEqual([]);
  });
});

describe('unknown-jurisdiction', () => {
  const stagesIn = (country: string, more: object = {}) =>
    designWith({ stages: designOf().stages.map((stage) => ({ ...stage, ...more, country })) });
  const textsOf = (design: ReturnType<typeof designWith>) =>
    findingsOf('unknown-jurisdiction', { design, accesses: [] }).map(({ text }) => text);

  it('tells of a law that nobody knows, once, and takes it as it is', () => {
    expect(textsOf(stagesIn('FR', { law: ['Atlantis', 'US'] }))).toEqual([
      'no country has the law Atlantis: taken as it is written',
    ]);
    const design = stagesIn('FR', { law: ['Atlantis'] });
    expect(one('unknown-jurisdiction', { design })).toMatchObject({ severity: 'note' });
  });

  it.each([
    ['nobody', 'QX', 'no country has the code QX: taken as it is written'],
    ['Great Britain too', 'UK', 'no country has the code UK (it is GB): taken as it is written'],
    ['a union', 'EU', 'no country has the code EU: taken as it is written'],
  ])('tells of a country code that stands for %s', (_, code, text) => {
    expect(textsOf(stagesIn(code))).toEqual([text]);
  });

  it('asks makers, administrators, suppliers, paths and promises, too', () => {
    const design = designWith({
      stages: designOf().stages.map((stage) => ({
        ...stage,
        technology: { vendor: 'v', country: 'QE' },
        adminFrom: ['QB'],
      })),
      suppliers: [{ name: 'cloud', law: ['Lemuria'] }],
      residency: [{ name: 'near', classes: ['media'], countries: ['QC'] }],
    });
    const paths = [connection('a', 200, { session: FAST, country: 'QD' })];
    const found = findingsOf('unknown-jurisdiction', { design, accesses: [accessOf(paths)] });
    expect(found.flatMap(({ targets }) => targets)).toEqual(['Lemuria', 'QE', 'QB', 'QD', 'QC']);
  });

  it('knows the law of the European Union', () => {
    expect(textsOf(stagesIn('FR', { law: ['EU'] }))).toEqual([]);
  });
});
