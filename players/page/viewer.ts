// One viewer: a tile, a player in it, the application around the player, and what is seen.

import type { ToldAlert } from '../../harness/model/alert.ts';
import { seededRandom } from '../../harness/kernel/random.ts';
import type { FrameSample, PlayerError, PlayerSample } from '../../harness/model/history.ts';
import { safeUrl } from '../../harness/model/safeUrl.ts';
import type { ViewerEvent, WallSetup, WallViewer } from '../messages.ts';
import { shownBeside, watchAlerts, type OnAlert } from './alerts.ts';
import { askForAlerts } from './askForAlerts.ts';
import type { Ear } from './ear.ts';
import { liveStatus, type LiveState } from './liveStatus.ts';
import type { Eye } from './eye.ts';
import { byChange, byClock, watchFrames } from './measure.ts';
import type { CreatePlayer, Player, PlayerEvents } from './player.ts';
import { errorText, mediaElementError } from './playerError.ts';
import { application, type Application, type Later } from './policy.ts';
import { readSample, readState } from './element.ts';
import type { EvidenceKeeper } from './evidence.ts';
import type { Tile } from './tile.ts';

export interface ViewerOptions {
  readonly tile: Tile;
  readonly createPlayer: CreatePlayer;
  readonly setup: WallSetup;
  readonly viewer: WallViewer;
  readonly eye: Eye;
  readonly ear: Ear;
  readonly onEvent: (event: ViewerEvent, detail?: string, error?: PlayerError) => void;
  readonly onFrame: (frame: FrameSample) => void;
  readonly onAlert: OnAlert;
  /** Absent where none is kept. */
  readonly evidence?: EvidenceKeeper | undefined;
  /** The time now, on the clock of the page. */
  readonly epochMs: () => number;
}

export interface Viewer {
  /** State of the player now. */
  sample(lateMs: number, atEpochMs: number): PlayerSample;
  /** Brings the caption up to date. */
  show(atEpochMs: number): void;
  /** The element its picture is in now. */
  video(): HTMLVideoElement;
  leave(): void;
  /** Ends the player for another one in its place: the session goes on. */
  end(): void;
}

const later: Later = (ms, act) => {
  const timer = setTimeout(act, ms);
  return () => clearTimeout(timer);
};

export function joinViewer(options: ViewerOptions): Viewer {
  const { tile, viewer, onEvent } = options;
  const app = startApplication(options, {
    startLoad: () => playback.startLoad(),
    startAnew: () => startAnew(),
    goOn: () => goOn(),
  });
  const places = [viewer, ...(viewer.fallbacks ?? [])];
  let at = 0;
  const start = () => {
    const { url, channelNumber } = places[at]!;
    return startPlayback(
      { ...options, viewer: { ...viewer, url, channelNumber } },
      app.onFatal,
      beside,
    );
  };
  const startAnew = () => {
    playback.end();
    playback = start();
  };
  const goOn = () => {
    at = (at + 1) % places.length;
    onEvent('reload', safeUrl(places[at]!.url));
    startAnew();
  };
  onEvent('join', safeUrl(viewer.url));
  const beside = showBeside(options);
  const asked = (viewer.alertsAt ?? []).map((at) => ({
    at,
    stop: askForAlerts(at, (alerts) => beside(at, alerts)),
  }));
  const { startsAfterMs } = viewer;
  let playback =
    startsAfterMs === undefined ? start() : waitToStart(tile, startsAfterMs, startAnew);
  const end = () => {
    app.leave();
    playback.end();
    for (const { at, stop } of asked) {
      stop();
      beside(at, []);
    }
  };
  return {
    sample: (lateMs, atEpochMs) => ({ ...playback.sample(atEpochMs), lateMs }),
    show: (atEpochMs) => {
      const status = liveStatus(playback.state(), atEpochMs);
      tile.show(status);
      options.evidence?.tick(status, atEpochMs);
    },
    video: () => playback.video,
    leave: () => {
      end();
      tile.show('left');
      onEvent('leave');
    },
    end,
  };
}

type Acts = Readonly<Record<'startLoad' | 'startAnew' | 'goOn', () => void>>;

const startApplication = ({ viewer, setup, onEvent }: ViewerOptions, acts: Acts): Application =>
  application({
    policy: viewer.group.policy,
    random: seededRandom(setup.seed).fork(`policy:${viewer.id}`),
    later,
    actions: {
      startLoad: () => {
        onEvent('startLoad');
        acts.startLoad();
      },
      reload: () => {
        onEvent('reload');
        acts.startAnew();
      },
      fallback: acts.goOn,
      channel: acts.goOn,
    },
  });

/** The time from one creation of the player to its end. */
interface Playback {
  readonly video: HTMLVideoElement;
  state(): LiveState;
  sample(atEpochMs: number): Omit<PlayerSample, 'lateMs'>;
  startLoad(): void;
  end(): void;
}

/** Shows below the picture what the application was told last, by the player and where it asked. */
function showBeside({ tile, onAlert, epochMs }: ViewerOptions) {
  const watch = watchAlerts(onAlert);
  const told = new Map<string, readonly ToldAlert[]>();
  return (by: string, news: readonly ToldAlert[]): void => {
    told.set(by, news);
    const alerts = [...told.values()].flat();
    tile.showAlerts(alerts.map(({ text }) => text));
    watch.shows(alerts.map(shownBeside), epochMs());
  };
}

/** A set that is starting: its screen is dark, and there is no player yet. */
function waitToStart(tile: Tile, ms: number, start: () => void): Playback {
  const video = tile.renewVideo();
  const state = { dead: false, started: false, canPlay: false, frame: undefined, movedAtMs: 0 };
  return {
    video,
    state: () => state,
    sample: () => ({ canPlay: false, bufferedMs: 0 }),
    startLoad: () => undefined,
    end: later(ms, start),
  };
}

function startPlayback(
  options: ViewerOptions,
  onFatal: () => void,
  onAlerts: PlayerEvents['alerts'],
): Playback {
  const { tile, viewer, eye, ear, onEvent, onFrame, onAlert, epochMs } = options;
  const video = tile.renewVideo();
  const listening = ear.listen(video);
  let dead = false;
  let frame: FrameSample | undefined;
  let movedAtMs = 0;
  const burntIn = watchAlerts(onAlert);
  const giveUp = (error: PlayerError, detail = errorText(error)): void => {
    dead = true;
    onEvent('fatal', detail, error);
    onFatal();
  };
  const player = options.createPlayer({
    video,
    url: viewer.url,
    config: viewer.group.config,
    events: {
      error: (error) => onEvent('error', errorText(error), error),
      level: (detail) => onEvent('level', detail),
      fatal: (error) => giveUp(error),
      alerts: onAlerts,
    },
  });
  const events = listen(video, onEvent, giveUp);
  const look = viewer.clockless ? byChange() : byClock(viewer.channelNumber);
  const stopWatching = watchFrames(video, eye, look, (next, alert, seen) => {
    if (!frame || next[2] !== frame[2] || next[2] === -1) movedAtMs = next[0];
    frame = next;
    onFrame(next);
    options.evidence?.frame(next, seen);
    burntIn.shows(alert ? [{ ...alert, by: 'picture' }] : [], next[0]);
  });
  player.attach();
  return {
    video,
    state: () => ({ dead, frame, movedAtMs, ...readState(video, frame) }),
    sample: (atEpochMs) => readSample(video, listening.take(atEpochMs)),
    startLoad: () => {
      dead = false;
      player.startLoad();
    },
    end: () => {
      events.abort();
      listening.stop();
      stopWatching();
      endPlayer(player, onEvent);
      burntIn.shows([], epochMs());
      onAlerts('playlist', []);
      onAlerts('segment', []);
    },
  };
}

/** Listens to the element itself; a player hides none of its events. */
function listen(
  video: HTMLVideoElement,
  onEvent: ViewerOptions['onEvent'],
  giveUp: (error: PlayerError, detail: string) => void,
): AbortController {
  const listening = new AbortController();
  const { signal } = listening;
  video.addEventListener('waiting', () => onEvent('waiting'), { signal });
  video.addEventListener('playing', () => onEvent('playing'), { signal });
  video.addEventListener('canplay', () => void video.play().catch(() => undefined), { signal });
  video.addEventListener(
    'error',
    () =>
      giveUp(
        mediaElementError(video.error?.code),
        `media element: ${video.error?.message ?? 'unknown error'}`,
      ),
    { signal },
  );
  return listening;
}

/** A player that cannot be ended must not take the wall with it. */
function endPlayer(player: Player, onEvent: ViewerOptions['onEvent']): void {
  try {
    player.destroy();
  } catch (error) {
    const details = 'destroyFailed';
    onEvent('error', `destroy: ${String(error)}`, { type: 'playerError', details });
  }
}
