// Metrics of a whole run: shares of its viewers and channels.

import { weightOf, type PopulationRecord } from '../../model/history.ts';
import type { LiveViewer } from '../live.ts';
import { endsUnmeasured } from '../recovery.ts';
import { interruptedIn, lostIn } from '../sample.ts';
import type { SeenViewer } from '../viewers.ts';
import { weightedShare, type Counted, type Measured, type RunMetric } from './metric.ts';
import { countInterruptions } from './viewer.ts';

/** The share of viewers for whom it holds, and of cohorts the heads that are said. */
const seen = (
  { viewers, populations = [] }: Measured,
  holds: (viewer: SeenViewer) => boolean,
  among: (population: PopulationRecord) => number,
): number =>
  weightedShare([
    ...viewers.map((viewer) => counted(weightOf(viewer.result), holds(viewer))),
    ...populations.map((population) => ({ weight: population.weight, holds: among(population) })),
  ]);

const live = (viewers: readonly LiveViewer[], holds: (viewer: LiveViewer) => boolean): number =>
  weightedShare(viewers.map((each) => counted(weightOf(each.viewer), holds(each))));

const counted = (weight: number, holds: boolean): Counted => ({
  weight,
  holds: holds ? weight : 0,
});

/** Live it asks who sees the programme now: before the end nobody is lost for good. */
export const recovered: RunMetric = {
  of: 'run',
  name: 'recovered',
  unit: 'share',
  bounds: (measured) => {
    const asked = { ...measured, viewers: measured.viewers.filter(isAsked) };
    return {
      low: seen(asked, isBack, (p) => p.weight - (lostIn(p) ?? p.weight)),
      high: seen(asked, mayBeBack, (p) => p.weight - (lostIn(p) ?? 0)),
    };
  },
  live: (viewers) => live(viewers.filter(isHere), seesIt),
  whenWell: 1,
};

export const interrupted: RunMetric = {
  of: 'run',
  name: 'interrupted',
  unit: 'share',
  bounds: (measured) => {
    const counts = ({ result }: SeenViewer) => countInterruptions(result, measured.marginMs);
    return {
      low: seen(
        measured,
        (viewer) => counts(viewer).low > 0,
        (p) => interruptedIn(p) ?? 0,
      ),
      high: seen(
        measured,
        (viewer) => counts(viewer).high > 0,
        (p) => interruptedIn(p) ?? p.weight,
      ),
    };
  },
  live: (viewers) => live(viewers, (viewer) => viewer.interrupted),
};

/** A channel is back when one of its viewers sees it: the others suffer from something of their own. */
export const channelsRestored: RunMetric = {
  of: 'run',
  name: 'channelsRestored',
  unit: 'share',
  bounds: ({ viewers: everybody, populations = [] }) => {
    const viewers = everybody.filter(isAsked);
    const all = channelsIn([...viewers.map(({ result }) => result), ...populations]);
    const share = (
      holds: (viewer: SeenViewer) => boolean,
      among: (population: PopulationRecord) => boolean,
    ) =>
      channelsIn([
        ...viewers.filter(holds).map(({ result }) => result),
        ...populations.filter(among),
      ]) / all;
    return {
      low: share(isBack, (p) => (lostIn(p) ?? p.weight) < p.weight),
      high: share(mayBeBack, (p) => (lostIn(p) ?? 0) < p.weight),
    };
  },
  live: (viewers) =>
    channelsIn(viewers.filter(seesIt).map(({ viewer }) => viewer)) /
    channelsIn(viewers.filter(isHere).map(({ viewer }) => viewer)),
  whenWell: 1,
};

/** Who left as planned is asked nothing. */
const isAsked = ({ result }: SeenViewer): boolean => result.recovery !== 'left';

const isHere = ({ shows }: LiveViewer): boolean => shows !== 'left';

const isBack = ({ result, screen }: SeenViewer): boolean =>
  result.recovered && !endsUnmeasured(screen);

const mayBeBack = ({ result }: SeenViewer): boolean => result.recovery !== 'not-recovered';

const seesIt = ({ shows }: LiveViewer): boolean => shows === 'programme';

const channelsIn = (viewers: readonly { readonly channel: string }[]): number =>
  new Set(viewers.map(({ channel }) => channel)).size;
