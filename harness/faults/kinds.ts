// Looks kinds of faults up: by the fault, or by the key that it is written with.

import { HarnessError } from '../model/errors.ts';
import type { Fault, FaultTraits, LinkFault, OnStageFault, Transport } from '../model/scenario.ts';
import * as catalogue from './catalogue.ts';
import type {
  Kind,
  KindBase,
  LinkKind,
  OnTransport,
  StageKind,
  Unplaced,
  Writing,
} from './kind.ts';

export const KINDS: readonly Kind[] = Object.values(catalogue);

const BY_NAME: ReadonlyMap<string, Kind> = new Map(KINDS.map((kind) => [kind.kind, kind]));

/** @throws HarnessError INTERNAL for a fault of no kind in the catalogue. */
export function findKind(fault: LinkFault): LinkKind<LinkFault>;
export function findKind(fault: OnStageFault): StageKind<OnStageFault>;
export function findKind(fault: Fault): KindBase<Fault>;
export function findKind(fault: Fault): Kind {
  const kind = BY_NAME.get(fault.kind);
  if (kind) return kind;
  throw new HarnessError('INTERNAL', `no kind of fault is called ${fault.kind}`);
}

/** Gives what a fault does to a link of a transport. */
export function onTransport(
  fault: LinkFault,
  transport: Transport = 'tcp',
): OnTransport<LinkFault> {
  const kind = findKind(fault);
  const { datagrams } = kind;
  return transport === 'udp' && typeof datagrams === 'object' ? datagrams : kind;
}

/** A key of a scenario file that says what a fault does. */
export interface KeyOfKind {
  readonly key: string;
  readonly kind: Kind;
  readonly writing: Writing<Unplaced<Fault>>;
}

export const KEYS: readonly KeyOfKind[] = KINDS.flatMap((kind) =>
  Object.entries<Writing<Unplaced<Fault>>>(kind.writings).map(([key, writing]) => ({
    key,
    kind,
    writing,
  })),
);

export const keysOn = (on: Kind['on']): readonly string[] =>
  KEYS.filter(({ kind }) => kind.on === on).map(({ key }) => key);

/** The keys of kinds that have a size, and so can grow. */
export const SIZED_KEYS: readonly string[] = KEYS.filter(({ kind }) => 'sized' in kind).map(
  ({ key }) => key,
);

export function findTraits(fault: Fault): FaultTraits {
  const kind = findKind(fault);
  const nature = kind.nature?.(fault);
  return {
    effect: kind.effect(fault),
    verb: kind.verb(fault),
    at: kind.at?.(fault) ?? kind.on,
    nature,
  };
}

/** The sight to expect when a fault begins, for the reader. */
export const injectedWords = (fault: Fault): string =>
  findKind(fault).injected(fault, placeWords(fault));

/** The sight to expect when it is over. */
export const healedWords = (fault: Fault): string =>
  findKind(fault).healed(fault, placeWords(fault));

/** `connect-up and connect-down (one, two, forward)` */
function placeWords(fault: Fault): string {
  const [names, direction] =
    'stages' in fault ? [fault.stages, undefined] : [fault.links, fault.direction];
  const within = [...fault.channels, ...(direction === undefined ? [] : [direction])];
  return `${names.join(' and ')} (${within.join(', ')})`;
}
