// A scenario whose search takes seconds.

import { readFileSync } from 'node:fs';

/** The drill with one fault and the sixteen designs of four knobs. */
export function fewDesigns(): string {
  const text = readFileSync('scenarios/drills/which-design-holds.yaml', 'utf8');
  const [before = '', faults = ''] = text.split('\nfaults:\n');
  const first = faults.slice(0, faults.indexOf('  - name: downlink-cut'));
  return `${before}
faults:
${first}recover: { within: 60s }
expect: [recovered == 100%]
search:
  audience: 1000000
  limits: [p99(blackScreen) < 5s]
  knobs:
    segment: { 2s: 3, 4s: 1 }
    fill: { black: 0, slate: 2 }
    holdBack: [3, 5]
    jitter: { 5s: 0, 30s: 0 }
`;
}
