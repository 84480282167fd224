// A channel's playout: source -> frame clock -> contribution encoder -> sender.

import { systemClock } from '../../kernel/clock.ts';
import type { PlayoutStage } from '../../model/scenario.ts';
import { audioBytesOf, counterOf, pace, type Tick } from '../pace.ts';
import { blackPicture, stampClock } from '../picture.ts';
import { contributionArgs } from './encoder.ts';
import { startSender } from './sender.ts';
import { startSource } from './source.ts';
import type { RunningStage, StageContext } from '../stage.ts';
import { requireEncoders, startTool, toolError } from '../tool.ts';

export async function startPlayout(context: StageContext): Promise<RunningStage> {
  const { config, signal, log, note, fail } = context;
  const { media, tools } = config;
  const stage = config.stage as PlayoutStage;
  const channel = config.channel ?? { name: 'one', number: 1 };
  const size = { width: media.width, height: media.height };
  await requireEncoders(tools.ffmpeg, log);
  const source = await startSource({
    ...{ ffmpeg: tools.ffmpeg, source: stage.source, size, fps: media.fps, channel, log, fail },
  });
  const sender = config.sendsTo
    ? startSender(
        {
          to: config.sendsTo,
          limitBytes: (stage.sendBufferMs * media.contributionKbps) / 8,
          reconnectMs: stage.reconnectMs,
          note,
        },
        signal,
      )
    : undefined;
  const encoder = startEncoder(context, (packets) => sender?.send(packets));
  const counters = { framesIn: 0, framesOut: 0, framesDropped: 0, programmeCounter: 0 };
  let picture = blackPicture(size);

  const onTick = ({ frame, skipped }: Tick) => {
    const next = source.nextPicture();
    if (next) {
      counters.framesIn++;
      picture = next;
    }
    counters.framesDropped += skipped;
    const sound = source.nextAudio(audioBytesOf(frame, media.fps));
    const counter = counterOf(frame);
    stampClock(picture, size, { counter, channel: channel.number, slate: false });
    // The same buffer may be stamped again for the next frame, so the encoder gets a copy then.
    if (!encoder.write(next ? picture : Buffer.from(picture), sound)) counters.framesDropped++;
    else counters.framesOut++;
    counters.programmeCounter = counter;
  };
  void pace({ fps: media.fps, clock: systemClock }, onTick, signal);
  return {
    stats: () => ({
      ...counters,
      framesFilled: Math.max(0, counters.framesOut - counters.framesIn),
      ...sender?.stats(),
    }),
    stop: () => {
      sender?.stop();
      source.stop();
      encoder.stop();
      return Promise.resolve();
    },
  };
}

function startEncoder({ config, log, fail, signal }: StageContext, onPackets: (b: Buffer) => void) {
  const { media, tools } = config;
  const size = { width: media.width, height: media.height };
  const tool = startTool({
    command: tools.ffmpeg,
    name: 'contribution ffmpeg',
    args: contributionArgs({ size, fps: media.fps, rateKbps: media.contributionKbps }),
    pipes: ['none', 'out', 'in', 'in'],
    log,
  });
  tool.output(1).on('data', onPackets);
  void tool.exited.then((exit) => {
    if (!signal.aborted) fail(toolError('contribution ffmpeg', tools.ffmpeg, exit));
  });
  const [video, audio] = [tool.input(2), tool.input(3)];
  const waitingBytesMax = size.width * size.height * 1.5 * media.fps;
  return {
    /** False when the encoder is so late that this frame was dropped. */
    write: (picture: Buffer, sound: Buffer): boolean => {
      if (video.writableLength > waitingBytesMax) return false;
      video.write(picture);
      audio.write(sound);
      return true;
    },
    stop: () => tool.kill('SIGKILL'),
  };
}
