// Exports of other tools: an AWS snapshot, services of a CycloneDX document, a message to the public.

import { cyclonedxExport } from '../../../harness/exchange/cyclonedx/write.ts';
import type { ImportFormat } from '../../../harness/exchange/formats.ts';
import { IMPORTERS } from '../../../harness/exchange/registry.ts';
import { parseDesign } from '../../../harness/scenario/load.ts';
import { readCap } from '../../../harness/scenario/cap.ts';
import { invalid } from '../../../harness/scenario/invalid.ts';
import { capText } from '../../support/cap.ts';
import { designText } from '../../support/designs.ts';
import { snapshotParts } from '../../support/directConnect.ts';
import { readAgain, requireFinite, type Target } from '../target.ts';
import { mutantsOf } from '../textMutants.ts';

/** A design that is made must be one that can be read. */
const importing =
  (format: ImportFormat, design: string) =>
  async (text: string): Promise<string> => {
    const { text: made, remarks } = IMPORTERS[format].read({
      files: [{ file: 'in.json', text }],
      design: designText(design),
      name: 'made',
      options: { country: 'FR' },
    });
    requireFinite(await readAgain('imported', () => parseDesign(made, 'made.yaml')));
    return [made, ...remarks].join('\n');
  };

function readAlert(text: string): string {
  const { message, problems } = readCap(text, 'a.xml');
  if (problems.length > 0) throw invalid('a.xml', problems, 'docs/alerts.md');
  return JSON.stringify(message);
}

const { text, file } = designText('american-cloud');
const services = cyclonedxExport.write({
  file,
  design: parseDesign(text, file),
  scenario: undefined,
  options: {},
});

export const EXCHANGE: readonly Target[] = [
  {
    name: 'snapshot',
    share: 2,
    seeds: [JSON.stringify(snapshotParts(), null, 1)],
    feed: importing('direct-connect', 'dual-access-bgp'),
  },
  {
    name: 'services',
    share: 2,
    seeds: [services.text],
    feed: importing('cyclonedx', 'american-cloud'),
  },
  { name: 'alert', share: 2, seeds: [capText({})], feed: readAlert },
].map((target) => ({ ...target, mutants: mutantsOf }));
