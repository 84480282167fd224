// The transcoder of a channel in virtual time: the production choice of inputs, mixer, packager and
// uploader, with an encoder and a way to its origins that are modelled.

import type { Channel } from '../design/flows.ts';
import type { Clock } from '../kernel/clock.ts';
import type { ToldAlert } from '../model/alert.ts';
import { dateRangeTags } from '../model/dateRange.ts';
import type { StageFigures } from '../model/counters.ts';
import type { StatsRecord } from '../model/history.ts';
import type { InserterStage, MediaSettings, TranscoderStage } from '../model/scenario.ts';
import type { Address } from '../model/world.ts';
import { takeAlertTurns } from '../pipeline/alertBanner.ts';
import { alertsIn } from '../pipeline/contract.ts';
import { frameCounter, pace } from '../pipeline/pace.ts';
import { createInputSelector } from '../pipeline/transcoder/inputSelector.ts';
import { createMixer, type Output } from '../pipeline/transcoder/mixer.ts';
import { startPackager, type Packager } from '../pipeline/transcoder/packager.ts';
import { createStartProbe } from '../pipeline/transcoder/startProbe.ts';
import type { Send, UploadCounters } from '../pipeline/transcoder/uploader.ts';
import type { Contents } from './contents.ts';
import { startContribution } from './contribution.ts';
import { startEncoder } from './encoder.ts';
import { encodeInTurn, withAlert, type Picture } from './picture.ts';
import type { Receiver } from './playout.ts';
import { createStageLife, type StageLife } from './stage.ts';

export interface TranscoderOptions {
  readonly clock: Clock;
  readonly media: MediaSettings;
  readonly stage: TranscoderStage | InserterStage;
  readonly channel: Channel;
  readonly contents: Contents;
  readonly inputs: number;
  /** The ways to its origins. */
  readonly sends: readonly Send[];
  /** The inserters that take what it puts out as a stream. */
  readonly streamsTo: readonly Receiver[];
  readonly fail: (error: unknown) => void;
}

export interface Transcoder {
  readonly life: StageLife;
  /** Takes alerts for the picture and for playlists, as the program does. */
  readonly command: (command: Readonly<Record<string, unknown>>) => void;
  readonly onPicture: (input: number, picture: Picture) => void;
  dateErrorMs: number;
  readonly stats: () => StageFigures & Pick<StatsRecord, 'fill'>;
}

type Fill = NonNullable<StatsRecord['fill']>;

const FILL_OF: Readonly<Record<Output<Picture>['kind'], Fill>> = {
  programme: 'none',
  repeat: 'repeat',
  black: 'black',
  slate: 'slate',
  paused: 'paused',
};
const SILENCE = Buffer.alloc(0);
/** The share of white of a picture of the programme, for a choice that goes by black. */
const LIGHT = 0.5;

export function startTranscoder(options: TranscoderOptions): Transcoder {
  const { clock, stage, inputs } = options;
  let running: Running | undefined;
  let firstLife = true;
  const begin = (signal: AbortSignal): void => {
    const probing = firstLife ? undefined : stage.startWithoutInput;
    firstLife = false;
    const started = startLife(options, signal);
    const probe = createStartProbe(probing, clock.epochMs());
    const selector = createInputSelector(Math.max(1, inputs), stage.inputFailover);
    running = { ...started, selector, probe };
    void pace(
      { fps: options.media.fps, clock },
      ({ frame, dueEpochMs }) => {
        if (life.state === 'paused') return;
        if (inputs > 1) selector.tick(dueEpochMs);
        probe.tick(dueEpochMs);
        started.packager.skewMs = transcoder.dateErrorMs;
        started.tick(frame, dueEpochMs);
      },
      signal,
    );
  };
  const transcoder: Transcoder = {
    get life() {
      return life;
    },
    command: (command) => running?.command(command),
    dateErrorMs: 0,
    onPicture: (input, picture) => {
      if (!running || life.state !== 'works') return;
      const { selector, probe, mixer } = running;
      const atMs = clock.epochMs();
      if (inputs > 1) selector.picture(input, picture.kind === 'black' ? 0 : LIGHT, atMs);
      if ((inputs > 1 && input !== selector.active) || !probe.picture()) return;
      running.take(picture);
      mixer.picture(picture, atMs);
    },
    stats: () => running?.stats() ?? {},
  };
  const life: StageLife = createStageLife(clock, begin);
  return transcoder;
}

interface Life {
  readonly mixer: ReturnType<typeof createMixer<Picture>>;
  readonly packager: Packager;
  readonly tick: (frame: number, dueEpochMs: number) => void;
  readonly command: Transcoder['command'];
  readonly take: (picture: Picture) => void;
  readonly stats: Transcoder['stats'];
}

interface Running extends Life {
  readonly selector: ReturnType<typeof createInputSelector>;
  readonly probe: ReturnType<typeof createStartProbe>;
}

/** One life of the program. */
function startLife(options: TranscoderOptions, signal: AbortSignal): Life {
  const { clock, stage, channel } = options;
  const mixer = createMixer<Picture>(stage);
  const encode = encodeInTurn();
  const counters = { uploads: 0, uploadErrors: 0, bytesOut: 0 };
  const alerts = takeAlertTurns();
  const told: Told = { inPlaylists: [] };
  const packager = makePackager(options, { counters, told }, signal);
  const streams = startStreams(options, signal);
  let fill: Fill = 'paused';
  let framesIn = 0;
  let framesOut = 0;
  let framesFilled = 0;
  let newest: number | undefined;
  return {
    mixer,
    packager,
    command: (command) => {
      const inPicture = alertsIn(command, 'alertsInPicture');
      if (inPicture) alerts.set(inPicture);
      told.inPlaylists = alertsIn(command, 'alertsInPlaylist') ?? told.inPlaylists;
    },
    take: ({ kind, counter }) => {
      framesIn++;
      if (kind === 'programme') newest = counter;
    },
    tick: (frame, dueEpochMs) => {
      const output = mixer.tick(dueEpochMs);
      fill = FILL_OF[output.kind];
      if (output.kind === 'paused') return packager.pause();
      framesOut++;
      if (output.kind !== 'programme') framesFilled++;
      const picture = withAlert(drawn(output, frame, channel), alerts.at(dueEpochMs));
      const isProgramme = output.kind === 'programme' && picture.kind === 'programme';
      const counter = isProgramme ? picture.counter : undefined;
      packager.write(encode(picture), SILENCE, {
        frame,
        atEpochMs: clock.epochMs(),
        counter,
      });
      for (const stream of streams) stream.send(picture, frame);
    },
    stats: () => ({
      ...counters,
      fill,
      framesIn,
      framesOut,
      framesFilled,
      framesDropped: mixer.framesDropped,
      segmentsDropped: packager.segmentsDropped,
      programmeCounter: newest,
    }),
  };
}

/** Its own sender's times; a picture to begin with comes every second. */
const STREAM = { sendBufferMs: 1_000, reconnectMs: 500, gopMs: 1_000 };

function startStreams({ clock, media, streamsTo }: TranscoderOptions, signal: AbortSignal) {
  const streams = streamsTo.map((receiver) =>
    startContribution({ clock, media, playout: STREAM, ...receiver }, signal),
  );
  signal.addEventListener('abort', () => streams.forEach((one) => one.breakOff()));
  return streams;
}

interface Told {
  inPlaylists: readonly ToldAlert[];
}

interface Publishing {
  readonly counters: UploadCounters;
  readonly told: Told;
}

function makePackager(
  options: TranscoderOptions,
  { counters, told }: Publishing,
  signal: AbortSignal,
): Packager {
  const { clock, media, stage, channel, contents, sends, fail } = options;
  const ways = new Map(
    sends.map((send, port): [Address, Send] => [{ host: 'origin', port }, send]),
  );
  return startPackager(
    {
      clock,
      media,
      counters,
      fail,
      dateRanges: () => dateRangeTags(told.inPlaylists),
      upload: stage.upload,
      log: () => undefined,
      encode: (life) => startEncoder({ clock, media, contents }, life),
      sendTo: (to) => ways.get(to)!,
      channel: channel.name,
      to: [...ways.keys()],
      epochLocked: stage.epochLocked ?? false,
    },
    signal,
  );
}

function drawn(
  output: Exclude<Output<Picture>, { kind: 'paused' }>,
  frame: number,
  { number }: Channel,
): Picture {
  if (output.kind === 'programme' || output.kind === 'repeat') return output.picture;
  if (output.kind === 'slate')
    return { kind: 'slate', counter: frameCounter(frame), channel: number };
  return { kind: 'black', counter: -1, channel: number };
}
