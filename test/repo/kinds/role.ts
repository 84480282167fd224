// A made-up role of stages: a cache between origins and edges, so that many edges ask an origin
// once. Nothing in the product knows it; the compiler holds it against everything that knows roles.

import { role } from '../../../harness/design/role.ts';
import { span } from '../../../harness/fields/fields.ts';
import type { StageBase } from '../../../harness/model/scenario.ts';

export interface ShieldStage extends StageBase {
  readonly role: 'shield';
  readonly keepMs: number;
}

declare module '../../../harness/model/stages.ts' {
  interface Stages {
    shield: ShieldStage;
  }
}

const keys = { keep: span('The time that a segment is kept.').prefault('60s') };

export const shield = role<ShieldStage, typeof keys>({
  role: 'shield',
  word: 'A cache that edges ask.',
  about: 'A cache between origins and edges.',
  follows: ['origin', 'shield'],
  feeds: ['edge'],
  connects: 'itself',
  inputs: 'each stage',
  transports: ['tcp'],
  carriesPicture: true,
  carriesFrames: false,
  perChannel: false,
  servesViewers: true,
  count: [0, Infinity],
  program: 'edge',
  memoryMb: 1024,
  commands: ['http'],
  tells: ['requests', 'bytesIn', 'bytesOut', 'programmeCounter'],
  engines: ['containers'],
  keys,
  read: ({ keep }) => ({ keepMs: keep }),
});
