// Holds what is written for compliance people, and for other tools that make experiments.

import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import { chaosToolkit } from '../../../harness/exchange/chaosToolkit.ts';
import { directConnect } from '../../../harness/exchange/directConnect.ts';
import { fis } from '../../../harness/exchange/fis.ts';
import type { ExportOptions } from '../../../harness/exchange/format.ts';
import { thirdParties } from '../../../harness/exchange/thirdParties.ts';
import { parseDesign, parseScenario } from '../../../harness/scenario/load.ts';
import { snapshotFiles } from '../../support/directConnect.ts';
import { designText } from '../../support/designs.ts';

type Row = Record<string, string>;

function register(name: string, change = (text: string) => text): readonly Row[] {
  const { file, text } = designText(name);
  const design = parseDesign(change(text), file);
  const csv = thirdParties.write({ file, design, scenario: undefined, options: {} }).text;
  return parse(csv, { columns: true });
}
const rowOf = (rows: readonly Row[], supplier: string) =>
  rows.find((row) => row['supplier'] === supplier);

describe('the register of third parties', () => {
  it('has every company behind the chain, with what it does and the laws over it', () => {
    const rows = register('american-cloud');
    expect(rowOf(rows, 'cloud provider')).toEqual({
      supplier: 'cloud provider',
      function: 'transcoder transcoder',
      critical: 'yes',
      substitutable: 'no',
      jurisdiction: 'US',
    });
    expect(rowOf(rows, 'cloud group')).toMatchObject({ critical: 'yes', jurisdiction: 'US' });
    expect(rowOf(rows, 'key company')).toMatchObject({
      function: 'service key-server',
      critical: 'yes',
      jurisdiction: 'FR',
    });
    expect(rowOf(rows, 'cloud software')).toMatchObject({ critical: 'yes', jurisdiction: 'US' });
  });

  it('tells a supplier that another one can stand in for, and one that is needed once it has', () => {
    const two = (text: string) =>
      text.replace(/(location: paris-south\n\s+operator: )access provider/, '$1second carrier');
    const rows = register('dual-access-bgp', two);
    expect(rowOf(rows, 'access provider')).toMatchObject({ critical: 'no', substitutable: 'yes' });
    expect(rowOf(rows, 'second carrier')).toMatchObject({
      critical: 'failed over',
      substitutable: 'yes',
    });
    expect(rowOf(register('dual-access-bgp'), 'access provider')).toMatchObject({
      critical: 'yes',
      substitutable: 'no',
    });
  });

  it('keeps names that a spreadsheet would take for a formula as names', () => {
    const rows = register('american-cloud', (text) => text.replaceAll('key company', '"=1+1"'));
    expect(rows.map((row) => row['supplier'])).toContain("'=1+1");
  });
});

const base = designText('dual-access-bgp');
const snapshot = directConnect.read({
  files: snapshotFiles(),
  design: base,
  name: 'snapshot',
  options: { country: 'FR', over: 'gateway-0' },
}).text;

const scenario = () =>
  parseScenario(
    `name: friday
title: Friday
kind: drill
design: snapshot
faults:
  - { name: first-lost, at: 0s, for: 90s, paths: [network-0-way-0], state: down }
  - { name: both-lost, at: 5m, for: 10m, paths: [network-0-way-0, network-0-way-1], state: withdrawn }
  - { name: thin, at: 20m, for: 1m, bandwidth: 100k, links: [connect-up] }
  - { name: later, after: thin.end + 1m, for: 1m, bandwidth: 100k, links: [connect-up] }
expect: [p95(blackScreen) <= 2s, recovered == 100%]
`,
    'friday.yaml',
    { snapshot: { text: snapshot, file: 'snapshot.yaml' } },
  );

interface Action {
  readonly parameters: { readonly duration: string };
  readonly startAfter?: readonly string[];
  readonly targets?: Readonly<Record<string, string>>;
}
interface Template {
  readonly targets: Readonly<Record<string, object>>;
  readonly actions: Readonly<Record<string, Action>>;
  readonly stopConditions: readonly object[];
  readonly roleArn: string;
}
interface Activity {
  readonly type: string;
  readonly name: string;
  readonly provider: object;
}
interface Experiment {
  readonly method: readonly Activity[];
  readonly runtime: { readonly hypothesis: { readonly strategy: string } };
  readonly 'steady-state-hypothesis': { readonly probes: readonly Activity[] };
}

describe('an FIS experiment template', () => {
  const AWS = { account: '123456789012', region: 'eu-west-3' };
  const write = (options: ExportOptions = AWS) => {
    const read = scenario();
    const { text, remarks } = fis.write({
      file: 'friday.yaml',
      design: read.design,
      scenario: read,
      options,
    });
    return { template: JSON.parse(text) as Template, remarks };
  };

  it('disconnects the interfaces that faults take away, at their times', () => {
    const { template, remarks } = write();
    expect(template.targets['both-lost']).toEqual({
      resourceType: 'aws:directconnect:virtual-interface',
      resourceArns: ['00', '01'].map(
        (id) => `arn:aws:directconnect:eu-west-3:123456789012:dxvif/dxvif-${id}`,
      ),
      selectionMode: 'ALL',
    });
    expect(template.actions['first-lost']).toEqual({
      actionId: 'aws:directconnect:virtual-interface-disconnect',
      parameters: { duration: 'PT2M' },
      targets: { VirtualInterfaces: 'first-lost' },
    });
    expect(template.actions['both-lost']).toMatchObject({ startAfter: ['before-both-lost'] });
    expect(template.actions['before-both-lost']?.parameters).toEqual({ duration: 'PT5M' });
    expect(template.actions['scenario']?.parameters).toEqual({ duration: 'PT21M' });
    expect(remarks).toEqual([
      expect.stringContaining('thin is left out'),
      expect.stringContaining('later is left out: it begins after something else'),
    ]);
  });

  it('names only targets and actions that are there, in the forms that FIS takes', () => {
    const { template } = write({ ...AWS, role: 'chaos' });
    for (const [name, action] of Object.entries(template.actions)) {
      expect(name).toMatch(/^\S{1,64}$/);
      expect(action.parameters.duration).toMatch(/^PT[1-9]\d*M$/);
      for (const before of action.startAfter ?? []) expect(template.actions).toHaveProperty(before);
      for (const target of Object.values(action.targets ?? {}))
        expect(template.targets).toHaveProperty(target);
    }
    expect(template.roleArn).toBe('arn:aws:iam::123456789012:role/chaos');
  });

  it('stops at an alarm for each criterion', () => {
    expect(write().template.stopConditions).toEqual(
      ['p95-blackscreen-2s', 'recovered-100'].map((name) => ({
        source: 'aws:cloudwatch:alarm',
        value: `arn:aws:cloudwatch:eu-west-3:123456789012:alarm:ecran-noir-friday-${name}`,
      })),
    );
  });

  it('is refused without an account, and for a design', () => {
    expect(() => write({})).toThrow(/needs --account and --region/);
    expect(() => write({ account: '12', region: 'eu-west-3' })).toThrow(/expected 12 digits/);
    const design = parseDesign(base.text, base.file);
    const input = { file: base.file, design, scenario: undefined, options: AWS };
    expect(() => fis.write(input)).toThrow(/is a design/);
  });
});

describe('a Chaos Toolkit experiment', () => {
  const read = scenario();
  const { text } = chaosToolkit.write({
    file: 'friday.yaml',
    design: read.design,
    scenario: read,
    options: {},
  });
  const experiment = JSON.parse(text) as Experiment;

  it('plays the scenario, and asks for each criterion in its report afterwards', () => {
    expect(experiment.method).toEqual([
      {
        type: 'action',
        name: 'play friday',
        provider: {
          type: 'process',
          path: 'ecran-noir',
          arguments: ['run', 'friday.yaml', '--out', 'runs'],
        },
      },
    ]);
    const [verdict, first, second] = experiment['steady-state-hypothesis'].probes;
    expect(verdict).toMatchObject({ tolerance: 0 });
    expect(first).toMatchObject({
      name: 'p95(blackScreen) <= 2s',
      tolerance: { type: 'jsonpath', path: '$.expectations[0].verdict', expect: ['pass'] },
      provider: { arguments: ['report', 'runs/friday/latest', '--json'] },
    });
    expect(second?.name).toBe('recovered == 100%');
    expect(experiment.runtime.hypothesis.strategy).toBe('after-method-only');
  });

  it('has the parts that an experiment must have', () => {
    for (const key of ['title', 'description', 'method']) expect(experiment).toHaveProperty(key);
    const activities = [...experiment.method, ...experiment['steady-state-hypothesis'].probes];
    for (const { type, name, provider } of activities) {
      expect(['action', 'probe']).toContain(type);
      expect(name).not.toBe('');
      expect(provider).toMatchObject({ type: 'process', path: expect.any(String) });
    }
  });
});
