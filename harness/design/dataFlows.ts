// Lists where data of each class is held or passes: on stages, on paths in use, at services.

import type { Design, DataClass, Place, Stage } from '../model/scenario.ts';
import { DATA_CLASSES } from '../model/scenario.ts';
import type { AccessPath } from '../model/access.ts';
import { findRole } from './roles.ts';

/** Somebody who has data of a class in hand. */
export interface Holder {
  readonly kind: 'stage' | 'path' | 'service';
  readonly name: string;
  readonly place: Omit<Place, 'zone'>;
}

export interface DataFlow {
  readonly class: DataClass;
  readonly holders: readonly Holder[];
}

const stageHolder = (stage: Stage): Holder => ({ kind: 'stage', name: stage.name, place: stage });

/**
 * The flows that there are. Media is on every stage that carries the picture and on every path in
 * use; a stage that only answers where the picture is has control data; data that a service takes
 * is there, and on the stages that send it.
 */
export function listDataFlows(
  { stages, services = [] }: Pick<Design, 'stages' | 'services'>,
  pathsInUse: readonly AccessPath[],
): readonly DataFlow[] {
  const carrying = stages.filter((stage) => findRole(stage).carriesPicture);
  const holders: Readonly<Partial<Record<DataClass, readonly Holder[]>>> = {
    media: [
      ...carrying.map(stageHolder),
      ...pathsInUse.map((path): Holder => ({ kind: 'path', name: path.name, place: path })),
    ],
    control: stages.filter((stage) => !carrying.includes(stage)).map(stageHolder),
  };
  return DATA_CLASSES.flatMap((one) => {
    const taken = services.flatMap(({ takes, ...service }) =>
      takes[one] === undefined
        ? []
        : [
            ...stages.filter(({ name }) => takes[one]?.includes(name)).map(stageHolder),
            { kind: 'service', name: service.name, place: service } as const,
          ],
    );
    const all = [...(holders[one] ?? []), ...taken];
    const once = all.filter((holder, i) => all.findIndex(({ name }) => name === holder.name) === i);
    return once.length === 0 ? [] : [{ class: one, holders: once }];
  });
}
