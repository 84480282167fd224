// Metrics of a whole run: shares of its viewers and channels.

import { weightOf } from '../../model/history.ts';
import type { LiveViewer } from '../live.ts';
import { endsUnmeasured } from '../recovery.ts';
import type { SeenViewer } from '../viewers.ts';
import { shareOf, type RunMetric } from './metric.ts';
import { interruptionsOf } from './viewer.ts';

const seen = (viewers: readonly SeenViewer[], holds: (viewer: SeenViewer) => boolean): number =>
  shareOf(viewers, ({ result }) => weightOf(result), holds);

const live = (viewers: readonly LiveViewer[], holds: (viewer: LiveViewer) => boolean): number =>
  shareOf(viewers, ({ viewer }) => weightOf(viewer), holds);

/** Live it asks who sees the programme now: before the end nobody is lost for good. */
export const recovered: RunMetric = {
  of: 'run',
  name: 'recovered',
  unit: 'share',
  bounds: ({ viewers }) => ({ low: seen(viewers, isBack), high: seen(viewers, mayBeBack) }),
  live: (viewers) => live(viewers, seesIt),
};

export const interrupted: RunMetric = {
  of: 'run',
  name: 'interrupted',
  unit: 'share',
  bounds: ({ viewers, marginMs }) => ({
    low: seen(viewers, ({ result }) => interruptionsOf(result, marginMs).low > 0),
    high: seen(viewers, ({ result }) => interruptionsOf(result, marginMs).high > 0),
  }),
  live: (viewers) => live(viewers, (viewer) => viewer.interrupted),
};

/** A channel is back when one of its viewers sees it: the others have themselves to blame. */
export const channelsRestored: RunMetric = {
  of: 'run',
  name: 'channelsRestored',
  unit: 'share',
  bounds: ({ viewers }) => {
    const share = (some: readonly SeenViewer[]) =>
      channelsIn(some.map(({ result }) => result)) / channelsIn(viewers.map((v) => v.result));
    return { low: share(viewers.filter(isBack)), high: share(viewers.filter(mayBeBack)) };
  },
  live: (viewers) =>
    channelsIn(viewers.filter(seesIt).map(({ viewer }) => viewer)) /
    channelsIn(viewers.map(({ viewer }) => viewer)),
};

const isBack = ({ result, screen }: SeenViewer): boolean =>
  result.recovered && !endsUnmeasured(screen);

const mayBeBack = ({ result }: SeenViewer): boolean => result.recovery !== 'not-recovered';

const seesIt = ({ shows }: LiveViewer): boolean => shows === 'programme';

const channelsIn = (viewers: readonly { readonly channel: string }[]): number =>
  new Set(viewers.map(({ channel }) => channel)).size;
