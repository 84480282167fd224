// Clocks that are called by letters, such as EST: in summer they can be meant in two ways.

import { findOffsetMs } from './zone.ts';

/** Winter clocks by letters, each with a place that keeps them: in summer people write them and mean the other. */
const LETTERS: Readonly<Record<string, readonly [place: string, winterHours: number]>> = {
  EST: ['America/New_York', -5],
  MST: ['America/Denver', -7],
  GMT: ['Europe/London', 0],
  WET: ['Europe/Lisbon', 0],
  CET: ['Europe/Paris', 1],
  MET: ['Europe/Paris', 1],
  EET: ['Europe/Helsinki', 2],
};

export interface SummerDoubt {
  /** The two ways to mean it. */
  readonly meanings: string;
  /** The same, and how it is read. */
  readonly text: string;
  readonly hint: string;
}

/** Undefined where the zone is no such clock, or it is winter there. */
export function findSummerDoubt(zone: string, epochMs: number): SummerDoubt | undefined {
  const letters = zone.toUpperCase();
  const [place, winterHours] = (Object.hasOwn(LETTERS, letters) && LETTERS[letters]) || [];
  if (place === undefined || winterHours === undefined) return undefined;
  if (findOffsetMs(place, epochMs) === winterHours * 3_600_000) return undefined;
  const read = findOffsetMs(zone, epochMs) / 3_600_000;
  const meanings = `${zone} in summer can be meant as UTC${signed(winterHours)} or UTC${signed(winterHours + 1)}`;
  return {
    meanings,
    text: `${meanings}: it is read as UTC${signed(read)}`,
    hint: `Ask the owner for the time in UTC, or in ${place}.`,
  };
}

const signed = (hours: number): string => (hours < 0 ? String(hours) : `+${hours}`);
