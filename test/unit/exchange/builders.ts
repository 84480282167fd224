// Designs for tests of formats.

import { readFileSync } from 'node:fs';
import type { TextFile } from '../../../harness/exchange/format.ts';

export function baseDesign(name = 'dual-access-bgp'): TextFile {
  const file = `scenarios/designs/${name}.yaml`;
  return { file, text: readFileSync(file, 'utf8') };
}
