// Says which laws and countries of the design nobody knows.

import { JURISDICTION_HINT, unknownJurisdictions } from '../../design/jurisdictions.ts';
import type { Rule } from '../rule.ts';

export const unknownJurisdiction: Rule = {
  name: 'unknown-jurisdiction',
  find: ({ design, accesses }) =>
    unknownJurisdictions(design, accesses).map(({ code, text }) => ({
      severity: 'note',
      targets: [code],
      text,
      hint: `A code of its own is a jurisdiction of its own: ${JURISDICTION_HINT}.`,
      source: `design ${design.name}`,
    })),
};
