// The playout of a channel in virtual time: a picture a tick, to every transcoder of the channel.

import type { Channel } from '../design/flows.ts';
import type { Clock } from '../kernel/clock.ts';
import type { StageFigures } from '../model/counters.ts';
import type { MediaSettings, PlayoutStage } from '../model/scenario.ts';
import { frameCounter, pace } from '../pipeline/pace.ts';
import { startContribution, type Contribution } from './contribution.ts';
import { TIMES } from './constants.ts';
import type { Flow } from './flow.ts';
import type { Picture } from './picture.ts';
import { createStageLife, type StageLife } from './stage.ts';

export interface PlayoutOptions {
  readonly clock: Clock;
  readonly media: MediaSettings;
  readonly stage: PlayoutStage;
  readonly channel: Channel;
  readonly to: readonly Receiver[];
}

/** The transcoder at the end of a link. */
export interface Receiver {
  readonly flow: Flow | undefined;
  readonly isThere: () => boolean;
  readonly onPicture: (picture: Picture) => void;
}

export type Showing = 'programme' | 'black' | 'frozen' | 'other channel';

export interface Playout {
  readonly life: StageLife;
  showing: Showing;
  readonly stats: () => StageFigures;
}

export function startPlayout(options: PlayoutOptions): Playout {
  const { clock, media, channel, to, stage } = options;
  let newest = -1;
  let frozenAt: number | undefined;
  let contributions: readonly Contribution[] = [];
  const pictureOf = (frame: number): Picture => {
    const own = {
      kind: 'programme' as const,
      counter: frameCounter(frame),
      channel: channel.number,
    };
    if (playout.showing !== 'frozen') frozenAt = undefined;
    switch (playout.showing) {
      case 'black':
        return { kind: 'black', counter: -1, channel: channel.number };
      case 'frozen':
        return { ...own, counter: (frozenAt ??= own.counter) };
      case 'other channel':
        return { ...own, channel: channel.number + 1 };
      case 'programme':
        return own;
    }
  };
  const begin = (signal: AbortSignal): void => {
    contributions = to.map((receiver) =>
      startContribution({ clock, media, playout: stage, ...receiver }, signal),
    );
    signal.addEventListener('abort', () => contributions.forEach((one) => one.breakOff()));
    void pace(
      { fps: media.fps, clock },
      ({ frame }) => {
        if (life.state === 'paused') return;
        newest = frameCounter(frame);
        const picture = pictureOf(frame);
        void clock.sleep(TIMES.encodeContributionMs).then(
          () => {
            if (!signal.aborted && life.state === 'works')
              for (const contribution of contributions) contribution.send(picture, frame);
          },
          () => undefined,
        );
      },
      signal,
    );
  };
  const playout: Playout = {
    get life() {
      return life;
    },
    showing: 'programme',
    stats: () => ({
      bytesOut: contributions.reduce((sum, one) => sum + (one.stats().bytesOut ?? 0), 0),
      ...(newest >= 0 && { programmeCounter: newest }),
    }),
  };
  const life: StageLife = createStageLife(clock, (signal) => begin(signal));
  return playout;
}
