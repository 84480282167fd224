// The state of all agents, one typed array a fact. An agent stands for the viewers of its count, who
// are alike in everything.

/** States of a screen. */
export const STARTING = 0;
export const PLAYING = 1;
export const STALLED = 2;

/** A value of `fatal`. */
export const REVIVED = 2;

/** Losses, by their place in `lostMs`. */
export const LOSS = { stalled: 0, filler: 1, slate: 2, dead: 3, starting: 4 } as const;
export const LOSSES = 5;

/** The state of those that are boxes. */
export interface Boxes {
  /** A set-top box on multicast (boxes/box.ts). */
  readonly isBox: Uint8Array;
  /** When the first picture of a box that has just tuned comes. */
  readonly firstMs: Float64Array;
  /** When the last picture of a box without one came. */
  readonly shownMs: Float64Array;
  /** Since when a box boots, and the answers of the portal so far. */
  readonly onMs: Float64Array;
  readonly bootStep: Uint8Array;
  /** The longest boot and zap of a box, NaN for none and Infinity for one that failed. */
  readonly bootMs: Float64Array;
  readonly zapMs: Float64Array;
  /** Since when it zaps, NaN where it does not; and its zaps that ended with a picture, and on an error page. */
  readonly zapSinceMs: Float64Array;
  readonly zapsShown: Uint16Array;
  readonly zapsFailed: Uint16Array;
  /** The times it went on to another channel by itself. */
  readonly zaps: Uint16Array;
}

/** The rungs as each player knows them. */
interface Rungs {
  /** Errors of each rung, eight at most. */
  readonly penalties: Uint8Array;
  /** Until when each rung is left out. */
  readonly excludedToMs: Float64Array;
  /** The time that a playlist is late by its guess, and the rung that gave it (guessed.ts). */
  readonly guessedLateMs: Float64Array;
  readonly playlistRung: Uint8Array;
  /** The last segment that each rung gave, and the rungs that were left because they stood, a bit each. */
  readonly rungLast: Int32Array;
  readonly stoodRungs: Uint8Array;
}

export interface Crowd extends Boxes, Rungs {
  /** Agents so far; there is room for more. */
  size: number;
  readonly capacity: number;
  readonly count: Float64Array;
  readonly group: Uint16Array;
  readonly place: Uint16Array;
  readonly cohort: Uint16Array;
  /** Its place in an audience that follows a curve (people/presence.ts). */
  readonly rank: Float64Array;
  readonly mode: Uint8Array;
  /** The player gave up (1), and tries again by itself before its application has acted (REVIVED). */
  readonly fatal: Uint8Array;
  /** It has seen the programme. */
  readonly begun: Uint8Array;
  readonly joinedMs: Float64Array;
  /** Its losses are accounted for up to here. */
  readonly sinceMs: Float64Array;
  /** Clock less media time while it plays; media time of the playhead while it does not. */
  readonly offsetMs: Float64Array;
  readonly positionMs: Float64Array;
  readonly hasPosition: Uint8Array;
  /** Media in the buffer without a hole, and a piece behind a hole (NaN: none). */
  readonly bufferToMs: Float64Array;
  readonly pieceFromMs: Float64Array;
  readonly pieceToMs: Float64Array;
  readonly nextSegment: Int32Array;
  /** The playlist it knows. */
  readonly version: Int32Array;
  readonly first: Int32Array;
  readonly last: Int32Array;
  readonly hasManifest: Uint8Array;
  /** No segments before a playlist of the rung it changed to. */
  readonly awaitsPlaylist: Uint8Array;
  readonly stalls: Uint8Array;
  readonly manifestErrors: Uint8Array;
  readonly playlistErrors: Uint8Array;
  readonly segmentErrors: Uint8Array;
  readonly rung: Uint8Array;
  readonly lastRung: Uint8Array;
  /** It gives up once it has nothing to play: after errors (1), or behind a playlist that stands (2). */
  readonly doomed: Uint8Array;
  /** From the moment a picture is put out to that at which it plays it. */
  readonly lagMs: Float64Array;
  /** When its playlist changed last. */
  readonly changedAtMs: Float64Array;
  /**
   * The step in which its steady state is skipped, negative where its playlist stands; 0: it is not. From
   * when, and the requests a second that a class of stages keeps room for.
   */
  readonly skipStepMs: Float64Array;
  readonly skipFromMs: Float64Array;
  readonly skipPerS: Float64Array;
  /** Its application was told to wait until then. */
  readonly retryToMs: Float64Array;
  /** The edges that fail, as it was told last, and when each of them failed for it (steered.ts). */
  readonly toldFailing: Uint8Array;
  /** The edge that comes first for it where viewers are steered. */
  readonly home: Uint8Array;
  readonly penalizedMs: Float64Array;
  /** Nobody is there (1), or left while it was dark (2). */
  readonly gone: Uint8Array;
  /** Times of the plan at which it came or went, and acts that did not bring the programme back. */
  readonly moves: Uint8Array;
  readonly acts: Uint8Array;
  /** The end of the last moment of the programme, and since when somebody looks at a dark screen. */
  readonly litToMs: Float64Array;
  readonly darkSinceMs: Float64Array;
  readonly draws: Uint16Array;
  readonly reloads: Uint16Array;
  readonly lostMs: Float64Array;
  /** The end of its last loss. */
  readonly darkToMs: Float64Array;
}

export const RUNGS_MAX = 8;
/** A value of `playlistRung`: none has given a playlist. */
export const NO_RUNG = 255;

/** `pathways` is the number of edges that viewers are steered between. */
export function createCrowd(capacity: number, pathways = 0): Crowd {
  const bytes = () => new Uint8Array(capacity);
  const words = () => new Uint16Array(capacity);
  const numbers = () => new Int32Array(capacity).fill(-1);
  const times = (value: number) => new Float64Array(capacity).fill(value);
  return {
    size: 0,
    capacity,
    count: times(0),
    group: words(),
    place: words(),
    cohort: words(),
    rank: times(0),
    mode: bytes(),
    ...createBoxes(capacity),
    ...createRungs(capacity),
    fatal: bytes(),
    begun: bytes(),
    joinedMs: times(0),
    sinceMs: times(0),
    offsetMs: times(0),
    positionMs: times(0),
    hasPosition: bytes(),
    bufferToMs: times(0),
    pieceFromMs: times(NaN),
    pieceToMs: times(NaN),
    nextSegment: numbers(),
    version: numbers(),
    first: numbers(),
    last: numbers(),
    hasManifest: bytes(),
    awaitsPlaylist: bytes(),
    stalls: bytes(),
    manifestErrors: bytes(),
    playlistErrors: bytes(),
    segmentErrors: bytes(),
    rung: bytes(),
    lastRung: bytes(),
    doomed: bytes(),
    lagMs: times(0),
    changedAtMs: times(0),
    skipStepMs: times(0),
    skipFromMs: times(0),
    skipPerS: times(0),
    retryToMs: times(-Infinity),
    toldFailing: bytes(),
    home: bytes(),
    penalizedMs: new Float64Array(pathways * capacity).fill(-Infinity),
    gone: bytes(),
    moves: bytes(),
    acts: bytes(),
    litToMs: times(-Infinity),
    darkSinceMs: times(NaN),
    draws: words(),
    reloads: words(),
    lostMs: new Float64Array(capacity * LOSSES),
    darkToMs: times(-Infinity),
  };
}

function createBoxes(capacity: number): Boxes {
  const bytes = () => new Uint8Array(capacity);
  const words = () => new Uint16Array(capacity);
  const times = (value: number) => new Float64Array(capacity).fill(value);
  return {
    isBox: bytes(),
    firstMs: times(Infinity),
    shownMs: times(-Infinity),
    onMs: times(-Infinity),
    bootStep: bytes(),
    bootMs: times(NaN),
    zapMs: times(NaN),
    zapSinceMs: times(NaN),
    zapsShown: words(),
    zapsFailed: words(),
    zaps: words(),
  };
}

const createRungs = (capacity: number): Rungs => ({
  penalties: new Uint8Array(capacity * RUNGS_MAX),
  excludedToMs: new Float64Array(capacity * RUNGS_MAX).fill(-Infinity),
  guessedLateMs: new Float64Array(capacity),
  playlistRung: new Uint8Array(capacity).fill(NO_RUNG),
  rungLast: new Int32Array(capacity * RUNGS_MAX).fill(-1),
  stoodRungs: new Uint8Array(capacity),
});

/** Makes an agent of some of the viewers of another, like it in everything; undefined without room. */
export function splitAgent(crowd: Crowd, agent: number, count: number): number | undefined {
  if (crowd.size >= crowd.capacity) return undefined;
  const twin = crowd.size++;
  for (const facts of Object.values(crowd) as unknown[]) {
    if (!ArrayBuffer.isView(facts)) continue;
    const array = facts as Float64Array;
    const each = array.length / crowd.capacity;
    array.copyWithin(twin * each, agent * each, (agent + 1) * each);
  }
  crowd.count[twin] = count;
  crowd.count[agent]! -= count;
  return twin;
}

/** Its player begins anew, and knows no playlist. */
export function forgetGuesses(crowd: Crowd, agent: number): void {
  crowd.guessedLateMs[agent] = 0;
  crowd.playlistRung[agent] = NO_RUNG;
  crowd.stoodRungs[agent] = 0;
  crowd.rungLast.fill(-1, agent * RUNGS_MAX, (agent + 1) * RUNGS_MAX);
}

/** It plays the programme at the end. */
export const isBack = (crowd: Crowd, agent: number, toMs: number): boolean =>
  crowd.mode[agent] === PLAYING && crowd.darkToMs[agent]! < toMs;

/** Nobody is there, and it was dark when they left. */
export const leftDark = ({ gone }: Crowd, agent: number): boolean => gone[agent] === LEFT_DARK;

/** Values of `gone`. */
export const AWAY = 1;
export const LEFT_DARK = 2;

/** Gives its black screen, and slates beside it. */
export function readLosses({ lostMs }: Crowd, agent: number) {
  const own = lostMs.subarray(agent * LOSSES, (agent + 1) * LOSSES);
  const slateMs = own[LOSS.slate]!;
  return { slateMs, blackMs: own.reduce((sum, ms) => sum + ms, 0) - slateMs };
}
