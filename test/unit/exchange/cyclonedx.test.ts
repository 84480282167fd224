// Services in CycloneDX: what is written fits the schema of its own library, and comes back.

import { Spec, Validation } from '@cyclonedx/cyclonedx-library';
import { describe, expect, it } from 'vitest';
import { cyclonedxImport } from '../../../harness/exchange/cyclonedx/read.ts';
import { cyclonedxExport } from '../../../harness/exchange/cyclonedx/write.ts';
import type { TextFile } from '../../../harness/exchange/format.ts';
import { parseDesign } from '../../../harness/scenario/load.ts';
import { designText } from '../../support/designs.ts';

const written = ({ text, file }: TextFile): string =>
  cyclonedxExport.write({
    file,
    design: parseDesign(text, file),
    scenario: undefined,
    options: {},
  }).text;

const imported = (bom: object | string, design = designText('american-cloud'), country?: string) =>
  cyclonedxImport.read({
    files: [{ file: 'bom.json', text: typeof bom === 'string' ? bom : JSON.stringify(bom) }],
    design,
    name: 'with-suppliers',
    options: country === undefined ? {} : { country },
  });

interface Bom {
  readonly services: readonly {
    readonly 'bom-ref': string;
    readonly data: readonly { readonly classification: string }[];
  }[];
  readonly dependencies: readonly object[];
}

/** A bill from elsewhere, in the words that it would have. */
const foreign = (...services: readonly object[]) => ({
  bomFormat: 'CycloneDX',
  specVersion: '1.5',
  services,
});

describe('the export', () => {
  it.each(['american-cloud', 'fallback-abroad', 'multi-edge', 'vpn-ecmp'])(
    '%s fits the published schema',
    async (name) => {
      const validator = new Validation.JsonStrictValidator(Spec.Version.v1dot6);
      const text = written(designText(name));
      expect(await validator.validate(text)).toBeNull();
      const spoiled = text.replace('"bi-directional"', '"sideways"');
      expect(await validator.validate(spoiled)).not.toBeNull();
    },
  );

  it('has providers, data and what depends on what', () => {
    const bom = JSON.parse(written(designText('american-cloud'))) as Bom;
    const edge = bom.services.find((one) => one['bom-ref'] === 'stage:edge');
    expect(edge).toMatchObject({ provider: { name: 'broadcaster' }, trustZone: 'head-end' });
    expect(edge?.data.map(({ classification }) => classification)).toEqual(['media', 'keys']);
    expect(bom.dependencies).toContainEqual({
      ref: 'stage:edge',
      dependsOn: ['stage:origin', 'service:key-server'],
    });
  });
});

describe('the import', () => {
  it('gives back what was written, into a design that has lost it', () => {
    const whole = designText('american-cloud');
    const bare = {
      file: whole.file,
      text: whole.text.replace(/services:[^]*$/, '').replace(/ *technology: .*\n/, ''),
    };
    expect(parseDesign(bare.text, bare.file).services).toBeUndefined();
    const { text } = imported(written(whole), bare);
    const after = parseDesign(text, 'after.yaml');
    const { stages, services } = parseDesign(whole.text, whole.file);
    expect(after.stages).toEqual(stages);
    expect(after.services).toEqual(services);
  });

  it('takes in a service of somebody else that stages send data to', () => {
    const { text, remarks } = imported(
      foreign(
        { name: 'Transcoder', provider: { name: 'Video Company' } },
        {
          name: 'Log Shipper',
          provider: { name: 'Logs Ltd' },
          data: [
            { flow: 'inbound', classification: 'logs', source: ['Transcoder', 'edge'] },
            { flow: 'inbound', classification: 'PII', source: ['edge'] },
            { flow: 'inbound', classification: 'weather', source: ['edge'] },
          ],
        },
        { name: 'Payroll' },
      ),
      designText('single-access'),
      'IE',
    );
    const { stages, services } = parseDesign(text, 'x.yaml');
    expect(stages.find(({ name }) => name === 'transcoder')?.operator).toBe('Video Company');
    expect(services).toEqual([
      {
        name: 'log-shipper',
        operator: 'Logs Ltd',
        country: 'IE',
        neededBy: [],
        takes: { logs: ['transcoder', 'edge'], personal: ['edge'] },
      },
    ]);
    expect(remarks.join('\n')).toMatch(/"weather" is none of.*\nPayroll is left out/s);
  });

  it.each([
    [
      'services that match nothing',
      foreign({ name: 'Payroll' }, { name: 'Mail' }),
      /none of the 2 services in bom\.json has to do with the design american-cloud/,
    ],
    ['no services', foreign(), /bom\.json lists no services/],
    ['another format', { spdxVersion: 'SPDX-2.3' }, /bom\.json:1:1 .*bomFormat: is missing/],
    [
      'a version that is not known',
      { ...foreign(), specVersion: '2.0' },
      /specVersion: expected a version from 1\.4 to 1\.7, got "2\.0"/,
    ],
    [
      'a file cut off in the middle',
      JSON.stringify(foreign({ name: 'a' }), null, 1).slice(0, 80),
      /^1 problem in bom\.json\n {2}bom\.json:\d+:\d+ +the file is cut off in the middle$/,
    ],
    [
      'a service without a name',
      foreign({ provider: { name: 'x' } }),
      /services\[0\]\.name: is missing: expected a name/,
    ],
    [
      'nobody says where',
      foreign({
        name: 'logs',
        data: [{ flow: 'inbound', classification: 'logs', source: ['edge'] }],
      }),
      /in which country logs is/,
    ],
  ])('refuses %s', (_, bom, message) => {
    expect(() => imported(bom)).toThrow(message);
  });
});
