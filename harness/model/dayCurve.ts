// A curve of the local day: the share of an audience that is there at each hour.

export interface DayCurve {
  /** Share of the day's peak at minutes of the local day; straight lines between, round the clock. */
  readonly anchors: readonly { readonly minuteOfDay: number; readonly share: number }[];
  /** Said of those that have a name. */
  readonly title?: string;
  /** A sentence for the assumptions of a scenario that uses it. */
  readonly assumes?: string;
}

const clockTime = (hours: number, minutes: number): number => hours * 60 + minutes;

/** An evening of French television: docs/sources.md 4, anchored in S66; [C] between the anchors. */
export const FRENCH_EVENING: DayCurve = {
  anchors: [
    { minuteOfDay: clockTime(0, 30), share: 0.25 },
    { minuteOfDay: clockTime(4, 0), share: 0.02 },
    { minuteOfDay: clockTime(13, 0), share: 0.53 }, // 10.8 M of 20.5 M: D from S66
    { minuteOfDay: clockTime(18, 30), share: 0.6 },
    { minuteOfDay: clockTime(20, 0), share: 0.9 },
    { minuteOfDay: clockTime(21, 15), share: 1 },
    { minuteOfDay: clockTime(22, 15), share: 0.82 },
    { minuteOfDay: clockTime(22, 55), share: 0.66 },
    { minuteOfDay: clockTime(23, 30), share: 0.5 },
  ],
};
