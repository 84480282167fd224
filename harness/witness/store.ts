// Proves that an origin can store nothing, or can again: something small of ours is put there, and
// deleted again.

import { isStored } from '../model/answer.ts';
import { unproven, type Asked, type WitnessKind } from './kind.ts';

export interface StoreWitness extends Asked {
  readonly kind: 'store';
}

/** Refused for want of room, and nothing else. */
const NO_ROOM = 507;

export const store: WitnessKind<StoreWitness> = {
  name: ({ stage }) => `uploads of our own to ${stage}`,
  judge: ({ stage }, { does, answers }) => {
    const last = answers.at(-1);
    if (!last) return unproven(`${stage} was not asked`);
    const { ms, status = 0 } = last;
    const observed = ms === undefined ? `${stage} did not answer` : `${stage} answered ${status}`;
    return { proven: does === 'inject' ? status === NO_ROOM : isStored(last), observed };
  },
  asks: () => ({ kind: 'store' }),
};
