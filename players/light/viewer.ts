// One light viewer: a player without a picture, the application around it, and what it showed.

import { seededRandom } from '../../harness/kernel/random.ts';
import type { PlayerError, ViewerRecord } from '../../harness/model/history.ts';
import { errorText } from '../page/playerError.ts';
import { application, type Application } from '../page/policy.ts';
import type { Send, Time } from './load.ts';
import type { LightRecord, LightViewer } from './messages.ts';
import { LightPlayer } from './player.ts';
import { rulesFor } from './settings.ts';
import { ShownSpans } from './shown.ts';

interface LightViewerOptions {
  readonly viewer: LightViewer;
  readonly seed: number;
  readonly startedAtEpochMs: number;
  readonly time: Time;
  readonly send: Send;
  readonly emit: (record: LightRecord) => void;
}

export interface JoinedViewer {
  /** Writes what was shown so far: who watches a run wants to see it now. */
  readonly tell: () => void;
  /** The loop that it runs on stood still. */
  readonly wasLate: (fromEpochMs: number, toEpochMs: number) => void;
  readonly leave: () => void;
  /** Ends the player for another one in its place: the session goes on. */
  readonly end: () => void;
}

export function joinLightViewer(options: LightViewerOptions): JoinedViewer {
  const { viewer, time, emit } = options;
  const spans = new ShownSpans({ ...options, viewer: viewer.id });
  const tell: Tell = (event, detail, error) =>
    emit({
      type: 'viewer',
      viewer: viewer.id,
      event,
      atEpochMs: time.epochMs(),
      ...(detail !== undefined && { detail }),
      ...(error && { error }),
    });
  const app = startApplication(options, tell, {
    startLoad: () => playback.startLoad(),
    startAnew: () => startAnew(),
    goOn: () => goOn(),
  });
  const urls = [viewer, ...(viewer.fallbacks ?? [])].map(({ url }) => url);
  let at = 0;
  const start = () =>
    startPlayback(
      { ...options, viewer: { ...viewer, url: urls[at]! } },
      { spans, tell, onFatal: app.onFatal },
    );
  const startAnew = () => {
    playback.end();
    playback = start();
  };
  const goOn = () => {
    at = (at + 1) % urls.length;
    tell('reload', urls[at]);
    startAnew();
  };
  tell('join', viewer.url);
  const { startsAfterMs } = viewer;
  spans.show('starting', time.epochMs());
  let playback: Playback =
    startsAfterMs === undefined
      ? start()
      : { startLoad: () => undefined, end: time.later(startsAfterMs, startAnew) };
  const end = () => {
    app.leave();
    playback.end();
  };
  return {
    tell: () => spans.tell(time.epochMs()),
    wasLate: (fromEpochMs, toEpochMs) => spans.wasLate(fromEpochMs, toEpochMs),
    end,
    leave: () => {
      end();
      spans.show('left', time.epochMs());
      tell('leave');
    },
  };
}

type Acts = Readonly<Record<'startLoad' | 'startAnew' | 'goOn', () => void>>;

const startApplication = (
  { viewer, seed, time }: LightViewerOptions,
  tell: Tell,
  acts: Acts,
): Application =>
  application({
    policy: viewer.policy,
    random: seededRandom(seed).fork(`policy:${viewer.id}`),
    later: time.later,
    actions: {
      startLoad: () => {
        tell('startLoad');
        acts.startLoad();
      },
      reload: () => {
        tell('reload');
        acts.startAnew();
      },
      fallback: acts.goOn,
      channel: acts.goOn,
    },
  });

type Tell = (event: ViewerRecord['event'], detail?: string, error?: PlayerError) => void;

interface Around {
  readonly spans: ShownSpans;
  readonly tell: Tell;
  readonly onFatal: () => void;
}

interface Playback {
  readonly startLoad: () => void;
  readonly end: () => void;
}

/** The time from one creation of the player to its end. */
function startPlayback(
  { viewer, time, send }: LightViewerOptions,
  { spans, tell, onFatal }: Around,
): Playback {
  let [begun, playing, dead, undated] = [false, false, false, false];
  const stands = () => (dead ? 'dead' : begun ? 'stalled' : 'starting');
  const standStill = (atEpochMs: number): void => {
    playing = false;
    spans.show(stands(), atEpochMs);
  };
  const error = (told: PlayerError) => tell('error', errorText(told), told);
  spans.show('starting', time.epochMs());
  const player = new LightPlayer({
    url: viewer.url,
    rules: rulesFor(viewer),
    send,
    time,
    events: {
      error,
      level: (detail) => tell('level', detail),
      plays: (piece, intoMs, atEpochMs) => {
        if (!playing) tell('playing');
        [begun, playing] = [true, true];
        const isDated = piece.dateEpochMs !== undefined;
        spans.show(isDated ? 'programme' : 'unmeasured', atEpochMs, { piece, intoMs });
        if (!isDated && !undated) error({ type: 'mediaError', details: 'noProgramDateTime' });
        undated ||= !isDated;
      },
      stalls: (atEpochMs) => {
        tell('waiting');
        standStill(atEpochMs);
      },
      fatal: (told) => {
        dead = true;
        tell('fatal', errorText(told), told);
        if (!playing) standStill(time.epochMs());
        onFatal();
      },
    },
  });
  player.attach();
  return {
    startLoad: () => {
      dead = false;
      if (!playing) standStill(time.epochMs());
      player.startLoad();
    },
    end: () => player.destroy(),
  };
}
