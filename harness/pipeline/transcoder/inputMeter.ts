// Measures what arrives at the inputs, for witnesses of faults: whose programme it is, how old its
// pictures are. Read out with each report.

import type { Clock } from '../../kernel/clock.ts';
import { median } from '../../kernel/median.ts';
import { ageOfCounterMs, type FrameIdentity } from '../../model/frameClock.ts';
import type { StageStats } from '../contract.ts';

export interface InputMeter {
  /** A picture with this presentation time begins to arrive. */
  readonly arrival: (input: number, ptsMs: number) => void;
  readonly picture: (input: number, identity: FrameIdentity | undefined) => void;
  /** Notes the channel of the input that is shown. */
  readonly channel: (number: number) => void;
  /** Since the last time it was asked. */
  readonly read: () => Partial<StageStats>;
}

/** `names` are those of the inputs where there are several. */
export function createInputMeter(fps: number, names: readonly string[], clock: Clock): InputMeter {
  const inputs = (names.length > 0 ? names : ['']).map((): Arrivals => ({
    ages: [],
    lags: [],
    firstMs: undefined,
  }));
  let channelIn: number | undefined;
  return {
    arrival: (input, ptsMs) => inputs[input] && arrived(inputs[input], ptsMs, clock),
    picture: (input, identity) => {
      if (!identity) return;
      inputs[input]?.ages.push(ageOfCounterMs(identity.counter, clock.epochMs(), fps));
    },
    channel: (number) => {
      channelIn = number;
    },
    read: () => ({
      ...told(
        'lagInMs',
        names,
        inputs.map(({ lags }) => median(lags.splice(0))),
      ),
      ...told(
        'ageInMs',
        names,
        inputs.map(({ ages }) => median(ages.splice(0))),
      ),
      channelIn,
    }),
  };
}

/** The arrivals at one input since it was last read. */
interface Arrivals {
  readonly ages: number[];
  readonly lags: number[];
  /** When the first picture of all would have been stamped 0. */
  firstMs: number | undefined;
}

function arrived(input: Arrivals, ptsMs: number, clock: Clock): void {
  const zeroMs = clock.epochMs() - ptsMs;
  input.firstMs ??= zeroMs;
  input.lags.push(zeroMs - input.firstMs);
}

/** Gives a number where there is one input, numbers by link where there are several. */
function told(
  name: 'lagInMs' | 'ageInMs',
  names: readonly string[],
  values: readonly (number | undefined)[],
): Partial<StageStats> {
  const whole = values.map((value) => value && Math.round(value));
  const [only] = whole;
  if (names.length === 0) return only === undefined ? {} : { [name]: only };
  const known = names.flatMap((link, i) => {
    const value = whole[i];
    return value === undefined ? [] : [[link, value] as const];
  });
  return { [`${name}By`]: Object.fromEntries(known) };
}
