// The playout of a channel in virtual time: a picture a tick, to every transcoder of the channel.

import type { Channel } from '../design/flows.ts';
import { callAfter, type Clock } from '../kernel/clock.ts';
import type { StageFigures } from '../model/counters.ts';
import type { MediaSettings, PlayoutStage } from '../model/scenario.ts';
import { takeAlertTurns, type AlertTurns } from '../pipeline/alertBanner.ts';
import { frameCounter, pace } from '../pipeline/pace.ts';
import { startContribution, type Contribution } from './contribution.ts';
import { TIMES } from './constants.ts';
import type { Flow } from './flow.ts';
import { withAlert, type Picture } from './picture.ts';
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
  /** Alerts that it burns into its picture; a life that begins anew has forgotten them. */
  readonly alerts: AlertTurns;
  showing: Showing;
  readonly stats: () => StageFigures;
}

export function startPlayout(options: PlayoutOptions): Playout {
  const { clock, media, channel, to, stage } = options;
  let newest = -1;
  let contributions: readonly Contribution[] = [];
  const pictureOf = drawProgramme(channel);
  const alerts = takeAlertTurns();
  const begin = (signal: AbortSignal): void => {
    alerts.set([]);
    contributions = to.map((receiver) =>
      startContribution({ clock, media, playout: stage, ...receiver }, signal),
    );
    signal.addEventListener('abort', () => contributions.forEach((one) => one.breakOff()));
    void pace(
      { fps: media.fps, clock },
      ({ frame, dueEpochMs }) => {
        if (life.state === 'paused') return;
        newest = frameCounter(frame);
        const picture = withAlert(pictureOf(frame, playout.showing), alerts.at(dueEpochMs));
        callAfter(clock, TIMES.encodeContributionMs, () => {
          if (!signal.aborted && life.state === 'works')
            for (const contribution of contributions) contribution.send(picture, frame);
        });
      },
      signal,
    );
  };
  const playout: Playout = {
    get life() {
      return life;
    },
    alerts,
    showing: 'programme',
    stats: () => ({
      bytesOut: contributions.reduce((sum, one) => sum + (one.stats().bytesOut ?? 0), 0),
      ...(newest >= 0 && { programmeCounter: newest }),
    }),
  };
  const life: StageLife = createStageLife(clock, (signal) => begin(signal));
  return playout;
}

function drawProgramme({ number: channel }: Channel): (frame: number, showing: Showing) => Picture {
  let frozenAt: number | undefined;
  return (frame, showing) => {
    const own = { kind: 'programme' as const, counter: frameCounter(frame), channel };
    if (showing !== 'frozen') frozenAt = undefined;
    switch (showing) {
      case 'black':
        return { kind: 'black', counter: -1, channel };
      case 'frozen':
        return { ...own, counter: (frozenAt ??= own.counter) };
      case 'other channel':
        return { ...own, channel: channel + 1 };
      case 'programme':
        return own;
    }
  };
}
