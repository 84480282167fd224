// A channel's transcoder or inserter: receiver -> decoder -> mixer -> ladder -> uploader.

import { systemClock } from '../../kernel/clock.ts';
import type { TranscoderStage } from '../../model/scenario.ts';
import type { ToldAlert } from '../../model/alert.ts';
import { dateRangeTags } from '../../model/dateRange.ts';
import { alertsTag } from '../../model/id3.ts';
import { filledNote } from '../../model/calibration.ts';
import { createAlertBanner, type AlertBanner } from '../alertBanner.ts';
import { alertsIn, type FillCommand } from '../contract.ts';
import { audioBytes, frameCounter, pace, type Tick } from '../pace.ts';
import { blackPicture, slatePicture, stampClock } from '../picture.ts';
import type { RunningStage, StageContext } from '../stage.ts';
import { requireEncoders } from '../tool.ts';
import { startBroadcast } from './broadcast.ts';
import { httpSend } from './httpSend.ts';
import { startInput, type Decoded } from './input.ts';
import { startLadder } from './ladder.ts';
import { createMixer, GAP_MS_MAX, type Mixer, type Output } from './mixer.ts';
import { startPackager, type Packager } from './packager.ts';
import { createTagger } from './timedMetadata.ts';
import type { UploadCounters } from './uploader.ts';

export async function startTranscoder(context: StageContext): Promise<RunningStage> {
  const { config, signal, log, note } = context;
  const { media, tools } = config;
  await requireEncoders(tools.ffmpeg, log);
  const counters = {
    framesIn: 0,
    framesOut: 0,
    framesFilled: 0,
    uploads: 0,
    uploadErrors: 0,
    bytesOut: 0,
  };
  const mixer = createMixer<Decoded>(config.stage as TranscoderStage);
  const input = await startInput(context, mixer, counters);
  const told: Told = { inPlaylists: [], tag: undefined };
  const packager = publish(context, counters, told);
  const broadcast = startBroadcast(context);
  const draw = drawings(config);
  const banner = createAlertBanner(media);
  const announce = announcer(note);
  const forced = forcedFills(mixer, media.fps, note);
  let [fill, late]: [Output<Decoded>['kind'], number] = ['paused', 0];

  const onTick = ({ frame, dueEpochMs, skipped }: Tick) => {
    late += skipped;
    input.tick(dueEpochMs);
    const output = mixer.tick(dueEpochMs);
    forced.onFrame(dueEpochMs);
    fill = output.kind;
    announce(fill, dueEpochMs);
    const shown = output.kind === 'programme' ? output.picture : undefined;
    const sound = input.takeSound(audioBytes(frame, media.fps), shown);
    if (output.kind === 'paused') return packager.pause();
    const picture = banner.over(draw(output, frame), dueEpochMs);
    const { counter } = shown ?? { counter: undefined };
    if (!packager.write(picture, sound, { frame, atEpochMs: dueEpochMs, counter })) late++;
    broadcast.write(picture, sound);
    counters.framesOut++;
    if (!shown) counters.framesFilled++;
  };
  void pace({ fps: media.fps, clock: systemClock }, onTick, signal);
  return {
    port: input.port,
    stats: () => ({
      ...counters,
      ...input.stats(),
      ...broadcast.stats(),
      framesDropped: mixer.framesDropped + late,
      segmentsDropped: packager.segmentsDropped,
      fill: fillOf(fill),
    }),
    command: (command) => takeCommand(command, { banner, packager, forced, told }),
    stop: () => {
      input.stop();
      packager.stop();
      broadcast.stop();
      return Promise.resolve();
    },
  };
}

/** Alerts in force; playlists and segments carry them from the next segment on. */
interface Told {
  inPlaylists: readonly ToldAlert[];
  /** Once one was told, each segment says which are in force, and be it none. */
  tag: Uint8Array | undefined;
}

interface Commanded {
  readonly told: Told;
  readonly banner: AlertBanner;
  readonly packager: Packager;
  readonly forced: ReturnType<typeof forcedFills>;
}

function takeCommand(
  command: Readonly<Record<string, unknown>>,
  { banner, packager, forced, told }: Commanded,
): void {
  const inPicture = alertsIn(command, 'alertsInPicture');
  const inPlaylist = alertsIn(command, 'alertsInPlaylist');
  const inSegments = alertsIn(command, 'alertsInSegments');
  if (inPicture) banner.set(inPicture);
  else if (inPlaylist) told.inPlaylists = inPlaylist;
  else if (inSegments) told.tag = alertsTag(inSegments);
  else if (typeof command.clockSkewMs === 'number') packager.skewMs = command.clockSkewMs;
  else forced.begin(command as unknown as FillCommand);
}

/** The packager of a stage, which encodes by ffmpeg and uploads over HTTP. */
function publish(
  { config, signal, log, fail }: StageContext,
  counters: UploadCounters,
  told: Told,
): Packager {
  const { media, tools, workDir } = config;
  const stage = config.stage as TranscoderStage;
  const tagger = createTagger(media);
  return startPackager(
    {
      clock: systemClock,
      tagged: (segment) =>
        told.tag && segment.track < media.ladder.length ? tagger(told.tag, segment) : segment.body,
      media,
      upload: stage.upload,
      counters,
      dateRanges: () => dateRangeTags(told.inPlaylists),
      log,
      fail,
      encode: (life) => startLadder({ ffmpeg: tools.ffmpeg, media, workDir, log, ...life }),
      sendTo: (to) => httpSend(to, config.uploadToken, signal),
      channel: config.channel?.name ?? 'one',
      to: config.sendsTo.filter(({ stream }) => !stream),
      epochLocked: stage.epochLocked ?? false,
    },
    signal,
  );
}

const fillOf = (kind: Output<Decoded>['kind']) => (kind === 'programme' ? 'none' : kind);

/** Notes what is put out when it changes; a repeat that is only jitter is not worth a note. */
function announcer(note: (detail: string) => void) {
  let said: Output<Decoded>['kind'] = 'paused';
  let repeatingSinceMs = Infinity;
  return (kind: Output<Decoded>['kind'], atMs: number) => {
    repeatingSinceMs = kind === 'repeat' ? Math.min(repeatingSinceMs, atMs) : Infinity;
    const jitter = kind === 'repeat' && atMs - repeatingSinceMs < GAP_MS_MAX;
    if (kind === said || jitter) return;
    said = kind;
    note(`output: ${fillOf(kind)}`);
  };
}

function drawings({ media, channel: own }: StageContext['config']) {
  const black = blackPicture(media);
  const slate = slatePicture(media);
  const channel = own?.number ?? 1;
  return (output: Exclude<Output<Decoded>, { kind: 'paused' }>, frame: number): Buffer => {
    // The programme keeps the clock of its playout; a repeated frame repeats its counter.
    if ('picture' in output) return output.picture.picture;
    if (output.kind === 'black') return black;
    const picture = Buffer.from(slate);
    stampClock(picture, media, { counter: frameCounter(frame), channel, slate: true });
    return picture;
  };
}

/** Fills of exactly so many frames, put in by command, for benches that need to know the truth. */
function forcedFills(mixer: Mixer<Decoded>, fps: number, note: (detail: string) => void) {
  let running:
    { fill: FillCommand['fill']; frames: number; left: number; firstEpochMs: number } | undefined;
  return {
    begin: ({ fill, forMs }: FillCommand) => {
      if (!['black', 'freeze', 'slate'].includes(fill)) throw new Error('unknown command');
      if (!(forMs > 0)) throw new Error('forMs is not a positive number');
      const frames = Math.max(1, Math.round((forMs * fps) / 1000));
      running = { fill, frames, left: frames, firstEpochMs: 0 };
      mixer.force(fill, frames);
    },
    onFrame: (atEpochMs: number) => {
      if (!running) return;
      if (running.left === running.frames) running.firstEpochMs = atEpochMs;
      if (--running.left > 0) return;
      note(filledNote({ ...running, lastEpochMs: atEpochMs }));
      running = undefined;
    },
  };
}
