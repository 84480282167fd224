// The setting of a rehearsal: what cannot carry a plan is refused before anything is looked for.

import { expect, it } from 'vitest';
import { settingFor } from '../../../harness/rehearsal/setting.ts';
import { parseScenario } from '../../../harness/scenario/load.ts';
import { plan } from '../../../harness/scenario/plan.ts';
import { designText } from '../../support/designs.ts';
import { drill } from '../../support/drill.ts';

const TV = designText('single-access-tv').text;

it.each(['processes', 'containers'] as const)(
  'official Toxiproxy for a design with UDP links, in %s',
  async (runtime) => {
    const designs = { tv: { file: 'tv.yaml', text: TV } };
    const scenario = parseScenario(drill('', 'tv'), 's.yaml', designs);
    const plans = [plan(scenario, { compress: 1, seed: 1 })];
    const wishes = { toxiproxy: 'official', runtime };
    await expect(settingFor(wishes, new AbortController().signal, plans)).rejects.toMatchObject({
      code: 'ARGUMENT_INVALID',
      message:
        '--toxiproxy official carries no UDP, and connect-tv of single-access-tv is a UDP link',
      hint: 'use --toxiproxy embedded, or leave it out',
    });
  },
);
