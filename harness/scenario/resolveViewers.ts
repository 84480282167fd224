// Turns the YAML shape of the audience into groups, and checks what must hold within a group,
// between groups, and with the design.

import { DEFAULT_PLAYER, PLAYERS, takesDash, type KnownPlayers } from '../../players/registry.ts';
import { groupSenders } from '../design/groups.ts';
import { findEntries } from '../design/hops.ts';
import { isMapping, keysThere } from '../fields/mapping.ts';
import { formatDuration, parseDurationMs } from '../kernel/duration.ts';
import {
  listGroups,
  type Drawn,
  type PlayerPolicy,
  type Scenario,
  type Switching,
  type ViewerGroup,
} from '../model/scenario.ts';
import { findBehaviour } from '../people/catalogue.ts';
import { unknownName } from './suggest.ts';
import { configSchema } from './playerConfig.ts';
import { entries, has, said, wrong, type ReadDesign, type Spot } from './place.ts';
import { repeated } from './resolveDesign.ts';
import { shape } from './shape.ts';
import { valueAt, type Problem, type SourceFile } from './sourceFile.ts';
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

/** A group of viewers as it is written, and what it is held against. */
type GroupPlace = Spot & Pick<ReadDesign, 'design'>;

/** Works on what is written, so that one error hides no other. */
export function checkViewers(source: SourceFile, { names, design }: ReadDesign): Problem[] {
  const groups = groupPlaces(source).map((spot): GroupPlace => ({ ...spot, design }));
  const written = groups.map((group) => said(group, 'name') ?? Symbol());
  const twice = repeated(written).flatMap((i) => {
    const called = written[i];
    return typeof called === 'string'
      ? wrong(groups[i]!, ['name'], `two groups are called ${called}`)
      : [];
  });
  return [
    ...twice,
    ...checkSums(source, groups),
    ...groups.flatMap((group) => [
      ...checkChannel(group, names.channels),
      ...checkSwitching(group, groups),
      ...checkCarriage(group),
      ...checkSender(group),
      ...checkManifest(group),
      ...checkPeople(group),
      ...checkConfig(group),
      ...checkOrder(group),
      ...checkMix(group),
      ...checkCurve(group),
    ]),
  ];
}

const groupPlaces = (source: SourceFile): readonly Spot[] =>
  (isMapping(valueAt(source.data, ['viewers'])) ? [['viewers']] : entries(source, 'viewers')).map(
    (path) => ({ source, path }),
  );

/** The most viewers whose coming and going is drawn one by one. */
const MOVING_MAX = 100_000;

/** Sums over all groups: each of them may be within the limits. */
function checkSums(source: SourceFile, groups: readonly Spot[]): Problem[] {
  const countOf = (group: Spot) => {
    const count = said(group, 'count') ?? 1;
    return Number.isInteger(count) ? Number(count) : 0;
  };
  const sumOf = (some: readonly Spot[]) => some.reduce((sum, group) => sum + countOf(group), 0);
  const moving = groups.filter((group) => [...MOMENTS, 'curve'].some((key) => has(group, key)));
  const many = sumOf(moving) > MOVING_MAX;
  const message = `expected at most ${MOVING_MAX} viewers who come and go; let each stand for more, by weight`;
  return [
    ...(groups.length > 1 && sumOf(groups) > VIEWERS_MAX
      ? [source.problemAt(['viewers'], 'expected at most 100 million viewers in all groups')]
      : []),
    ...(many ? wrong(moving[0]!, ['count'], message) : []),
  ];
}

function checkChannel(group: Spot, known: readonly string[] | undefined): Problem[] {
  const channel = said(group, 'channel');
  if (typeof channel !== 'string' || !known || known.includes(channel)) return [];
  return wrong(group, ['channel'], unknownName('channel', channel, known));
}

/** Whoever switches needs another group to watch as. */
function checkSwitching(group: Spot, groups: readonly Spot[]): Problem[] {
  const to = said(group, 'switches', 'to');
  if (typeof to !== 'string') return [];
  const others = groups
    .filter((one) => one !== group)
    .map((one) => said(one, 'name'))
    .filter((name) => typeof name === 'string');
  if (others.includes(to)) return [];
  const message =
    others.length === 0
      ? 'there is no other group to switch to: add one'
      : unknownName('other group', to, others);
  return wrong(group, ['switches', 'to'], message);
}

/** One channel has no mix. */
function checkMix(group: GroupPlace): Problem[] {
  if (!has(group, 'zipf')) return [];
  if (has(group, 'channel'))
    return wrong(group, ['zipf'], 'zipf deals viewers over channels: leave channel out');
  const { design } = group;
  return design?.channels.length === 1
    ? wrong(group, ['zipf'], `${design.name} has one channel: leave zipf out`)
    : [];
}

/** Who follows a curve comes and goes by it alone, and it needs an hour to start from. */
function checkCurve(group: Spot): Problem[] {
  if (!has(group, 'curve')) return [];
  const moment = MOMENTS.find((key) => has(group, key));
  return [
    ...(valueAt(group.source.data, ['clock']) === undefined
      ? wrong(group, ['curve'], 'a curve goes by the hour: say clock: above')
      : []),
    ...(moment === undefined
      ? []
      : wrong(group, ['curve'], `a curve says when they come and go: leave ${moment} out`)),
  ];
}

function checkCarriage(group: Spot): Problem[] {
  const carriage = said(group, 'carriage');
  const { called, known } = playerOf(group);
  const isKnown = Object.values(PLAYERS).some((one) => one.carriage === carriage);
  if (!known || !isKnown || carriage === known.carriage) return [];
  const message = `${String(called)} plays what comes by ${known.carriage}, not by ${String(carriage)}`;
  return wrong(group, ['carriage'], message);
}

/** Boxes have nothing to tune to where no stage sends to groups. */
function checkSender(group: GroupPlace): Problem[] {
  const { design } = group;
  const { called, isBox } = playerOf(group);
  if (!isBox || !design || groupSenders(design).length > 0) return [];
  const message = `${String(called)} needs a stage with role: multicast, and ${design.name} has none`;
  return wrong(group, ['player'], message);
}

/** Where people or their application could not go anywhere else, they would seem to stay by themselves. */
function checkPeople(group: GroupPlace): Problem[] {
  const { design } = group;
  const named = said(group, 'behaviour');
  const behaviour = findBehaviour({ ...(typeof named === 'string' && { behaviour: named }) });
  const onFatal = said(group, 'policy', 'onFatal');
  const { called, isBox } = playerOf(group);
  const player = typeof called === 'string' ? called : DEFAULT_PLAYER;
  const [channels, ways] = design ? [design.channels.length, findEntries(design).length] : [2, 2];
  const goesOn = onFatal === 'fallback' || onFatal === 'channel';
  const policy = (message: string) => wrong(group, ['policy', 'onFatal'], message);
  const acts = (message: string) => wrong(group, ['behaviour'], message);
  const idle = (key: string) =>
    wrong(group, ['policy', key], 'goes with another onFatal than none', 'key');
  const oneChannel = `${design?.name} has one channel: there is no other one to go to`;
  return [
    ...(onFatal === 'none' ? idleKeys(said(group, 'policy')).flatMap(idle) : []),
    ...(isBox && goesOn ? policy(`${player} tunes to one group: use reload`) : []),
    ...(isBox && behaviour.needsPage
      ? acts(`${String(named)} goes with players of a page, and ${player} is a box`)
      : []),
    ...(onFatal === 'fallback' && !isBox && ways < 2
      ? policy(`${design?.name} has one way in: fallback needs a second edge`)
      : []),
    ...(onFatal === 'channel' && !isBox && channels < 2 ? policy(oneChannel) : []),
    ...(behaviour.needsChannels && channels < 2 ? acts(oneChannel) : []),
  ];
}

/** Lists the keys of a policy that say when something is done. */
const idleKeys = (policy: unknown): readonly string[] =>
  isMapping(policy) ? keysThere(policy, ['delay', 'jitter']) : [];

/** A packager writes a DASH manifest over fragmented MP4 alone. */
function checkManifest(group: GroupPlace): Problem[] {
  const { design } = group;
  const named = said(group, 'player');
  if (typeof named !== 'string' || !takesDash(named)) return [];
  if (!design || design.media.container === 'cmaf') return [];
  const message = `${named} takes a DASH manifest, and ${design.name} makes transport streams and HLS: give its media container: cmaf`;
  return wrong(group, ['player'], message);
}

function checkConfig(group: Spot): readonly Problem[] {
  const { known } = playerOf(group);
  if (!known || !isMapping(said(group, 'config'))) return [];
  return shape(configSchema(known), group.source, [...group.path, 'config']).problems;
}

/** Words such as constructor are no players, though every registry has them. */
function playerOf(group: Spot) {
  const called: unknown = said(group, 'player') ?? DEFAULT_PLAYER;
  const isKnown = typeof called === 'string' && Object.hasOwn(PLAYERS, called);
  const known = isKnown ? (PLAYERS as KnownPlayers)[called] : undefined;
  return { called, known, isBox: known?.carriage === 'iptv' };
}

/** Whoever leaves was there, and whoever returns had left, whatever is drawn. */
function checkOrder(group: Spot): Problem[] {
  if (has(group, 'returns') && !has(group, 'leaves'))
    return wrong(group, ['returns'], 'returns goes with leaves: who stays is there');
  const moments = MOMENTS.flatMap((key) => {
    const at = rangeIn(said(group, key));
    return at ? [{ key, at }] : [];
  });
  return moments.slice(1).flatMap(({ key, at }, i) => {
    const before = moments[i]!;
    if (at.fromMs > before.at.toMs) return [];
    const [from, to] = [at.fromMs, before.at.toMs].map(formatDuration);
    return wrong(group, [key], `${key} at ${from}, which is not after ${before.key} at ${to}`);
  });
}

/** The times of a `joins`, `leaves` or `returns` as far as they can be read. */
function rangeIn(value: unknown): Drawn | undefined {
  const text = isMapping(value)
    ? (value['at'] ?? `${String(value['from'])}..${String(value['to'])}`)
    : value;
  if (typeof text !== 'string') return undefined;
  const [from = '', to = from] = text.split('..');
  const [fromMs, toMs] = [parseDurationMs(from), parseDurationMs(to)];
  return fromMs === undefined || toMs === undefined ? undefined : { fromMs, toMs };
}

/** Nothing is watched after the last fault and window: nobody can come or go then. */
export const checkWithinRun = (source: SourceFile, endMs: number): Problem[] =>
  groupPlaces(source).flatMap((group) =>
    MOMENTS.flatMap((key) => {
      const latestMs = rangeIn(said(group, key))?.toMs ?? 0;
      if (latestMs <= endMs) return [];
      const message = `${key} at ${formatDuration(latestMs)}, after the last fault and window, which end at ${formatDuration(endMs)}`;
      return wrong(group, [key], message);
    }),
  );
