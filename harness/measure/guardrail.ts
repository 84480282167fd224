// Guardrails: conditions under which a run must heal and end early, such as
// `p50(blackScreen) > 5m`, watched on the viewers while records stream in.

import type { HistoryRecord, ViewerDescription } from '../model/history.ts';
import type { AudienceMetric, Expectation, Metric } from '../model/scenario.ts';
import { HOLDS, valueText } from './expectations.ts';
import { isLoss, LOSSES } from './ledger.ts';
import { liveClassifier, type LiveViewer } from './live.ts';
import { aggregate } from './statistics.ts';

/** Measures that mean something before a run is over. */
const LIVE_METRICS = [
  'blackScreen',
  'programmeLoss',
  ...LOSSES,
  'recovered',
  'interrupted',
  'channelsRestored',
] as const satisfies readonly Metric[];
type LiveMetric = (typeof LIVE_METRICS)[number];

const isLiveMetric = (metric: Metric): metric is LiveMetric =>
  (LIVE_METRICS as readonly Metric[]).includes(metric);

interface Breach {
  readonly guardrail: Expectation;
  /** Such as `p50(blackScreen) > 5m: 5m 1.250s`. */
  readonly text: string;
  readonly atMs: number;
}

export interface GuardrailWatch {
  readonly record: (record: HistoryRecord) => void;
  /** The first guardrail that is broken at this moment. */
  readonly breach: (atMs: number) => Breach | undefined;
}

export interface GuardrailOptions {
  /** Each written as the condition under which the run ends. */
  readonly guardrails: readonly Expectation[];
  readonly viewers: readonly ViewerDescription[];
  readonly fps: number;
  /** The cut time that a share is a share of: as planned, since the cut is not over yet. */
  readonly cutMs: number;
}

/** Guardrails on measures that are only known at the end never break. */
export function watchGuardrails(options: GuardrailOptions): GuardrailWatch {
  const audience = options.viewers.filter(({ control }) => !control);
  const live = liveClassifier({ viewers: audience, fps: options.fps });
  return {
    record: live.record,
    breach: (atMs) => {
      const viewers = live.view(atMs);
      for (const guardrail of options.guardrails) {
        const value = valueOf(guardrail, viewers);
        if (value === undefined || !isBroken(guardrail, value, options.cutMs)) continue;
        const text = `${guardrail.text}: ${valueText(value, guardrail.value.unit, options.cutMs)}`;
        return { guardrail, text, atMs };
      }
      return undefined;
    },
  };
}

function isBroken({ operator, value }: Expectation, measured: number, cutMs: number): boolean {
  const limit = value.unit === 'ofCut' ? value.value * cutMs : value.value;
  return HOLDS[operator](measured, limit);
}

function valueOf(
  { metric, aggregate: over }: Expectation,
  viewers: readonly LiveViewer[],
): number | undefined {
  if (viewers.length === 0 || !isLiveMetric(metric)) return undefined;
  if (isLoss(metric)) return of(viewers, over, ({ ledger }) => ledger[metric]);
  switch (metric) {
    case 'recovered':
    case 'interrupted':
    case 'channelsRestored':
      return ofAudience(metric, viewers);
    case 'blackScreen':
      return of(viewers, over, ({ blackScreenMs }) => blackScreenMs);
    case 'programmeLoss':
      return of(viewers, over, ({ programmeLossMs }) => programmeLossMs);
  }
}

const of = (
  viewers: readonly LiveViewer[],
  over: Expectation['aggregate'],
  value: (viewer: LiveViewer) => number,
): number => aggregate(over ?? 'max', viewers.map(value));

/** `recovered` asks who sees the programme now: before the end nobody is lost for good. */
function ofAudience(metric: AudienceMetric, viewers: readonly LiveViewer[]): number {
  const seesIt = ({ shows }: LiveViewer) => shows === 'programme';
  const share = (holds: (viewer: LiveViewer) => boolean) =>
    viewers.filter(holds).length / viewers.length;
  if (metric === 'recovered') return share(seesIt);
  if (metric === 'interrupted') return share(({ interrupted }) => interrupted);
  const channels = (some: readonly LiveViewer[]) => new Set(some.map((v) => v.viewer.channel)).size;
  return channels(viewers.filter(seesIt)) / channels(viewers);
}
