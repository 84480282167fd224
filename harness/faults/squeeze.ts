// Less of the machine than a stage has otherwise.

import type { z } from 'zod';
import { cpus, mapping, memoryMb } from '../fields/fields.ts';
import type { OnStages, StageResources } from '../model/scenario.ts';
import { writing, type Asked, type Mistake, type StageKind } from './kind.ts';

export interface SqueezeFault extends OnStages {
  readonly kind: 'squeeze';
  /** At least one of the two. */
  readonly limits: StageResources;
}

declare module '../model/fault.ts' {
  interface OnStageFaults {
    squeeze: SqueezeFault;
  }
}

const field = mapping('Less of the machine than the design gives them (containers only).', {
  cpus: cpus('Processor cores that are left; 0.2 is a fifth of one.').optional(),
  memory: memoryMb('Memory that is left; a stage that needs more is ended.').optional(),
});
type Written = z.output<typeof field>;

/** The ability that limits of a design need as well. */
export const LIMIT = 'limit the processor or memory of a stage';

export const squeeze: StageKind<SqueezeFault> = {
  kind: 'squeeze',
  on: 'stages',
  writings: {
    squeeze: writing({
      field,
      read: ({ cpus, memory }) => ({
        kind: 'squeeze',
        limits: {
          ...(cpus === undefined ? {} : { cpus }),
          ...(memory === undefined ? {} : { memoryMb: memory }),
        },
      }),
      check: checkLimits,
    }),
  },
  injected: ({ limits }, where) =>
    `${where} has ${each(limits, 'of a processor', 'MB of memory').join(' and ')} (containers only)`,
  healed: (_, where) => `${where} has what it had before`,
  effect: ({ limits }) => each(limits, 'cores', 'MB').join(', '),
  verb: () => ({ verb: 'squeezed', told: true }),
  acts: {
    by: 'runtime',
    inject: ({ limits }, stage) => stage.squeeze(limits),
    heal: (_, stage) => stage.release(),
  },
  lacks: (_, { canLimit }) => (canLimit ? undefined : LIMIT),
  trace: ({ limits }) => ({ kind: 'limits', ...limits }),
  numbers: ({ limits }) => ({ limits }),
};

const each = ({ cpus, memoryMb }: StageResources, ofCpus: string, ofMemory: string): string[] => [
  ...(cpus === undefined ? [] : [`${cpus} ${ofCpus}`]),
  ...(memoryMb === undefined ? [] : [`${memoryMb} ${ofMemory}`]),
];

/** Asks for at least one limit, and one that takes something away. */
function checkLimits({ value, stages }: Asked<Written>): Mistake[] {
  if (!value) return [];
  const { cpus, memory } = value;
  if (cpus === undefined && memory === undefined)
    return [{ at: ['squeeze'], message: 'expected cpus, memory, or both' }];
  return stages.flatMap(({ name, resources = {} }) => {
    const no = (key: string, has: string): Mistake[] => [
      { at: ['squeeze', key], message: `${name} has no more than ${has} in the design` },
    ];
    if (cpus !== undefined && cpus >= (resources.cpus ?? Infinity))
      return no('cpus', `${resources.cpus} cpus`);
    if (memory !== undefined && memory >= (resources.memoryMb ?? Infinity))
      return no('memory', `${resources.memoryMb} MB`);
    return [];
  });
}
