// Checks the rules inside a fault, and between it and the design.

import type { z } from 'zod';
import { sharedLinks } from '../design/flows.ts';
import { findRole, rolesTaking } from '../design/roles.ts';
import type { Kind } from '../faults/kind.ts';
import { KEYS, SIZED_KEYS, type KeyOfKind } from '../faults/kinds.ts';
import {
  WITHDRAW_KEYS,
  withdrawable,
  withdrawalFaults,
  withdrawField,
} from '../faults/withdraw.ts';
import { readTransport, type Design, type Drawn, type Link } from '../model/scenario.ts';
import { FAULT_PLACE_KEYS, faultSchema, KEYS_ON, PLACE_KEYS, windowSchema } from './faultSchema.ts';
import { checkPaths } from './checkPaths.ts';
import { checkList, exactlyOne, has, inside, listSaid, said, wrong, type Place } from './place.ts';
import { shapeParts } from './shape.ts';
import { isMapping, type Mapping } from '../fields/mapping.ts';
import type { Problem } from './sourceFile.ts';
import { unknownName } from './suggest.ts';

/** A fault of the timeline, or the one that the work of a window causes. */
export function checkFault(place: Place): Problem[] {
  const { path, names } = place;
  if (!isMapping(said(place))) return [];
  return [
    ...exactlyOne(place, path.at(-1) === 'work' ? PLACE_KEYS : FAULT_PLACE_KEYS),
    ...checkKinds(place),
    ...checkWithdrawal(place),
    ...checkList(place, { key: 'stages', what: 'stage', known: names.stages }),
    ...KEYS.filter(({ key }) => has(place, key)).flatMap((key) => checkKey(place, key)),
    ...checkList(place, { key: 'links', what: 'link', known: names.links }),
    ...checkList(place, { key: 'channels', what: 'channel', known: names.channels }),
    ...checkChannels(place),
    ...checkList(place, { key: 'paths', what: 'path', known: names.paths }),
    ...checkPaths(place),
    ...(has(place, 'state') ? checkRamp(place, false) : []),
    ...checkRates(place),
  ];
}

/** A rate that a slope begins or ends with goes with a bandwidth: anything else has none. */
function checkRates(place: Place): Problem[] {
  if (has(place, 'bandwidth')) return [];
  return [
    ['ramp', 'from'],
    ['fall', 'to'],
  ].flatMap((keys) =>
    said(place, ...keys) === undefined ? [] : wrong(place, keys, 'goes with bandwidth', 'key'),
  );
}

/** One kind, of those that go with the place; nothing that goes with another place. */
function checkKinds(place: Place): Problem[] {
  const where = FAULT_PLACE_KEYS.find((key) => has(place, key));
  if (!where) return [];
  const own: readonly string[] = KEYS_ON[where];
  const fits = (key: string) =>
    own.includes(key) ||
    (key === 'channels' && (where === 'links' || where === 'stages')) ||
    (key === 'direction' && where === 'links');
  const kinds: readonly string[] = [...new Set(Object.values(KEYS_ON).flat())];
  const misplaced = [...kinds, 'channels', 'direction'].filter(
    (key) => has(place, key) && !fits(key),
  );
  // A kind that goes with another place is there: that it is none of this place follows.
  const isMeant =
    own.some((key) => has(place, key)) || !misplaced.some((key) => kinds.includes(key));
  return [
    ...(own.length > 0 && isMeant ? exactlyOne(place, own) : []),
    ...misplaced.flatMap((key) => wrong(place, [key], `${key} does not go with ${where}`, 'key')),
  ];
}

/** Refuses a withdrawal of what the design does not have, and one that nothing would come of. */
function checkWithdrawal(place: Place): Problem[] {
  const { design } = place;
  const { data } = withdrawField.safeParse(said(place, 'withdraw'));
  const slopes = has(place, 'withdraw') ? checkRamp(place, false) : [];
  if (!data) return slopes;
  const { manner, ...who } = data;
  if (Object.keys(who).length !== 1)
    return [...slopes, ...exactlyOne(inside(place, 'withdraw'), WITHDRAW_KEYS)];
  if (!design || withdrawalFaults(data, design).length > 0) return slopes;
  const [[kind = '', name = ''] = []] = Object.entries(who);
  const known = withdrawable(data, design);
  const message = known.includes(name)
    ? `nothing in the design would notice that ${kind} ${name} withdraws by manner: ${manner}`
    : unknownName(kind, name, known);
  return [...slopes, ...wrong(place, ['withdraw', kind], message)];
}

/** The rules that the kind of fault has for its key, and for the roles it befalls. */
function checkKey(place: Place, { key, kind, writing }: KeyOfKind): Problem[] {
  const { source, path, design } = place;
  const written = said(place) as Mapping;
  const asked = {
    value: writing.field.safeParse(written[key]).data,
    written,
    length: readLength(place),
    stages: listNamed(place, 'stages').map(({ named }) => named),
    links: listNamed(place, 'links').map(({ named }) => named),
    design,
  };
  const mistakes = writing.check?.(asked) ?? [];
  return [
    ...mistakes.map(({ at, message, on }) => source.problemAt([...path, ...at], message, on)),
    ...checkRamp(place, kind.sized !== undefined),
    ...checkRoles(place, key, kind),
    ...checkTransports(place, key, kind),
  ];
}

/** The time that it is in force without a break, where it can be read. */
function readLength(place: Place): Drawn | undefined {
  const { source, path } = place;
  const { for: length, flap } = faultSchema.shape;
  const read = <T>(field: z.ZodType<T>, key: string) => field.safeParse(said(place, key)).data;
  if (path.at(-1) === 'work') {
    const window = shapeParts(windowSchema, source, path.slice(0, -1));
    const { work, overrun = 0, rollback, operator } = window;
    if (operator) return undefined;
    const ms = rollback ? rollback.after + rollback.takes : (work?.for ?? NaN) + overrun;
    return Number.isNaN(ms) ? undefined : { fromMs: ms, toMs: ms };
  }
  const whole = read(length, 'for');
  const { on = Infinity } = read(flap, 'flap') ?? {};
  return whole && { fromMs: Math.min(on, whole.fromMs), toMs: Math.min(on, whole.toMs) };
}

/** Refuses to let grow or shrink what has no size. */
function checkRamp(place: Place, hasSize: boolean): Problem[] {
  const slopes = ['ramp', 'fall'].filter((key) => has(place, key) && !hasSize);
  return slopes.flatMap((key) => wrong(place, [key], ONLY_SIZES));
}

const ONLY_SIZES = `only ${[...SIZED_KEYS, 'degraded'].join(', ')} can grow and shrink in steps`;

function checkRoles(place: Place, key: string, kind: Kind): Problem[] {
  if (kind.on !== 'stages' || kind.acts.by !== 'program') return [];
  const roles = rolesTaking(kind.acts.command);
  return listNamed(place, 'stages')
    .filter(({ named }) => !roles.includes(named.role))
    .map(({ named: stage, path }) => {
      const message = `${key} goes wrong at ${roles.join(' or ')}, ${stage.name} has the role ${stage.role}`;
      return place.source.problemAt(path, message);
    });
}

/** Refuses what a kind cannot do to a link of that transport. */
function checkTransports(place: Place, key: string, kind: Kind): Problem[] {
  if (kind.on !== 'links') return [];
  const fits = (link: Link) =>
    readTransport(link) === 'udp' ? kind.datagrams !== undefined : kind.datagrams !== 'only';
  return listNamed(place, 'links')
    .filter(({ named }) => !fits(named))
    .map(({ named: link, path }) => {
      const wanted = kind.datagrams === 'only' ? 'udp' : 'tcp';
      const message = `${key} acts on links with transport: ${wanted}, ${link.name} has ${readTransport(link)}`;
      return place.source.problemAt(path, message);
    });
}

/** Gives the links or stages it names that the design has. */
function listNamed<K extends 'links' | 'stages'>(place: Place, key: K) {
  const all: readonly Design[K][number][] = place.design?.[key] ?? [];
  return listSaid(place, key).flatMap((name, i) => {
    const named = all.find((known) => known.name === name);
    return named ? [{ named, path: [...place.path, key, i] }] : [];
  });
}

/** Refuses differences between channels where one link or stage carries them together. */
function checkChannels(place: Place): Problem[] {
  const { design } = place;
  const channels = listSaid(place, 'channels');
  if (!design || channels.length === 0) return [];
  if (design.channels.every((channel) => channels.includes(channel))) return [];
  const links = listSaid(place, 'links').filter((name) => typeof name === 'string');
  // Answers go wrong by channel, also where a stage serves all of them.
  const stages = has(place, 'http') ? [] : listNamed(place, 'stages').map(({ named }) => named);
  const shared = stages.filter((stage) => !findRole(stage).perChannel).map(({ name }) => name);
  return [...sharedLinks(design, links), ...shared].flatMap((name) => {
    const message = `${name} carries all channels together: leave channels out, or name what there is one of a channel`;
    return wrong(place, ['channels'], message);
  });
}
