// The way of a channel's picture, as far as it decides which fault can have taken one away.

import { nameInstance } from '../design/flows.ts';
import { findRole, telling } from '../design/roles.ts';
import type { Design, Stage } from '../model/scenario.ts';
import type { Way } from './cause.ts';
import { findPlaces } from './place.ts';
import type { StageReports } from './stageReports.ts';
import { channelFillers } from './strayFillers.ts';

/** Pictures on their way when a fault begins were reported within this time before. */
const AGE_OVER_MS = 5000;

export function traceWay(channel: string, design: Design, reports: StageReports): Way {
  const [atMs, ageMs]: [number[], number[]] = [[], []];
  for (const stage of telling('ageInMs', design.stages))
    for (const report of reports.get(nameInstance(stage, { name: channel })) ?? []) {
      if (report.ageInMs === undefined) continue;
      atMs.push(report.atMs);
      ageMs.push(report.ageInMs);
    }
  const unknownMs = Math.max(0, ...design.stages.map(findSendBufferMs));
  const feedMs = (beforeMs: number) => {
    const ages = ageMs.filter((_, i) => atMs[i]! <= beforeMs && atMs[i]! >= beforeMs - AGE_OVER_MS);
    return ages.length > 0 ? Math.max(...ages) : unknownMs;
  };
  // Every interruption of every viewer is held against every fault.
  const known = new Map<number, number>();
  return {
    placesOf: (fault) => findPlaces(fault, design),
    feedMs: (beforeMs) => {
      const ms = known.get(beforeMs) ?? feedMs(beforeMs);
      known.set(beforeMs, ms);
      return ms;
    },
    filled: channelFillers(channel, design, reports),
  };
}

const findSendBufferMs = (stage: Stage): number => findRole(stage).sendMs?.(stage) ?? 0;
