// Guardrails: conditions under which a run must heal and end early, such as
// `p50(blackScreen) > 5m`, watched on the viewers while records stream in.

import { weightOf, type HistoryRecord, type ViewerDescription } from '../model/history.ts';
import type { Expectation } from '../model/scenario.ts';
import { HOLDS, valueText } from './expectations.ts';
import { liveClassifier, type LiveViewer } from './live.ts';
import { METRICS } from './metrics/catalogue.ts';
import type { Metric } from './metrics/metric.ts';
import { aggregateHeads } from './statistics.ts';

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
  /** The table of metrics; all that there are when not said. */
  readonly metrics?: readonly Metric[];
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
        const value = liveValue(
          guardrail,
          chooseViewers(guardrail, viewers),
          options.metrics ?? METRICS,
        );
        if (value === undefined || !isBroken(guardrail, value, options.cutMs)) continue;
        const text = `${guardrail.text}: ${valueText(value, guardrail.value.unit, options.cutMs)}`;
        return { guardrail, text, atMs };
      }
      return undefined;
    },
  };
}

/** The group that it names, or all real screens. */
const chooseViewers = ({ group }: Expectation, viewers: readonly LiveViewer[]) =>
  viewers.filter(({ viewer }) =>
    group === undefined ? viewer.imitates === undefined : viewer.group === group,
  );

function isBroken({ operator, value }: Expectation, measured: number, cutMs: number): boolean {
  const limit = value.unit === 'ofCut' ? value.value * cutMs : value.value;
  return HOLDS[operator](measured, limit);
}

/** Undefined for a metric that means nothing before a run is over. */
function liveValue(
  { metric: name, aggregate = 'max' }: Expectation,
  viewers: readonly LiveViewer[],
  metrics: readonly Metric[],
): number | undefined {
  const metric = metrics.find((known) => known.name === name);
  if (viewers.length === 0 || !metric || metric.of === 'interruption') return undefined;
  if (metric.of === 'run') return metric.live?.(viewers);
  const { live } = metric;
  return (
    live &&
    aggregateHeads(
      aggregate,
      viewers.map((each) => ({ value: live(each), weight: weightOf(each.viewer) })),
    )
  );
}
