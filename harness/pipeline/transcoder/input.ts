// Takes the programme in: a receiver, a decoder for each connection, the choice between several
// inputs, and what a channel does that is started without one.

import { stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemClock } from '../../kernel/clock.ts';
import type { TranscoderStage } from '../../model/scenario.ts';
import type { StageStats } from '../contract.ts';
import { brightness, readClock } from '../picture.ts';
import type { StageContext } from '../stage.ts';
import { startDecoder, type DecoderOptions } from './decoder.ts';
import { createInputMeter } from './inputMeter.ts';
import { createInputSelector } from './inputSelector.ts';
import type { Mixer } from './mixer.ts';
import { startReceiver, type ConnectionSink } from './receiver.ts';
import { listenForSrt } from './srtInput.ts';
import { createSoundQueue } from './soundQueue.ts';
import { createStartProbe, type StartProbe } from './startProbe.ts';
import { createWrongMeter } from './wrongMeter.ts';
import { createFormatReader, type FormatReader } from './streamFormat.ts';
import { succeeds } from '../../kernel/succeeds.ts';

/** A decoded picture and its frame clock, when it has one. */
export interface Decoded {
  readonly picture: Buffer;
  readonly counter: number | undefined;
  /** Where its sound is. */
  readonly sound: { readonly input: number; readonly place: number };
}

export interface Input {
  readonly port: number;
  readonly tick: (atMs: number) => void;
  /** The sound of a picture; silence for none. */
  readonly takeSound: (bytes: number, of: Decoded | undefined) => Buffer;
  readonly stats: () => StageStats;
  readonly stop: () => void;
}

/** A receiver, and a decoder for each connection. */
export async function startInput(
  context: StageContext,
  mixer: Mixer<Decoded>,
  counters: { framesIn: number },
): Promise<Input> {
  const { config, log, note, fail } = context;
  const { media, tools, listen, inputs: names = [] } = config;
  const several = names.length > 1 ? names : [];
  const probe = await startProbe(context);
  const choice = createChoice({ config, several, probe, mixer, counters });
  const onConnection = (input: number) => {
    choice.begin(input);
    return readAlong(choice.format(input), {
      ffmpeg: tools.ffmpeg,
      size: media,
      log,
      fail,
      onPicture: (picture) => choice.picture(input, picture),
      onSound: (chunk) => choice.sound(input, chunk),
    });
  };
  const receiver = await startReceiver(listen, several, { onConnection, note });
  const srt = config.listensFor && (await listenForSrt(context, receiver.port));
  return {
    port: receiver.port,
    tick: (atMs) => {
      const input = choice.tick(atMs);
      if (input !== undefined) note(`input: ${input}`);
      const changed = probe.tick(atMs);
      if (changed) note(PROBE_NOTES[changed]);
    },
    takeSound: choice.takeSound,
    stats: () => ({ ...receiver.stats(), ...srt?.stats(), ...choice.stats() }),
    stop: () => {
      srt?.stop();
      receiver.stop();
    },
  };
}

interface ChoiceOptions {
  readonly config: StageContext['config'];
  /** The inputs where there are several. */
  readonly several: readonly string[];
  readonly probe: StartProbe;
  readonly mixer: Mixer<Decoded>;
  readonly counters: { framesIn: number };
}

/**
 * Measures what is decoded of every input and chooses the one that is shown: its pictures go to the
 * mixer as they come, its sound waits for its picture.
 */
function createChoice({ config, several, probe, mixer, counters }: ChoiceOptions) {
  const { media, channel } = config;
  const inputs = Math.max(1, several.length);
  const selector = createInputSelector(inputs, (config.stage as TranscoderStage).inputFailover);
  const sounds = Array.from({ length: inputs }, () => createSoundQueue(media.fps));
  const meter = createInputMeter(media.fps, several, systemClock);
  const wrong = createWrongMeter(channel?.number ?? 1);
  const formats: FormatReader[] = [];
  let programmeCounter: number | undefined;
  return {
    begin: (input: number) => sounds[input]?.reset(),
    format: (input: number): FormatReader =>
      (formats[input] = createFormatReader((ptsMs) => meter.arrival(input, ptsMs))),
    picture: (input: number, picture: Buffer) => {
      const atMs = systemClock.epochMs();
      counters.framesIn++;
      if (several.length > 0) selector.picture(input, brightness(picture, media), atMs);
      const clock = readClock(picture, media);
      meter.picture(input, clock);
      const place = sounds[input]?.placeOf(clock?.slate ? undefined : clock?.counter) ?? 0;
      if (input !== selector.active) return;
      if (clock) meter.channel(clock.channel);
      wrong.picture(input, clock, () => brightness(picture, media));
      const counter = clock && !clock.slate ? clock.counter : undefined;
      programmeCounter = counter ?? programmeCounter;
      if (probe.picture()) mixer.picture({ picture, counter, sound: { input, place } }, atMs);
    },
    sound: (input: number, chunk: Buffer) => {
      if (input === selector.active) wrong.sound(chunk);
      sounds[input]?.push(chunk);
    },
    /** Gives the name of another input when it is chosen. */
    tick: (atMs: number): string | undefined =>
      several.length > 0 && selector.tick(atMs) ? several[selector.active] : undefined,
    takeSound: (bytes: number, of: Decoded | undefined): Buffer =>
      (of && sounds[of.sound.input]?.take(of.sound.place, bytes)) ?? Buffer.alloc(bytes),
    stats: (): StageStats => ({
      ...meter.read(),
      wrongIn: wrong.counts,
      ...contributionStats(formats[selector.active]),
      programmeCounter,
    }),
  };
}

/** A decoder for a connection, and beside it a reader of what the stream says of itself. */
function readAlong(format: FormatReader, options: DecoderOptions): ConnectionSink {
  const decoder = startDecoder(options);
  return {
    ...decoder,
    write: (chunk, whenReady) => {
      format.read(chunk);
      return decoder.write(chunk, whenReady);
    },
  };
}

const contributionStats = (reader: FormatReader | undefined): Pick<StageStats, 'contribution'> =>
  reader ? { contribution: reader.format } : {};

const PROBE_NOTES = {
  failed: 'started without an input: the probe failed, the channel does not run',
  started: 'the channel is started once more',
} as const;

/**
 * Stays in the work folder over the lives of a stage. The first start of all is before the head-end's
 * and waits for it, as an operator would.
 */
const STARTED_FILE = 'started';

async function startProbe({ config, fail }: StageContext): Promise<StartProbe> {
  const { startWithoutInput } = config.stage as TranscoderStage;
  const file = join(config.workDir, STARTED_FILE);
  const before = await succeeds(stat(file));
  await writeFile(file, '').catch(fail);
  return createStartProbe(before ? startWithoutInput : undefined, systemClock.epochMs());
}
