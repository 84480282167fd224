// Stands for nobody: no one can tell, and the report says why.

import { unproven, type WitnessKind } from './kind.ts';

export interface NoWitness {
  readonly kind: 'none';
  readonly reason: string;
}

export const none: WitnessKind<NoWitness> = {
  name: () => 'none',
  judge: ({ reason }) => unproven(`no witness: ${reason}`),
};

export const noWitness = (reason: string): NoWitness => ({ kind: 'none', reason });
