// Checks the windows and faults of a scenario, and the rules inside a window.

import { LENGTH_KEYS } from '../fields/clockFields.ts';
import { checkFault } from './checkFault.ts';
import { windowSchema } from './faultSchema.ts';
import { checkList, entries, exactlyOne, type Place, type ReadDesign } from './place.ts';
import { shapeParts } from './shape.ts';
import { isMapping, type Mapping } from '../fields/mapping.ts';
import { valueAt, type Path, type Problem, type SourceFile } from './sourceFile.ts';

export const checkFaults = (source: SourceFile, read: ReadDesign): Problem[] => [
  ...entries(source, 'windows').flatMap((path) => checkWindow({ source, path, ...read })),
  ...entries(source, 'faults').flatMap((path) => checkFault({ source, path, ...read })),
];

function checkWindow(place: Place): Problem[] {
  const { source, path, names } = place;
  const at = (key: string): Place => ({ ...place, path: [...path, key] });
  return [
    ...checkFault(at('work')),
    ...[at('work'), at('announced')]
      .filter((part) => isMapping(valueAt(source.data, part.path)))
      .flatMap((part) => exactlyOne(part, LENGTH_KEYS)),
    ...checkList(at('restore'), { key: 'order', what: 'channel', known: names.channels }),
    ...checkAnnounced(source, path),
  ];
}

/** Work may overrun what was announced; planned outside of it, it is a slip of the pen. */
function checkAnnounced(source: SourceFile, path: Path): Problem[] {
  const {
    announced,
    drain,
    work,
    rollback,
    operator,
    overrun = 0,
    restore,
  } = shapeParts(windowSchema, source, path);
  if (!work) return [];
  const workMs = work.for ?? 0;
  const announcedMs = announced?.for;
  const at = (key: Path, message: string) => source.problemAt([...path, ...key], message);
  const problems: Problem[] = [];
  const isAround =
    announced === undefined ||
    announcedMs === undefined ||
    (work.at >= announced.from && work.at + workMs <= announced.from + announcedMs);
  if (!isAround)
    problems.push(
      at(
        ['work', 'at'],
        'expected work planned inside the announced interval (an overrun goes in overrun:)',
      ),
    );
  if (operator && (rollback || overrun > 0))
    problems.push(
      at(['operator'], 'expected no overrun or rollback beside people who end the work'),
    );
  if (rollback && overrun > 0)
    problems.push(at(['overrun'], 'work that is rolled back does not overrun: leave one out'));
  const { lead } = (valueAt(source.data, [...path, 'drain']) ?? {}) as Mapping;
  if (drain?.style === 'none' && lead !== undefined)
    problems.push(at(['drain', 'lead'], 'nothing is drained before: leave it out, or say a style'));
  if (rollback && work.for !== undefined && rollback.after > workMs)
    problems.push(at(['rollback', 'after'], 'expected a decision while the work goes on'));
  if (restore && restore.pace > 0 && !work.links)
    problems.push(at(['restore', 'pace'], `${AS_A_WHOLE}: a pace goes with work on links`));
  else if (restore?.order && valueAt(source.data, [...path, 'restore', 'pace']) === undefined)
    problems.push(
      at(['restore', 'order'], work.links ? AT_ONCE : `${AS_A_WHOLE}: leave order out`),
    );
  return problems;
}

const AS_A_WHOLE = 'a path or a stage comes back as a whole';
const AT_ONCE = 'without a pace all come back at once: say pace, or leave order out';
