// Measures what arrives at the inputs, for witnesses of faults: whose programme it is, how old its
// pictures are, how loud its sound is. Read out with each report.

import { systemClock } from '../../kernel/clock.ts';
import { median } from '../../kernel/median.ts';
import { ageOfCounterMs, type FrameIdentity } from '../../model/frameClock.ts';
import type { StageStats } from '../contract.ts';
import { AUDIO } from '../pace.ts';

export interface InputMeter {
  /** A picture with this presentation time begins to arrive. */
  readonly arrival: (input: number, ptsMs: number) => void;
  readonly picture: (input: number, clock: FrameIdentity | undefined) => void;
  /** Notes the channel of the input that is shown. */
  readonly channel: (number: number) => void;
  readonly sound: (chunk: Buffer) => void;
  /** Since the last time it was asked. */
  readonly read: () => Partial<StageStats>;
}

/** `names` are those of the inputs where there are several. */
export function createInputMeter(fps: number, names: readonly string[]): InputMeter {
  const inputs = (names.length > 0 ? names : ['']).map((): Arrivals => ({
    ages: [],
    lags: [],
    firstMs: undefined,
  }));
  const loudness = createLoudness();
  let channelIn: number | undefined;
  return {
    arrival: (input, ptsMs) => inputs[input] && arrived(inputs[input], ptsMs),
    picture: (input, clock) => {
      if (clock)
        inputs[input]?.ages.push(ageOfCounterMs(clock.counter, systemClock.epochMs(), fps));
    },
    channel: (number) => {
      channelIn = number;
    },
    sound: loudness.push,
    read: () => {
      const loudnessIn = loudness.read();
      return {
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
        ...(channelIn === undefined ? {} : { channelIn }),
        ...(loudnessIn === undefined ? {} : { loudnessIn }),
      };
    },
  };
}

/** The arrivals at one input since it was last read. */
interface Arrivals {
  readonly ages: number[];
  readonly lags: number[];
  /** When the first picture of all would have been stamped 0. */
  firstMs: number | undefined;
}

function arrived(input: Arrivals, ptsMs: number): void {
  const zeroMs = systemClock.epochMs() - ptsMs;
  input.firstMs ??= zeroMs;
  input.lags.push(zeroMs - input.firstMs);
}

/** Every so many samples are enough: up to 6 kHz is heard. */
const SAMPLES_SKIPPED = 4;
const FULL_SCALE = 2 ** 15;

/** Root mean square of signed 16 bit samples, as a share of full scale; undefined without any. */
export function createLoudness() {
  const step = AUDIO.bytesPerSample * SAMPLES_SKIPPED;
  let squares = 0;
  let count = 0;
  /** Bytes until the next sample that counts: chunks end anywhere. */
  let skip = 0;
  let half: number | undefined;
  return {
    push: (chunk: Buffer): void => {
      let at = skip;
      if (half !== undefined && chunk.length > 0) {
        const joined = Buffer.from([half, chunk[0] ?? 0]);
        squares += (joined.readInt16LE(0) / FULL_SCALE) ** 2;
        count++;
        half = undefined;
      }
      for (; at + 1 < chunk.length; at += step) {
        squares += (chunk.readInt16LE(at) / FULL_SCALE) ** 2;
        count++;
      }
      if (at + 1 === chunk.length) {
        half = chunk[at];
        at += step;
      }
      skip = at - chunk.length;
    },
    read: (): number | undefined => {
      const level = count === 0 ? undefined : Math.sqrt(squares / count);
      squares = 0;
      count = 0;
      return level === undefined ? undefined : Math.round(level * 1e5) / 1e5;
    },
  };
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
