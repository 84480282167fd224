// The knobs of a search: the things of a design, or of the application around its players, that can be
// other than the file says, and where each is written. Only what agents play is here.

import type { StageRole } from '../model/scenario.ts';
import { isMapping, type Mapping } from '../fields/mapping.ts';
import { valueAt, withValue, type Path } from './sourceFile.ts';

export interface Knob {
  readonly about: string;
  /** Gives the data of a scenario, its design written in it, with a value set; the same data where nothing takes it. */
  readonly set: (data: Mapping, word: string) => Mapping;
}

const text = (word: string): unknown => word;
/** A word that is no number is left for the definition of the file to refuse. */
const number = (word: string): unknown => (Number.isNaN(Number(word)) ? word : Number(word));
const flag = (word: string): unknown =>
  word === 'true' || word === 'false' ? word === 'true' : word;

/** Keys that are left out are refused by name (searchSchema.ts). */
export const KNOBS: Readonly<Record<string, Knob>> = {
  design: {
    about: 'The design by name: other stages, links and paths.',
    set: (data, word) => ({ ...data, design: word }),
  },
  paths: {
    about: 'The paths that an access has, joined by +, such as leg-a or leg-a+leg-b.',
    set: (data, word) => keepPaths(data, word.split('+')),
  },
  bfd: {
    about: 'BFD on every path: off, or its interval such as 300ms, three missed.',
    set: (data, word) =>
      put(data, onPaths(data, 'bfd'), word === 'off' ? undefined : { interval: word }),
  },
  hold: knob('BGP hold time of every path.', (data) => onPaths(data, 'bgp', 'hold')),
  segment: knob('Length of a media segment.', () => [['design', 'media', 'segment']]),
  playlist: knob('Segments in a playlist.', () => [['design', 'media', 'playlist']], number),
  holdBack: knob(
    'Segments that a player stays behind the live edge (liveSyncDurationCount).',
    (data) => onGroups(data, 'config', 'liveSyncDurationCount'),
    number,
  ),
  playlistTtl: ofStages('edge', 'Time that an edge keeps a playlist.', ['playlistTtl']),
  segmentTtl: ofStages('edge', 'Time that an edge keeps a segment.', ['segmentTtl']),
  errorTtl: ofStages('edge', 'Time that an edge keeps an error.', ['errorTtl']),
  staleIfError: ofStages(
    'edge',
    'An edge serves what expired when its origin fails.',
    ['staleIfError'],
    flag,
  ),
  collapse: ofStages('edge', 'An edge asks its origin once for many viewers.', ['collapse'], flag),
  originTimeout: ofStages('edge', 'Time that an edge waits for its origin.', ['originTimeout']),
  whenStale: ofStages('origin', 'Answer for a playlist that is old.', ['whenStale']),
  staleAfter: ofStages('origin', 'Age at which a playlist is old.', ['staleAfter']),
  repeat: ofStages('transcoder', 'Time that the encoder repeats the last picture.', [
    'inputLoss',
    'repeat',
  ]),
  black: ofStages('transcoder', '… and then shows black.', ['inputLoss', 'black']),
  fill: ofStages('transcoder', '… and then this: black or slate.', ['inputLoss', 'then']),
  inputLossAction: ofStages('transcoder', 'The encoder goes on with filler, or pauses.', [
    'inputLossAction',
  ]),
  failBack: ofStages('transcoder', 'Time that input must be good before it is shown.', [
    'failBack',
  ]),
  uploadTimeout: ofStages('transcoder', 'Time of one attempt to upload.', ['upload', 'timeout']),
  uploadRetries: ofStages('transcoder', 'Attempts after the first.', ['upload', 'retries'], number),
  uploadMaxAge: ofStages('transcoder', 'Age at which a segment is given up.', ['upload', 'maxAge']),
  onFatal: knob('The thing that the application does when a player gives up.', (data) =>
    onGroups(data, 'policy', 'onFatal'),
  ),
  delay: knob('Wait before it does so.', (data) => onGroups(data, 'policy', 'delay')),
  jitter: knob('A random wait on top, up to this.', (data) => onGroups(data, 'policy', 'jitter')),
  capacity: {
    about: 'Requests a second that each class of edges can serve, such as 500k or 2M.',
    // It is no key of a scenario: agents are told it (readCapacity).
    set: (data) => ({ ...data }),
  },
};

/** Takes away what a value of a knob leaves without an effect, which a file is refused for. */
export function withoutIdle(data: Mapping): Mapping {
  const idle = [
    ...onGroups(data, 'policy').flatMap((at) =>
      valueAt(data, [...at, 'onFatal']) === 'none' ? inside(at, 'delay', 'jitter') : [],
    ),
    ...listChildren(data, ['design', 'stages']).flatMap((at) => {
      const { whenStale = 'serve', inputLossAction } = valueAt(data, at) as Mapping;
      return [
        ...(whenStale === 'serve' ? inside(at, 'staleAfter') : []),
        ...(inputLossAction === 'pause' ? inside(at, 'inputLoss') : []),
      ];
    }),
  ].filter((path) => valueAt(data, path) !== undefined);
  return put(data, idle, undefined);
}

const inside = (at: Path, ...keys: readonly string[]): Path[] => keys.map((key) => [...at, key]);

/** Undefined for what is no capacity. */
export function readCapacity(word: string): number | undefined {
  const [, digits, unit] = /^(\d+(?:\.\d+)?)([kM]?)$/.exec(word) ?? [];
  const perS = Number(digits) * { '': 1, k: 1e3, M: 1e6 }[unit as '' | 'k' | 'M'];
  return perS > 0 ? perS : undefined;
}

function knob(about: string, places: (data: Mapping) => Path[], read = text): Knob {
  return { about, set: (data, word) => put(data, places(data), read(word)) };
}

function ofStages(role: StageRole, about: string, keys: readonly string[], read = text): Knob {
  return knob(
    about,
    (data) =>
      listChildren(data, ['design', 'stages'])
        .filter((path) => valueAt(data, [...path, 'role']) === role)
        .map((path) => [...path, ...keys]),
    read,
  );
}

const onGroups = ({ viewers }: Mapping, ...keys: readonly string[]): Path[] =>
  Array.isArray(viewers) ? viewers.map((_, i) => ['viewers', i, ...keys]) : [['viewers', ...keys]];

const onPaths = (data: Mapping, ...keys: readonly string[]): Path[] =>
  listChildren(data, ['design', 'access']).flatMap((access) =>
    listChildren(data, [...access, 'paths']).map((path) => [...path, ...keys]),
  );

/** A path that no access has is refused as a path without a kind. */
function keepPaths(data: Mapping, names: readonly string[]): Mapping {
  return listChildren(data, ['design', 'access']).reduce((before, access) => {
    const paths = valueAt(before, [...access, 'paths']) as Mapping;
    const kept = names.map((name) => [name, paths[name] ?? null] as const);
    return put(before, [[...access, 'paths']], Object.fromEntries(kept));
  }, data);
}

function listChildren(data: Mapping, path: Path): Path[] {
  const mapping = valueAt(data, path);
  return isMapping(mapping) ? Object.keys(mapping).map((key) => [...path, key]) : [];
}

const put = (data: Mapping, paths: readonly Path[], value: unknown): Mapping =>
  paths.reduce((before, path) => withValue(before, path, value) as Mapping, data);
