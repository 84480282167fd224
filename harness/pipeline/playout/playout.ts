// A channel's playout: source -> content faults and frame clock -> contribution encoder -> sender.

import { systemClock } from '../../kernel/clock.ts';
import type { PlayoutStage } from '../../model/scenario.ts';
import { createAlertBanner } from '../alertBanner.ts';
import { alertsIn } from '../contract.ts';
import { audioBytes, frameCounter, pace, type Tick } from '../pace.ts';
import { blackPicture } from '../picture.ts';
import type { RunningStage, StageContext } from '../stage.ts';
import { requireEncoders } from '../tool.ts';
import { createContent } from './content.ts';
import { startContribution } from './contribution.ts';
import { stampSound } from './soundClock.ts';
import { startSource } from './source.ts';
import { listWays, sentBy } from './ways.ts';

export async function startPlayout(context: StageContext): Promise<RunningStage> {
  const { config, signal, log, fail } = context;
  const { media, tools } = config;
  const { fps } = media;
  const channel = config.channel ?? { name: 'one', number: 1 };
  const size = { width: media.width, height: media.height };
  const drawn = { source: (config.stage as PlayoutStage).source, size, fps, channel };
  const [source] = await Promise.all([
    startSource({ ...drawn, ffmpeg: tools.ffmpeg, log, fail }),
    requireEncoders(tools.ffmpeg, log),
  ]);
  const { sendBufferMs, reconnectMs, gopMs } = config.stage as PlayoutStage;
  const ways = listWays(context, config.sendsTo, { sendBufferMs, reconnectMs });
  const contribution = startContribution(context, gopMs, (packets) =>
    ways.forEach(({ sender }) => sender.send(packets)),
  );
  const content = createContent(size, channel.number);
  const banner = createAlertBanner(size);
  const counters = { framesIn: 0, framesOut: 0, framesDropped: 0, framesFilled: 0 };
  let programmeCounter: number | undefined;
  let picture = blackPicture(size);

  const onTick = ({ frame, dueEpochMs, skipped }: Tick) => {
    const next = source.nextPicture();
    if (next) counters.framesIn++;
    else counters.framesFilled++;
    // The encoder may still read the last picture, so that it must not be stamped again.
    picture = next ?? Buffer.from(picture);
    const sound = source.nextAudio(audioBytes(frame, fps));
    if (content.silent) sound.fill(0);
    else stampSound(sound, frame, fps);
    const sent = content.picture(picture, frameCounter(frame));
    if (contribution.write(banner.over(sent.picture, dueEpochMs), sound)) counters.framesOut++;
    else counters.framesDropped++;
    counters.framesDropped += skipped;
    programmeCounter = sent.counter ?? programmeCounter;
  };
  void pace({ fps, clock: systemClock }, onTick, signal);
  return {
    stats: () => ({ ...counters, ...sentBy(ways), programmeCounter }),
    command: (command) => {
      const alerts = alertsIn(command, 'alertsInPicture');
      if (alerts) return banner.set(alerts);
      content.command(command);
      contribution.change(content.format);
    },
    stop: () => {
      ways.forEach(({ sender }) => sender.stop());
      source.stop();
      contribution.stop();
      return Promise.resolve();
    },
  };
}
