// Checks the rules inside a fault or window, and between it and the design.

import { checkChannels } from './checkChannels.ts';
import { checkStageFault } from './checkStageFault.ts';
import {
  ANSWER_KEYS,
  LINK_KEYS,
  PATH_KEYS,
  PLACE_KEYS,
  STAGE_KEYS,
  STEP_KEYS,
  TARGET_KEYS,
  windowSchema,
} from './faultSchema.ts';
import { checkList, entries, exactlyOne, has, type Place, type ReadDesign } from './place.ts';
import { pathsAt, pathsOf } from './resolveFault.ts';
import { shapeParts } from './shape.ts';
import { isMapping, valueAt, type Path, type Problem, type SourceFile } from './sourceFile.ts';
import { didYouMean } from './suggest.ts';

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
      .flatMap((part) => exactlyOne(part, ['for', 'end'])),
    ...checkList(at('restore'), { key: 'order', what: 'channel', known: names.channels }),
    ...checkAnnounced(source, path),
  ];
}

function checkFault(place: Place): Problem[] {
  const { source, path, names } = place;
  if (!isMapping(valueAt(source.data, path))) return [];
  return [
    ...exactlyOne(place, PLACE_KEYS),
    ...checkKinds(place),
    ...checkList(place, { key: 'stages', what: 'stage', known: names.stages }),
    ...checkStageFault(place),
    ...checkHttp(place),
    ...checkList(place, { key: 'links', what: 'link', known: names.links }),
    ...checkList(place, { key: 'channels', what: 'channel', known: names.channels }),
    ...checkChannels(place),
    ...checkList(place, { key: 'paths', what: 'path', known: names.paths }),
    ...checkTarget(place),
    ...checkDirection(place),
  ];
}

const KINDS = { links: LINK_KEYS, stages: STAGE_KEYS, paths: PATH_KEYS, target: PATH_KEYS };

/** One kind, of those that go with the place; nothing that goes with another place. */
function checkKinds(place: Place): Problem[] {
  const where = PLACE_KEYS.find((key) => has(place, key));
  if (!where) return [];
  const own: readonly string[] = KINDS[where];
  const fits = (key: string) =>
    own.includes(key) ||
    (key === 'channels' && (where === 'links' || where === 'stages')) ||
    (key === 'direction' && where === 'links');
  const all = [...new Set(Object.values(KINDS).flat()), 'channels', 'direction'];
  return [
    ...exactlyOne(place, own),
    ...all
      .filter((key) => has(place, key) && !fits(key))
      .map((key) => {
        const message = `${key} does not go with ${where}`;
        return place.source.problemAt([...place.path, key], message, 'key');
      }),
  ];
}

/** One wrong answer, and one that fits what is asked for. */
function checkHttp(place: Place): Problem[] {
  const http = { ...place, path: [...place.path, 'http'] };
  const { source, path } = http;
  if (!isMapping(valueAt(source.data, path))) return [];
  const of = valueAt(source.data, [...path, 'of']);
  const cycle: unknown = valueAt(source.data, [...path, 'cycle']);
  const steps = (Array.isArray(cycle) ? cycle : []).map((_, i) => ({
    ...http,
    path: [...path, 'cycle', i],
  }));
  return [
    ...exactlyOne(http, ANSWER_KEYS),
    ...checkSteps(http, steps),
    ...(of === 'upload' ? checkUpload(http) : []),
    ...(of === 'segment' || of === 'multivariant'
      ? [http, ...steps].flatMap(checkPlaylistOnly)
      : []),
  ];
}

/** Allows one wrong answer each at most, and not only healthy ones. */
function checkSteps(http: Place, steps: readonly Place[]): Problem[] {
  const { source, path } = http;
  const wrong = steps.map((step) => STEP_KEYS.filter((key) => has(step, key)));
  const several = steps.flatMap((step, i) =>
    (wrong[i]?.length ?? 0) > 1 ? exactlyOne(step, STEP_KEYS) : [],
  );
  if (steps.length === 0 || wrong.flat().length > 0) return several;
  return [source.problemAt([...path, 'cycle'], 'every step of the cycle is healthy', 'key')];
}

/** The stage takes or refuses what the transcoder puts as it comes, all of it. */
function checkUpload(http: Place): Problem[] {
  const { source, path } = http;
  const wrong = valueAt(source.data, [...path, 'wrong']);
  const narrowed = (['rung', 'every', 'ratio'] as const).filter((key) => has(http, key));
  return [
    ...(has(http, 'status') || wrong === 'hang'
      ? []
      : [source.problemAt([...path, 'of'], 'an upload can be answered with status or hang only')]),
    ...narrowed.map((key) =>
      source.problemAt([...path, key], `${key} does not go with of: upload`, 'key'),
    ),
  ];
}

const OF_MEDIA_PLAYLISTS: readonly unknown[] = ['stale', 'sequence-reset', 'no-discontinuity'];

/** Refuses faults of a media playlist on anything else. */
function checkPlaylistOnly({ source, path }: Place): Problem[] {
  const wrong = valueAt(source.data, [...path, 'wrong']);
  const key = OF_MEDIA_PLAYLISTS.includes(wrong) ? 'wrong' : 'gap';
  if (key === 'gap' && valueAt(source.data, [...path, 'gap']) === undefined) return [];
  const what = key === 'wrong' ? String(wrong) : 'gap';
  return [source.problemAt([...path, key], `${what} is of a media playlist: of playlist or any`)];
}

function checkTarget(place: Place): Problem[] {
  const { source, design } = place;
  const path = [...place.path, 'target'];
  if (!isMapping(valueAt(source.data, path))) return [];
  const kinds = TARGET_KEYS.filter((key) => has({ ...place, path }, key));
  const [kind] = kinds;
  if (kinds.length !== 1 || !kind) return exactlyOne({ ...place, path }, TARGET_KEYS);
  const name = valueAt(source.data, [...path, kind]);
  if (!design || typeof name !== 'string' || pathsAt(design, { kind, name }).length > 0) return [];
  const known = [...new Set(pathsOf(design).map((p) => p[kind]))];
  const message = `no path has ${kind} ${name}; there are ${known.join(', ') || 'none'}`;
  return [source.problemAt([...path, kind], message + didYouMean(name, known))];
}

/** Closing the door has no direction. */
function checkDirection({ source, path }: Place): Problem[] {
  const cut = valueAt(source.data, [...path, 'cut']);
  if (valueAt(source.data, [...path, 'direction']) === undefined) return [];
  if (cut !== 'refuse' && cut !== 'reset') return [];
  const message = `cut: ${cut} works on whole connections: leave direction out, or hold or drop`;
  return [source.problemAt([...path, 'direction'], message, 'key')];
}

/** Work may overrun what was announced; planned outside of it, it is a slip of the pen. */
function checkAnnounced(source: SourceFile, path: Path): Problem[] {
  const {
    announced,
    work,
    rollback,
    overrun = 0,
    restore,
  } = shapeParts(windowSchema, source, path);
  if (!work) return [];
  const [workMs, announcedMs] = [work.for ?? 0, announced?.for ?? 0];
  const at = (key: Path, message: string) => source.problemAt([...path, ...key], message);
  const problems: Problem[] = [];
  if (announced && (work.at < announced.from || work.at + workMs > announced.from + announcedMs))
    problems.push(
      at(
        ['work', 'at'],
        'expected work planned inside the announced interval (an overrun goes in overrun:)',
      ),
    );
  if (rollback && overrun > 0)
    problems.push(at(['overrun'], 'work that is rolled back does not overrun: leave one out'));
  if (rollback && rollback.after > workMs)
    problems.push(at(['rollback', 'after'], 'expected a decision while the work goes on'));
  if (restore && restore.pace > 0 && !work.links)
    problems.push(
      at(['restore', 'pace'], 'a path comes back as a whole: a pace goes with work on links'),
    );
  return problems;
}
