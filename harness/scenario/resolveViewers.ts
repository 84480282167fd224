// Turns the YAML shape of the audience into groups, and checks what must hold within a group,
// between groups, and with the design.

import { DEFAULT_PLAYER, PLAYERS, takesDash, type KnownPlayers } from '../../players/registry.ts';
import { groupSenders } from '../design/groups.ts';
import { findEntries } from '../design/hops.ts';
import { keysThere } from '../fields/mapping.ts';
import { formatDuration, parseDurationMs } from '../kernel/duration.ts';
import {
  listGroups,
  type PlayerPolicy,
  type Scenario,
  type Switching,
  type ViewerGroup,
} from '../model/scenario.ts';
import { findBehaviour } from '../people/catalogue.ts';
import { unknownName } from './suggest.ts';
import { configSchema } from './playerConfig.ts';
import { entries, type ReadDesign } from './place.ts';
import { repeated } from './resolveDesign.ts';
import { shape } from './shape.ts';
import { isMapping, valueAt, type Path, type Problem, type SourceFile } from './sourceFile.ts';
import { MOMENTS, VIEWERS_MAX, type ViewersFile } from './viewersSchema.ts';

type GroupFile = Exclude<ViewersFile, readonly unknown[]>;

export const toViewers = (file: ViewersFile): Scenario['viewers'] =>
  Array.isArray(file) ? file.map(toGroup) : toGroup(file);

const toGroup = ({ policy, ...group }: GroupFile): ViewerGroup => {
  const { count, player, config, ...rest } = group;
  return { count, player, policy: toPolicy(policy), config, ...rest };
};

function toPolicy({ onFatal, delay, jitter }: GroupFile['policy']): PlayerPolicy {
  if (onFatal === 'none') return { onFatal: 'none' };
  return { onFatal, delayMs: delay, jitterMs: jitter };
}

/** The numbers of behaviours, curves and mixes have no source: whoever uses them is told. */
export const listAssumptions = (viewers: Scenario['viewers']): readonly string[] => [
  ...new Set(
    listGroups({ viewers }).flatMap((group) => [
      ...[findBehaviour(group).assumes, group.curve?.assumes].filter((said) => said !== undefined),
      ...(group.switches ? [ofSwitching(group.name ?? '', group.switches)] : []),
      ...(group.zipf === undefined ? [] : [ofZipf(group.zipf)]),
    ]),
  ),
];

const ofSwitching = (name: string, { to, share, withinMs }: Switching): string =>
  `${Math.round(share * 100)}% of ${name} who see no programme watch as ${to} do within ${formatDuration(withinMs)}, and stay there.`;

const ofZipf = (exponent: number): string =>
  `The channels have their viewers by Zipf's law with an exponent of ${exponent}, the first the most.`;

/** Works on what is written, so that one error hides no other. */
export function checkViewers(
  source: SourceFile,
  { names, design }: ReadDesign,
  players: KnownPlayers = PLAYERS,
): Problem[] {
  const paths = groupPaths(source);
  const written = paths.map((path) => valueAt(source.data, [...path, 'name']) ?? Symbol());
  const twice = repeated(written).flatMap((i) => {
    const called = written[i];
    if (typeof called !== 'string') return [];
    return [source.problemAt([...paths[i]!, 'name'], `two groups are called ${called}`)];
  });
  return [
    ...twice,
    ...checkSums(source, paths),
    ...paths.flatMap((path) => [
      ...checkChannel(source, path, names.channels),
      ...checkSwitching(source, path, paths),
      ...checkCarriage(source, path, players),
      ...checkSender(source, path, { design, players }),
      ...checkManifest(source, path, { design, players }),
      ...checkPeople(source, path, { design, players }),
      ...checkConfig(source, path, players),
      ...checkOrder(source, path),
      ...checkMix(source, path),
      ...checkCurve(source, path),
    ]),
  ];
}

const groupPaths = (source: SourceFile): readonly Path[] =>
  isMapping(valueAt(source.data, ['viewers'])) ? [['viewers']] : entries(source, 'viewers');

/** The most viewers whose coming and going is drawn one by one. */
const MOVING_MAX = 100_000;

/** Sums over all groups: each of them may be within the limits. */
function checkSums(source: SourceFile, paths: readonly Path[]): Problem[] {
  const countOf = (path: Path) => {
    const count = valueAt(source.data, [...path, 'count']) ?? 1;
    return Number.isInteger(count) ? Number(count) : 0;
  };
  const sumOf = (some: readonly Path[]) => some.reduce((sum, path) => sum + countOf(path), 0);
  const moves = (path: Path) =>
    [...MOMENTS, 'curve'].some((key) => valueAt(source.data, [...path, key]) !== undefined);
  const moving = paths.filter(moves);
  const many = sumOf(moving) > MOVING_MAX;
  const message = `expected at most ${MOVING_MAX} viewers who come and go; let each stand for more, by weight`;
  return [
    ...(paths.length > 1 && sumOf(paths) > VIEWERS_MAX
      ? [source.problemAt(['viewers'], 'expected at most 100 million viewers in all groups')]
      : []),
    ...(many ? [source.problemAt([...moving[0]!, 'count'], message)] : []),
  ];
}

function checkChannel(
  source: SourceFile,
  path: Path,
  known: readonly string[] | undefined,
): Problem[] {
  const channel = valueAt(source.data, [...path, 'channel']);
  if (typeof channel !== 'string' || !known || known.includes(channel)) return [];
  return [source.problemAt([...path, 'channel'], unknownName('channel', channel, known))];
}

/** Whoever switches needs another group to watch as. */
function checkSwitching(source: SourceFile, path: Path, paths: readonly Path[]): Problem[] {
  const at = [...path, 'switches', 'to'];
  const to = valueAt(source.data, at);
  if (typeof to !== 'string') return [];
  const others = paths
    .filter((one) => one !== path)
    .flatMap((one) => {
      const called = valueAt(source.data, [...one, 'name']);
      return typeof called === 'string' ? [called] : [];
    });
  if (others.includes(to)) return [];
  const message =
    others.length === 0
      ? 'there is no other group to switch to: add one'
      : unknownName('other group', to, others);
  return [source.problemAt(at, message)];
}

/** One channel has no mix. */
function checkMix(source: SourceFile, path: Path): Problem[] {
  const has = (key: string) => valueAt(source.data, [...path, key]) !== undefined;
  if (!has('zipf') || !has('channel')) return [];
  return [
    source.problemAt([...path, 'zipf'], 'zipf deals viewers over channels: leave channel out'),
  ];
}

/** Who follows a curve comes and goes by it alone, and it needs an hour to start from. */
function checkCurve(source: SourceFile, path: Path): Problem[] {
  const has = (key: string) => valueAt(source.data, [...path, key]) !== undefined;
  if (!has('curve')) return [];
  const at = [...path, 'curve'];
  const moment = MOMENTS.find(has);
  return [
    ...(valueAt(source.data, ['clock']) === undefined
      ? [source.problemAt(at, 'a curve goes by the hour: say clock: above')]
      : []),
    ...(moment === undefined
      ? []
      : [source.problemAt(at, `a curve says when they come and go: leave ${moment} out`)]),
  ];
}

function checkCarriage(source: SourceFile, path: Path, players: KnownPlayers): Problem[] {
  const at = (key: string) => valueAt(source.data, [...path, key]);
  const [carriage, player = DEFAULT_PLAYER] = [at('carriage'), at('player')];
  const own = playerCalled(player, players)?.carriage;
  const known = Object.values(players).some((one) => one.carriage === carriage);
  if (!own || !known || carriage === own) return [];
  const message = `${String(player)} plays what comes by ${own}, not by ${String(carriage)}`;
  return [source.problemAt([...path, 'carriage'], message)];
}

/** Boxes have nothing to tune to where no stage sends to groups. */
function checkSender(
  source: SourceFile,
  path: Path,
  { design, players }: Pick<ReadDesign, 'design'> & { readonly players: KnownPlayers },
): Problem[] {
  const named = valueAt(source.data, [...path, 'player']);
  const isBox = playerCalled(named, players)?.carriage === 'iptv';
  if (!isBox || !design || groupSenders(design).length > 0) return [];
  const message = `${String(named)} needs a stage with role: multicast, and ${design.name} has none`;
  return [source.problemAt([...path, 'player'], message)];
}

/** Where people or their application could not go anywhere else, they would seem to stay by themselves. */
function checkPeople(
  source: SourceFile,
  path: Path,
  { design, players }: Pick<ReadDesign, 'design'> & { readonly players: KnownPlayers },
): Problem[] {
  const at = (...keys: string[]) => valueAt(source.data, [...path, ...keys]);
  const named = at('behaviour');
  const behaviour = findBehaviour({ ...(typeof named === 'string' && { behaviour: named }) });
  const onFatal = at('policy', 'onFatal');
  const written = at('player');
  const player = typeof written === 'string' ? written : DEFAULT_PLAYER;
  const isBox = playerCalled(player, players)?.carriage === 'iptv';
  const [channels, ways] = design ? [design.channels.length, findEntries(design).length] : [2, 2];
  const goesOn = onFatal === 'fallback' || onFatal === 'channel';
  const policy = (message: string) => source.problemAt([...path, 'policy', 'onFatal'], message);
  const acts = (message: string) => source.problemAt([...path, 'behaviour'], message);
  const idle = (key: string) =>
    source.problemAt([...path, 'policy', key], 'goes with another onFatal than none', 'key');
  const oneChannel = `${design?.name} has one channel: there is no other one to go to`;
  return [
    ...(onFatal === 'none' ? idleKeys(at('policy')).map(idle) : []),
    ...(isBox && goesOn ? [policy(`${player} tunes to one group: use reload`)] : []),
    ...(isBox && behaviour.needsPage
      ? [acts(`${String(named)} goes with players of a page, and ${player} is a box`)]
      : []),
    ...(onFatal === 'fallback' && !isBox && ways < 2
      ? [policy(`${design?.name} has one way in: fallback needs a second edge`)]
      : []),
    ...(onFatal === 'channel' && !isBox && channels < 2 ? [policy(oneChannel)] : []),
    ...(behaviour.needsChannels && channels < 2 ? [acts(oneChannel)] : []),
  ];
}

/** Lists the keys of a policy that say when something is done. */
const idleKeys = (policy: unknown): readonly string[] =>
  isMapping(policy) ? keysThere(policy, ['delay', 'jitter']) : [];

/** A packager writes a DASH manifest over fragmented MP4 alone. */
function checkManifest(
  source: SourceFile,
  path: Path,
  { design, players }: Pick<ReadDesign, 'design'> & { readonly players: KnownPlayers },
): Problem[] {
  const named = valueAt(source.data, [...path, 'player']);
  if (typeof named !== 'string' || !takesDash(named, players)) return [];
  if (!design || design.media.container === 'cmaf') return [];
  const message = `${named} takes a DASH manifest, and ${design.name} makes transport streams and HLS: give its media container: cmaf`;
  return [source.problemAt([...path, 'player'], message)];
}

function checkConfig(source: SourceFile, path: Path, players: KnownPlayers): readonly Problem[] {
  const named = valueAt(source.data, [...path, 'player']) ?? DEFAULT_PLAYER;
  const player = playerCalled(named, players);
  const config = [...path, 'config'];
  if (!player || !isMapping(valueAt(source.data, config))) return [];
  return shape(configSchema(player), source, config).problems;
}

/** Words such as constructor are no players, though every registry has them. */
const playerCalled = (name: unknown, players: KnownPlayers) =>
  typeof name === 'string' && Object.hasOwn(players, name) ? players[name] : undefined;

/** Whoever leaves was there, and whoever returns had left, whatever is drawn. */
function checkOrder(source: SourceFile, path: Path): Problem[] {
  const moments = MOMENTS.map((key) => ({
    key,
    at: rangeIn(valueAt(source.data, [...path, key])),
  })).filter(({ at }) => at !== undefined);
  const has = (key: string) => valueAt(source.data, [...path, key]) !== undefined;
  const unleft = has('returns') && !has('leaves');
  if (unleft)
    return [source.problemAt([...path, 'returns'], 'returns goes with leaves: who stays is there')];
  return moments.slice(1).flatMap(({ key, at }, i) => {
    const before = moments[i]!;
    if (at!.fromMs > before.at!.toMs) return [];
    const [from, to] = [at!.fromMs, before.at!.toMs].map(formatDuration);
    const message = `${key} at ${from}, which is not after ${before.key} at ${to}`;
    return [source.problemAt([...path, key], message)];
  });
}

/** The times of a `joins`, `leaves` or `returns` as far as they can be read. */
function rangeIn(value: unknown): { readonly fromMs: number; readonly toMs: number } | undefined {
  const text = isMapping(value)
    ? (value['at'] ?? `${String(value['from'])}..${String(value['to'])}`)
    : value;
  if (typeof text !== 'string') return undefined;
  const [from = '', to = from] = text.split('..');
  const [fromMs, toMs] = [parseDurationMs(from), parseDurationMs(to)];
  return fromMs === undefined || toMs === undefined ? undefined : { fromMs, toMs };
}

/** Nothing is watched after the last fault and window: nobody can come or go then. */
export function checkWithinRun(source: SourceFile, endMs: number): Problem[] {
  return groupPaths(source).flatMap((path) =>
    MOMENTS.flatMap((key) => {
      const latestMs = rangeIn(valueAt(source.data, [...path, key]))?.toMs ?? 0;
      if (latestMs <= endMs) return [];
      const message = `${key} at ${formatDuration(latestMs)}, after the last fault and window, which end at ${formatDuration(endMs)}`;
      return [source.problemAt([...path, key], message)];
    }),
  );
}
