// Turns milliseconds into pixels: the stretch of the run that the timeline shows, round ticks, and
// what an instant of the run stands for in the scenario.

import type { Report } from '../../harness/model/report.ts';

export interface Scale {
  readonly fromMs: number;
  readonly toMs: number;
  /** Gives the place of an instant, clamped to the stretch shown. */
  readonly x: (atMs: number) => number;
}

export interface Plot {
  readonly left: number;
  readonly width: number;
}

/** Gives the scale from the first viewer's joining to the last one's leaving, or the whole run. */
export function fitScale(report: Report, plot: Plot): Scale {
  const { viewers } = report;
  const fromMs = viewers.length > 0 ? Math.min(...viewers.map(({ joinMs }) => joinMs)) : 0;
  const lastMs =
    viewers.length > 0 ? Math.max(...viewers.map(({ leaveMs }) => leaveMs)) : report.run.endedAtMs;
  const toMs = Math.max(lastMs, fromMs + 1);
  const x = (atMs: number) => {
    const inside = Math.min(Math.max(atMs, fromMs), toMs);
    return (
      Math.round(plot.left * 10 + ((inside - fromMs) / (toMs - fromMs)) * plot.width * 10) / 10
    );
  };
  return { fromMs, toMs, x };
}

/** Steps a reader counts in: seconds and minutes, no odd numbers. */
const STEPS_S = [
  0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400,
];

/** Round instants inside [fromMs, toMs], at most `count` of them. */
export function ticks(fromMs: number, toMs: number, count: number): number[] {
  const span = toMs - fromMs;
  const fallback = Math.ceil(span / count / 86_400_000) * 86_400_000;
  const stepMs = STEPS_S.map((s) => s * 1000).find((step) => span / step <= count) ?? fallback;
  const first = Math.ceil(fromMs / stepMs);
  const last = Math.floor(toMs / stepMs);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => (first + i) * stepMs);
}

/**
 * The scenario's own time over the disrupt phase, the only stretch that compression is true of.
 * Undefined when it would say nothing new: no clock and nothing compressed.
 */
export interface ScenarioTime {
  readonly fromMs: number;
  readonly toMs: number;
  readonly ticks: readonly { readonly atMs: number; readonly label: string }[];
}

export function scenarioTime(report: Report, count: number): ScenarioTime | undefined {
  const { compress, clock } = report.run;
  const disrupt = report.phases.find(({ phase }) => phase === 'disrupt');
  if (!disrupt || (compress === 1 && clock === undefined)) return undefined;
  const start = clock === undefined ? undefined : wallClock(clock);
  const lengthMs = (disrupt.toMs - disrupt.fromMs) * compress;
  const originMs = start ?? 0;
  return {
    fromMs: disrupt.fromMs,
    toMs: disrupt.toMs,
    ticks: ticks(originMs, originMs + lengthMs, count).map((at) => ({
      atMs: disrupt.fromMs + (at - originMs) / compress,
      label: start === undefined ? elapsed(at) : timeOfDay(at, lengthMs / count),
    })),
  };
}

/** Milliseconds of the clock on the wall where the scenario plays: the offset is kept, not applied. */
function wallClock(iso: string): number | undefined {
  const local = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)/.exec(iso)?.[1];
  const ms = local ? Date.parse(`${local}Z`) : NaN;
  return Number.isFinite(ms) ? ms : undefined;
}

const timeOfDay = (atMs: number, stepMs: number): string =>
  new Date(atMs).toISOString().slice(11, stepMs < 60_000 ? 19 : 16);

function elapsed(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  const seconds = String(Math.floor((ms % 60_000) / 1000)).padStart(2, '0');
  return `+${minutes}:${seconds}`;
}
