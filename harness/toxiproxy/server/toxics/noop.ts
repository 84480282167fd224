// Passes everything untouched: the place of a toxic, without its effect.

import { passThrough } from './passThrough.ts';
import type { ToxicKind } from './stage.ts';

export const noop: ToxicKind = {
  type: 'noop',
  structName: 'NoopToxic',
  attributes: {},
  protocols: ['tcp', 'udp'],
  create: (_attributes, { outlet }) => passThrough(outlet, {}),
};
