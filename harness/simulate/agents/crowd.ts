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

export const RUNGS_MAX = 8;
/** A value of `playlistRung`: none has given a playlist. */
export const NO_RUNG = 255;

const arraysOf = (capacity: number) => ({
  bytes: (each = 1) => new Uint8Array(capacity * each),
  words: () => new Uint16Array(capacity),
  numbers: (each = 1) => new Int32Array(capacity * each).fill(-1),
  times: (value: number, each = 1) => new Float64Array(capacity * each).fill(value),
});
type Arrays = ReturnType<typeof arraysOf>;

/** Whom an agent stands for, and what they do. */
const peopleFacts = ({ bytes, words, times }: Arrays) => ({
  count: times(0),
  group: words(),
  place: words(),
  cohort: words(),
  /** Its place in an audience that follows a curve (people/presence.ts). */
  rank: times(0),
  /** Nobody is there (1), or left while it was dark (2). */
  gone: bytes(),
  /** Times of the plan at which it came or went, and acts that did not bring the programme back. */
  moves: bytes(),
  acts: bytes(),
  /** The end of the last moment of the programme, and since when somebody looks at a dark screen. */
  litToMs: times(-Infinity),
  darkSinceMs: times(NaN),
  draws: words(),
  reloads: words(),
  lostMs: times(0, LOSSES),
  /** The end of its last loss. */
  darkToMs: times(-Infinity),
});

/** The state of each player and its screen. */
const playerFacts = ({ bytes, numbers, times }: Arrays) => ({
  mode: bytes(),
  /** The player gave up (1), and tries again by itself before its application has acted (REVIVED). */
  fatal: bytes(),
  /** It has seen the programme. */
  begun: bytes(),
  joinedMs: times(0),
  /** Its losses are accounted for up to here. */
  sinceMs: times(0),
  /** Clock less media time while it plays; media time of the playhead while it does not. */
  offsetMs: times(0),
  positionMs: times(0),
  hasPosition: bytes(),
  /** Media in the buffer without a hole, and a piece behind a hole (NaN: none). */
  bufferToMs: times(0),
  pieceFromMs: times(NaN),
  pieceToMs: times(NaN),
  nextSegment: numbers(),
  /** The playlist it knows. */
  version: numbers(),
  first: numbers(),
  last: numbers(),
  hasManifest: bytes(),
  /** No segments before a playlist of the rung it changed to. */
  awaitsPlaylist: bytes(),
  stalls: bytes(),
  manifestErrors: bytes(),
  playlistErrors: bytes(),
  segmentErrors: bytes(),
  /** It gives up once it has nothing to play: after errors (1), or behind a playlist that stands (2). */
  doomed: bytes(),
  /** From the moment a picture is put out to that at which it plays it. */
  lagMs: times(0),
  /** When its playlist changed last. */
  changedAtMs: times(0),
  /**
   * The step in which its steady state is skipped, negative where its playlist stands; 0: it is not. From
   * when, and the requests a second that a class of stages keeps room for.
   */
  skipStepMs: times(0),
  skipFromMs: times(0),
  skipPerS: times(0),
  /** Its application was told to wait until then. */
  retryToMs: times(-Infinity),
});

/** The rungs and the edges as each player knows them. */
const wayFacts = ({ bytes, numbers, times }: Arrays, pathways: number) => ({
  rung: bytes(),
  lastRung: bytes(),
  /** Errors of each rung, eight at most. */
  penalties: bytes(RUNGS_MAX),
  /** Until when each rung is left out. */
  excludedToMs: times(-Infinity, RUNGS_MAX),
  /** The time that a playlist is late by its guess, and the rung that gave it (guessed.ts). */
  guessedLateMs: times(0),
  playlistRung: bytes().fill(NO_RUNG),
  /** The last segment that each rung gave, and the rungs that were left because they stood, a bit each. */
  rungLast: numbers(RUNGS_MAX),
  stoodRungs: bytes(),
  /** The edges that fail, as it was told last, and when each of them failed for it (steered.ts). */
  toldFailing: bytes(),
  penalizedMs: times(-Infinity, pathways),
  /** The edge that comes first for it where viewers are steered. */
  home: bytes(),
});

/** The state of those that are boxes. */
const boxFacts = ({ bytes, words, times }: Arrays) => ({
  /** A set-top box on multicast (boxes/box.ts). */
  isBox: bytes(),
  /** When the first picture of a box that has just tuned comes. */
  firstMs: times(Infinity),
  /** When the last picture of a box without one came. */
  shownMs: times(-Infinity),
  /** Since when a box boots, and the answers of the portal so far. */
  onMs: times(-Infinity),
  bootStep: bytes(),
  /** The longest boot and zap of a box, NaN for none and Infinity for one that failed. */
  bootMs: times(NaN),
  zapMs: times(NaN),
  /** Since when it zaps, NaN where it does not; and its zaps that ended with a picture, and on an error page. */
  zapSinceMs: times(NaN),
  zapsShown: words(),
  zapsFailed: words(),
  /** The times it went on to another channel by itself. */
  zaps: words(),
});

/** `pathways` is the number of edges that viewers are steered between. */
function factsOf(capacity: number, pathways: number) {
  const arrays = arraysOf(capacity);
  return {
    ...peopleFacts(arrays),
    ...playerFacts(arrays),
    ...wayFacts(arrays, pathways),
    ...boxFacts(arrays),
  };
}

export interface Crowd extends Readonly<ReturnType<typeof factsOf>> {
  /** Agents so far; there is room for more. */
  size: number;
  readonly capacity: number;
}

export const createCrowd = (capacity: number, pathways = 0): Crowd => ({
  size: 0,
  capacity,
  ...factsOf(capacity, pathways),
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
