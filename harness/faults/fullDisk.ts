// An origin that can store nothing any more: what is there is served and can be deleted.

import { choice } from '../fields/fields.ts';
import type { OnStages } from '../model/scenario.ts';
import { writing, type StageKind } from './kind.ts';

export interface FullDiskFault extends OnStages {
  readonly kind: 'full-disk';
}

declare module '../model/fault.ts' {
  interface OnStageFaults {
    'full-disk': FullDiskFault;
  }
}

export const fullDisk: StageKind<FullDiskFault> = {
  kind: 'full-disk',
  on: 'stages',
  writings: {
    disk: writing({
      field: choice('full: an origin stores nothing any more, and says 507.', ['full']),
      read: () => ({ kind: 'full-disk' }),
    }),
  },
  injected: (_, where) => `${where} can store nothing: uploads are answered 507`,
  healed: (_, where) => `${where} has room again`,
  effect: () => 'full',
  verb: () => ({ verb: 'filled the disk of' }),
  acts: {
    by: 'program',
    command: 'disk',
    message: ({ length }) => ({ disk: length > 0 ? 'full' : 'free' }),
  },
  trace: () => ({ kind: 'store' }),
  numbers: () => ({ stores: false }),
};
