// The running contribution encoder. A change of format ends it and starts another, as a change at
// the head-end does.

import { systemClock } from '../../kernel/clock.ts';
import type { StageContext } from '../stage.ts';
import { startTool, toolError, type Tool } from '../tool.ts';
import { contributionArgs, USUAL_FORMAT, type ContributionFormat } from './encoder.ts';
import { frameBytes } from '../picture.ts';

export interface Contribution {
  /** False when the encoder is so late that this frame was dropped. */
  readonly write: (picture: Buffer, sound: Buffer) => boolean;
  readonly change: (format: ContributionFormat) => void;
  readonly stop: () => void;
}

export function startContribution(
  { config, log, fail, signal }: StageContext,
  gopMs: number,
  onPackets: (packets: Buffer) => void,
): Contribution {
  const { media, tools } = config;
  const startedAtEpochMs = systemClock.epochMs();
  const start = (format: ContributionFormat): Tool => {
    // A new encoder goes on where the one before it was.
    const startsAtMs = systemClock.epochMs() - startedAtEpochMs;
    const { width, height, fps, contributionKbps: rateKbps } = media;
    const tool = startTool({
      command: tools.ffmpeg,
      name: 'contribution ffmpeg',
      args: contributionArgs({
        size: { width, height },
        fps,
        rateKbps,
        gopMs,
        service: config.channel?.name ?? 'one',
        format,
        startsAtMs,
      }),
      pipes: ['none', 'out', 'in', 'in'],
      log,
    });
    tool.output(1).on('data', (packets: Buffer) => {
      if (tool === current) onPackets(packets);
    });
    void tool.exited.then((exit) => {
      if (tool === current && !signal.aborted) {
        fail(toolError('contribution ffmpeg', tools.ffmpeg, exit));
      }
    });
    return tool;
  };
  let format = USUAL_FORMAT;
  let current = start(format);
  const waitingBytesMax = frameBytes(media) * media.fps;
  return {
    write: (picture, sound) => {
      const video = current.input(2);
      if (video.writableLength > waitingBytesMax) return false;
      video.write(picture);
      current.input(3).write(sound);
      return true;
    },
    change: (wanted) => {
      if (JSON.stringify(wanted) === JSON.stringify(format)) return;
      format = wanted;
      const old = current;
      current = start(format);
      old.kill('SIGKILL');
    },
    stop: () => current.kill('SIGKILL'),
  };
}
