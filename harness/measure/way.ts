// The way of a channel's picture, as far as it decides which fault can have taken one away.

import type { StatsRecord } from '../model/history.ts';
import type { Design } from '../model/scenario.ts';
import type { Way } from './cause.ts';
import { placesOf } from './place.ts';
import type { StageReports } from './stages.ts';
import { fillersOf } from './strayFillers.ts';

/** Pictures on their way when a fault begins were reported within this time before. */
const AGE_OVER_MS = 5000;

export function wayOf(channel: string, design: Design, reports: StageReports): Way {
  const received = design.stages
    .filter(({ role }) => role === 'transcoder')
    .flatMap(({ name }) => reports.get(`${name}.${channel}`) ?? []);
  const unknownMs = Math.max(0, ...design.stages.map(sendBufferOf));
  const feedMs = (atMs: number) => {
    const ages = received
      .filter((report) => report.atMs <= atMs && report.atMs >= atMs - AGE_OVER_MS)
      .flatMap(agesOf);
    return ages.length > 0 ? Math.max(...ages) : unknownMs;
  };
  // Every interruption of every viewer is held against every fault.
  const known = new Map<number, number>();
  return {
    placesOf: (fault) => placesOf(fault, design),
    feedMs: (atMs) => {
      const ms = known.get(atMs) ?? feedMs(atMs);
      known.set(atMs, ms);
      return ms;
    },
    filled: fillersOf(channel, design, reports),
  };
}

const sendBufferOf = (stage: Design['stages'][number]): number =>
  stage.role === 'playout' ? stage.sendBufferMs : 0;

const agesOf = ({ ageInMs, ageInMsBy }: StatsRecord): number[] => [
  ...(ageInMs === undefined ? [] : [ageInMs]),
  ...Object.values(ageInMsBy ?? {}),
];
