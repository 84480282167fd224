// Figures that a stage reports about four times a second, each by name, and by link where a stage
// has several inputs. Those that count only grow while an instance lives.

/** The names of all figures; units are last in a name, and what has none is a number of things. */
export const COUNTER_NAMES = [
  'bytesIn',
  'bytesOut',
  'bytesDropped',
  'connections',
  'framesIn',
  'framesOut',
  'framesFilled',
  'framesDropped',
  'uploads',
  'uploadErrors',
  'segmentsDropped',
  'requests',
  /** The newest frame-clock counter that passed this stage. */
  'programmeCounter',
  /** The number of reads that `bytesIn` came in: slices make them many and small. */
  'readsIn',
  /** Longest time without a byte since the last report, also one that still lasts. */
  'quietInMs',
  /** The median age of the pictures when they were decoded, by their frame clock: true, but for a frame or two. */
  'ageInMs',
  /**
   * The delay of the pictures since the last report against the first one of all, in the median, by
   * their time stamps: exact, but for a sender that begins to count anew.
   */
  'lagInMs',
  /** Number of the channel in the newest frame clock. */
  'channelIn',
  /** The number of replies from the far side of the contribution … */
  'repliesIn',
  /** … and how old the last of it was when it came. */
  'replyAgeMs',
  /** Datagrams that came in, by their numbers: those that never came, came twice, came too late. */
  'datagramsIn',
  'datagramsOut',
  'datagramsLost',
  'datagramsTwice',
  'datagramsLate',
  /** Datagrams that were sent again to a set-top box, and in bursts to those that zap. */
  'datagramsRepaired',
  'datagramsBurst',
  /** Packets of a transport stream that do not follow the one before of their kind. */
  'continuityErrors',
  /** Tables of a programme that were damaged or did not come in time. */
  'tableErrors',
  /** Time for which the kernel has held the stage back, by its limit of processor. */
  'throttledMs',
  'memoryLimitMb',
] as const;
export type CounterName = (typeof COUNTER_NAMES)[number];

export interface Counter {
  readonly name: CounterName;
  /** The link that it is of; absent for the stage as a whole. */
  readonly link?: string;
  readonly value: number;
}

interface Counted {
  readonly counters: readonly Counter[];
}

/** Gives the figure of a stage as a whole, or of one of its links; undefined where it has none. */
export const counterIn = (
  { counters }: Counted,
  name: CounterName,
  link?: string,
): number | undefined => counters.find((one) => one.name === name && one.link === link)?.value;

/** Gives the figure of every link that has one. */
export const countersByLink = ({ counters }: Counted, name: CounterName): number[] =>
  counters.flatMap((one) => (one.name === name && one.link !== undefined ? [one.value] : []));

/** Figures as a stage has them: `bytesIn` of itself, `bytesInBy` of its links. */
export type StageFigures = {
  readonly [name in CounterName]?: number;
} & { readonly [name in CounterName as `${name}By`]?: Readonly<Record<string, number>> };

/** Lists them; what is no figure is left out. */
export function listCounters(figures: Readonly<Record<string, unknown>>): Counter[] {
  const counters: Counter[] = [];
  for (const { name, key, isByLink } of listKeys(figures)) {
    const value = figures[key];
    if (!isByLink) {
      if (isFigure(value)) counters.push({ name, value });
    } else if (typeof value === 'object' && value !== null)
      for (const [link, figure] of Object.entries(value))
        if (isFigure(figure)) counters.push({ name, link, value: figure });
  }
  return counters;
}

interface FigureKey {
  readonly name: CounterName;
  readonly key: string;
  readonly isByLink: boolean;
  /** Its place in a list of all. */
  readonly at: number;
}

const FIGURE_KEYS: ReadonlyMap<string, FigureKey> = new Map(
  COUNTER_NAMES.flatMap((name) => [
    { name, key: name, isByLink: false },
    { name, key: `${name}By`, isByLink: true },
  ]).map((key, at) => [key.key, { ...key, at }]),
);

/** Gives the keys of figures that are there, in the order of all: a stage has few of the many. */
function listKeys(figures: Readonly<Record<string, unknown>>): readonly FigureKey[] {
  const keys: FigureKey[] = [];
  for (const name in figures) {
    const key = FIGURE_KEYS.get(name);
    if (!key) continue;
    let place = keys.length;
    for (; place > 0 && keys[place - 1]!.at > key.at; place--) keys[place] = keys[place - 1]!;
    keys[place] = key;
  }
  return keys;
}

/** False for a name that nobody knows. */
export function isCounter(value: unknown): value is Counter {
  if (typeof value !== 'object' || value === null) return false;
  const { name, link, value: figure } = value as Partial<Record<keyof Counter, unknown>>;
  return NAMES.has(name) && isFigure(figure) && (link === undefined || typeof link === 'string');
}

const NAMES: ReadonlySet<unknown> = new Set(COUNTER_NAMES);

const isFigure = (value: unknown): value is number =>
  typeof value === 'number' && Number.isFinite(value);
