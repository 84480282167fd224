// The most telling scenarios, each played for real, compressed as far as no timer of a component
// gets longer than what it acts on, each with the outcome that its expectations and sources say.

import { describe, it } from 'vitest';
import { expectPass, playRun } from '../support/playedRun.ts';
import { folderForEach } from '../support/folders.ts';

const RUN_MS = 180_000;

let folder: string;
folderForEach((path) => (folder = path));

const TELLING = [
  {
    name: 'windows/high-resiliency-bfd',
    compress: 120,
    shows: 'a second link with BFD spares all',
  },
  { name: 'drills/one-origin-lost', compress: 1, shows: 'the second origin hides the loss' },
  {
    name: 'drills/switched-on-in-the-outage',
    compress: 1,
    shows: 'who switches on during a cut waits for a first picture',
  },
  { name: 'drills/one-edge-lost', compress: 1, shows: 'the second edge takes the viewers over' },
];

describe('a scenario played for real', () => {
  it.each(TELLING)(
    '$name: $shows',
    async ({ name, compress }) => {
      const { report } = await playRun({
        file: `scenarios/${name}.yaml`,
        out: folder,
        wishes: ['--compress', String(compress), '--runtime', 'processes', '--viewers', '4'],
        timeoutMs: RUN_MS,
      });
      expectPass(report);
    },
    RUN_MS + 10_000,
  );
});
