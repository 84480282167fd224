// A new fault is one file and one line of the catalogue: a made-up one is put beside the real ones,
// and read, checked and planned like them; a real one is counted.

import { readFileSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';
import { findDesigns, parseScenario } from '../../../harness/scenario/load.ts';
import { plan } from '../../../harness/scenario/plan.ts';
import { filesWith } from './product.ts';

const CATALOGUE = 'harness/faults/catalogue.ts';

vi.mock('../../../harness/faults/catalogue.ts', async (importReal) => {
  const { limit } = await import('./fault.ts');
  return { ...(await importReal<object>()), limit };
});

function planWith(fault: string) {
  const text = [
    'name: s\ntitle: t\nkind: drill\ndesign: single-access\nfaults:',
    `  - { name: f, at: 0s, for: 10s, links: [connect-up], ${fault} }`,
    'expect: [recovered == 100%]\n',
  ];
  const designs = findDesigns('scenarios/drills/s.yaml');
  const scenario = parseScenario(text.join('\n'), 's.yaml', designs);
  return plan(scenario, { compress: 1, seed: 1 });
}

describe('a fault that nobody knew before', () => {
  it('is read, checked and planned, with its words and its steps', () => {
    expect(planWith('limit: 1000, ramp: { over: 4s, steps: 2 }')).toMatchObject({
      actions: [
        { id: 'f:inject', effect: '2000 bytes', verb: { verb: 'limited', told: true } },
        { id: 'f:heal' },
        {
          fault: { kind: 'limit', bytesMax: 1000, links: ['connect-up'] },
          expect: 'connect-up (one, two) closes after 1000 bytes',
        },
        { expect: 'everything passes connect-up (one, two) again' },
      ],
    });
    expect(() => planWith('limit: 0')).toThrow(
      's.yaml:6:62  faults[0].limit: expected a whole number from 1 to 1000000000, got 0',
    );
  });
});

it.each([
  ['slice', ['slice.ts']],
  ['fullDisk', ['fullDisk.ts']],
  ['clockSkew', ['clockSkew.ts']],
])('%s is known to its own file and to the catalogue', (name, own) => {
  expect(filesWith(`faults/${own[0]}'`)).toEqual([]);
  expect(readFileSync(CATALOGUE, 'utf8').match(new RegExp(`\\b${name}\\b`, 'g'))).toHaveLength(2);
});
