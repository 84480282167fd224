// Lists every kind of witness, and does for any of them what its kind does.

import type { Asks } from '../model/world.ts';
import { age } from './age.ts';
import { answer } from './answer.ts';
import { counter } from './counter.ts';
import { datagrams } from './datagrams.ts';
import { dates } from './dates.ts';
import { echoes } from './echoes.ts';
import { format } from './format.ts';
import { gap } from './gap.ts';
import type { Proof, Seen, WitnessKind } from './kind.ts';
import { limits } from './limits.ts';
import { lives } from './lives.ts';
import { none } from './none.ts';
import { pieces } from './pieces.ts';
import { reports } from './reports.ts';
import { request } from './request.ts';
import { sight } from './sight.ts';
import { store } from './store.ts';

const KINDS = {
  counter,
  datagrams,
  age,
  pieces,
  gap,
  answer,
  echoes,
  reports,
  lives,
  limits,
  sight,
  format,
  dates,
  store,
  request,
  none,
};

type WitnessOf<Kind> = Kind extends WitnessKind<infer W> ? W : never;

export type Witness = WitnessOf<(typeof KINDS)[keyof typeof KINDS]>;

const findKind = ({ kind }: Witness) => KINDS[kind] as WitnessKind<Witness>;

export const witnessName = (witness: Witness): string => findKind(witness).name(witness);

/** Decides whether what was seen proves that an action happened. */
export const provenBy = (witness: Witness, seen: Seen): Proof =>
  findKind(witness).judge(witness, seen);

/** Gives what a witness is asked; undefined for one that speaks in its reports. */
export const findQuestion = (witness: Witness): Asks | undefined =>
  findKind(witness).asks?.(witness);

/** Gives how often a witness is asked before the first fault. */
export const askedBefore = (witness: Witness): number => findKind(witness).askedBefore ?? 0;

/** Gives the time for which a witness must see a fault. */
export const neededMs = (witness: Witness): number => findKind(witness).neededMs?.(witness) ?? 0;
