// Measures how far apart real screens and light viewers of the same channel are, loss by loss.

import { medianInPlace } from '../../harness/measure/statistics.ts';
import type { Report, ViewerResult } from '../../harness/model/report.ts';

export interface Apart {
  readonly channel: string;
  /** The cause of the loss. */
  readonly cause: string;
  /** From the median of the light viewers to the screen that is farthest from it. */
  readonly onsetMs: number;
  readonly endMs: number;
  readonly screens: readonly string[];
  readonly light: readonly string[];
}

/** One for each fault that a screen lost the programme to. */
export function lossesApart({ viewers, beside = [], faults }: Report): Apart[] {
  const screens = viewers.filter(({ control }) => !control);
  const causes = [...new Set(faults.map(({ name }) => name))];
  const channels = [...new Set(screens.map(({ channel }) => channel))];
  return channels.flatMap((channel) =>
    causes.flatMap((cause): Apart[] => {
      const of = (some: readonly ViewerResult[]) =>
        some.filter((one) => one.channel === channel).flatMap((one) => lossTo(cause, one));
      const [real, light] = [of(screens), of(beside)];
      if (real.length === 0) return [];
      const farthest = (at: (loss: Loss) => number) => {
        const median = medianInPlace(Float64Array.from(light, at)) ?? Infinity;
        return Math.max(...real.map((loss) => Math.abs(at(loss) - median)));
      };
      return [
        {
          channel,
          cause,
          onsetMs: farthest(({ fromMs }) => fromMs),
          endMs: farthest(({ toMs }) => toMs),
          screens: real.map(({ text }) => text),
          light: light.map(({ text }) => text).toSorted(),
        },
      ];
    }),
  );
}

interface Loss {
  readonly fromMs: number;
  readonly toMs: number;
  readonly text: string;
}

/** From the first moment that the fault cost a viewer to the last. */
function lossTo(cause: string, { interruptions }: ViewerResult): Loss[] {
  const own = interruptions.filter((one) => one.cause === cause && !one.glitch);
  const [first, last] = [own[0], own.at(-1)];
  if (!first || !last) return [];
  const spans = own.flatMap((one) => one.spans).map((span) => span.class);
  const { fromMs, toMs } = { fromMs: first.fromMs, toMs: last.toMs };
  return [{ fromMs, toMs, text: `${fromMs}-${toMs} ${[...new Set(spans)].join('+')}` }];
}
