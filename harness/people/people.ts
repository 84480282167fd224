// The people in front of the screens: each acts by its behaviour for as long as it sees no programme.
// Times are drawn from the seed, for each viewer on its own.

import type { Random } from '../kernel/random.ts';
import type { Act, Behaviour, NextAct } from './behaviour.ts';

export interface PeopleOptions {
  /** The behaviour of each viewer by its id. */
  readonly behaviours: ReadonlyMap<string, Behaviour>;
  readonly random: Random;
  readonly act: (viewer: string, act: Act | { readonly does: 'return' }) => void;
}

export interface People {
  /** Those who may act. */
  readonly count: number;
  /** Looks at every screen that is on. To be called several times a second, until the end. */
  readonly look: (atMs: number, sees: (viewer: string) => boolean) => void;
  /** The plan lets somebody come or go: whatever it was about to do is off. */
  readonly moved: (viewer: string, isThere: boolean) => void;
}

interface Person {
  readonly viewer: string;
  readonly random: Random;
  readonly next: NonNullable<Behaviour['next']>;
  isThere: boolean;
  acts: number;
  /** Undefined while it sees the programme; null for who does nothing more. */
  due: { readonly act: NextAct; readonly atMs: number } | null | undefined;
  backAtMs: number;
}

/** The time between two looks of somebody at the screen. */
export const LOOK_EVERY_MS = 250;

export function watchPeople({ behaviours, random, act }: PeopleOptions): People {
  const people = [...behaviours].flatMap(([viewer, { next }]) =>
    next ? [newPerson(viewer, next, random.fork(`behaviour of ${viewer}`))] : [],
  );
  const look = (person: Person, atMs: number, sees: (viewer: string) => boolean): void => {
    if (!person.isThere) return comeBack(person, atMs);
    if (sees(person.viewer)) return settle(person);
    person.due ??= person.due === null ? null : drawNext(person, atMs);
    if (person.due && person.due.atMs <= atMs) carryOut(person, person.due.act, atMs);
  };
  const comeBack = (person: Person, atMs: number): void => {
    if (person.backAtMs > atMs) return;
    settle(person);
    person.isThere = true;
    act(person.viewer, { does: 'return' });
  };
  const carryOut = (person: Person, next: NextAct, atMs: number): void => {
    person.acts += 1;
    person.due = undefined;
    if (next.does === 'leave') {
      person.isThere = false;
      person.backAtMs = atMs + (next.backAfterMs ?? Infinity);
    }
    act(person.viewer, next);
  };
  return {
    count: people.length,
    look: (atMs, sees) => {
      for (const person of people) look(person, atMs, sees);
    },
    moved: (viewer, isThere) => {
      const person = people.find((one) => one.viewer === viewer);
      if (!person) return;
      settle(person);
      Object.assign(person, { isThere, backAtMs: Infinity });
    },
  };
}

const newPerson = (viewer: string, next: Person['next'], random: Random): Person => ({
  viewer,
  random,
  next,
  isThere: true,
  acts: 0,
  due: undefined,
  backAtMs: Infinity,
});

function settle(person: Person): void {
  person.acts = 0;
  person.due = undefined;
}

function drawNext({ next, random, acts }: Person, atMs: number): Person['due'] {
  const act = next(random, acts);
  return act ? { act, atMs: atMs + act.afterMs } : null;
}
