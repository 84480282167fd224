// Checks the windows and faults of a scenario, and the rules inside a window.

import { LENGTH_KEYS } from '../fields/clockFields.ts';
import { checkFault } from './checkFault.ts';
import { windowSchema } from './faultSchema.ts';
import {
  checkList,
  entries,
  exactlyOne,
  inside,
  said,
  wrong,
  type Place,
  type ReadDesign,
  type Spot,
} from './place.ts';
import { shapeParts } from './shape.ts';
import { isMapping } from '../fields/mapping.ts';
import type { Path, Problem, SourceFile } from './sourceFile.ts';

export const checkFaults = (source: SourceFile, read: ReadDesign): Problem[] => [
  ...entries(source, 'windows').flatMap((path) => checkWindow({ source, path, ...read })),
  ...entries(source, 'faults').flatMap((path) => checkFault({ source, path, ...read })),
];

function checkWindow(place: Place): Problem[] {
  const work = inside(place, 'work');
  const { channels } = place.names;
  return [
    ...checkFault(work),
    ...[work, inside(place, 'announced')]
      .filter((part) => isMapping(said(part)))
      .flatMap((part) => exactlyOne(part, LENGTH_KEYS)),
    ...checkList(inside(place, 'restore'), { key: 'order', what: 'channel', known: channels }),
    ...checkAnnounced(place),
  ];
}

/** Work may overrun what was announced; planned outside of it, it is a slip of the pen. */
function checkAnnounced(place: Spot): Problem[] {
  const {
    announced,
    drain,
    work,
    rollback,
    operator,
    overrun = 0,
    restore,
  } = shapeParts(windowSchema, place.source, place.path);
  if (!work) return [];
  const workMs = work.for ?? 0;
  const problems: Problem[] = [];
  const report = (keys: Path, message: string) =>
    void problems.push(...wrong(place, keys, message));
  if (
    announced?.for !== undefined &&
    (work.at < announced.from || work.at + workMs > announced.from + announced.for)
  )
    report(
      ['work', 'at'],
      'expected work planned inside the announced interval (an overrun goes in overrun:)',
    );
  if (operator && (rollback || overrun > 0))
    report(['operator'], 'expected no overrun or rollback beside people who end the work');
  if (rollback && overrun > 0)
    report(['overrun'], 'work that is rolled back does not overrun: leave one out');
  if (drain?.style === 'none' && said(place, 'drain', 'lead') !== undefined)
    report(['drain', 'lead'], 'nothing is drained before: leave it out, or say a style');
  if (rollback && work.for !== undefined && rollback.after > workMs)
    report(['rollback', 'after'], 'expected a decision while the work goes on');
  if (restore && restore.pace > 0 && !work.links)
    report(['restore', 'pace'], `${AS_A_WHOLE}: a pace goes with work on links`);
  else if (restore?.order && said(place, 'restore', 'pace') === undefined)
    report(['restore', 'order'], work.links ? AT_ONCE : `${AS_A_WHOLE}: leave order out`);
  return problems;
}

const AS_A_WHOLE = 'a path or a stage comes back as a whole';
const AT_ONCE = 'without a pace all come back at once: say pace, or leave order out';
