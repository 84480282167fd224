// A scenario as a Chaos Toolkit experiment: its method plays the scenario, its hypothesis asks for
// each success criterion in the report. Shape: Chaos Toolkit's reference of experiments, 1.0.0.

import { demandScenario, type MadeText, type Exporter, type ExportInput } from './format.ts';

export const chaosToolkit: Exporter = { takes: [], write };

const process = (...words: readonly string[]) => ({
  type: 'process',
  path: 'ecran-noir',
  arguments: words,
});

/** The criteria can be asked for only once the scenario has been played. */
function write(input: ExportInput): MadeText {
  const { name, title, kind, expectations } = demandScenario(input);
  const report = ['report', `runs/${name}/latest`];
  const probes = expectations.map(({ text }, i) => ({
    type: 'probe',
    name: text,
    tolerance: {
      type: 'jsonpath',
      path: `$.expectations[${i}].verdict`,
      expect: ['pass'],
      target: 'stdout',
    },
    provider: process(...report, '--json'),
  }));
  const experiment = {
    version: '1.0.0',
    title,
    description: `Plays ${name} with Écran noir, and asks what viewers saw.`,
    tags: ['ecran-noir', kind],
    runtime: { hypothesis: { strategy: 'after-method-only' } },
    'steady-state-hypothesis': {
      title: 'Viewers see what the scenario expects',
      probes: [
        { type: 'probe', name: 'verdict', tolerance: 0, provider: process(...report) },
        ...probes,
      ],
    },
    method: [
      {
        type: 'action',
        name: `play ${name}`,
        provider: process('run', input.file, '--out', 'runs'),
      },
    ],
    rollbacks: [],
  };
  return { text: `${JSON.stringify(experiment, null, 2)}\n`, remarks: [] };
}
