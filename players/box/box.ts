// One set-top box: boots through the portal where there is one, shows its channel, and zaps.

import { seededRandom } from '../../harness/kernel/random.ts';
import { systemClock } from '../../harness/kernel/clock.ts';
import type { ToldAlert } from '../../harness/model/alert.ts';
import { errorMessage } from '../../harness/model/errors.ts';
import type { FrameSample } from '../../harness/model/history.ts';
import type { ViewerLaunch } from '../../harness/model/world.ts';
import { shownBeside, watchAlerts, type AlertWatch, type OnAlert } from '../page/alerts.ts';
import { application, type Application, type Later } from '../page/policy.ts';
import { BOX_DEFAULTS, type BoxConfig } from '../settings/box.ts';
import { bootThrough } from './boot.ts';
import { readChannel, type TunedChannel } from './channel.ts';
import type { BoxesSettings } from './messages.ts';
import { listenForAlerts } from './pushed.ts';
import { createReception, type Reception } from './reception.ts';
import { startTuning, type BoxEvent, type Tuning, type TuningOptions } from './tuning.ts';

export interface BoxOptions extends Pick<BoxesSettings, 'fps' | 'seed' | 'by'> {
  readonly takeDecoder: TuningOptions['takeDecoder'];
  readonly launch: ViewerLaunch;
  readonly onEvent: (event: BoxEvent) => void;
  readonly onFrame: (frame: FrameSample) => void;
}

export interface Box {
  readonly tick: (atEpochMs: number) => void;
  readonly bufferedMs: () => number;
  /** Says what it received so far. */
  readonly tellReception: () => void;
  readonly leave: () => void;
}

const later: Later = (ms, act) => {
  const timer = setTimeout(act, ms);
  return () => clearTimeout(timer);
};

/** A box from being switched on to being switched off. */
interface SwitchedOn {
  readonly options: BoxOptions;
  readonly config: BoxConfig;
  readonly channels: readonly TunedChannel[];
  readonly reception: Reception;
  readonly off: AbortController;
  at: number;
  /** It shows its error page. */
  hasFailed: boolean;
  app?: Application;
  tuning?: Tuning;
  readonly burntIn: AlertWatch;
  readonly beside: AlertWatch;
  stopZapping?: () => void;
}

export function startBox(options: BoxOptions): Box {
  const { launch, fps, onEvent } = options;
  const onAlert: OnAlert = (event, alert) => onEvent({ event, alert });
  const box: SwitchedOn = {
    options,
    config: { ...BOX_DEFAULTS, ...launch.group.config },
    channels: [launch.url, ...(launch.mediaFrom ?? [])].map(readChannel),
    reception: createReception(),
    off: new AbortController(),
    at: 0,
    hasFailed: false,
    burntIn: watchAlerts(onAlert),
    beside: watchAlerts(onAlert),
  };
  box.app = startApplication(box);
  onEvent({ event: 'join', detail: launch.url });
  start(box);
  const told = new Map<string, readonly ToldAlert[]>();
  for (const at of launch.alertsAt ?? []) {
    const tell = (alerts: readonly ToldAlert[]) => {
      told.set(at, alerts);
      box.beside.shows([...told.values()].flat().map(shownBeside), systemClock.epochMs());
    };
    void listenForAlerts(at, tell, box.off.signal);
  }
  const tellReception = () => onEvent({ event: 'reception', reception: box.reception.counts() });
  return {
    tick: (atEpochMs) => show(box, atEpochMs),
    bufferedMs: () => Math.round(((box.tuning?.screen.waiting ?? 0) * 1000) / fps),
    tellReception,
    leave: () => {
      box.off.abort();
      box.stopZapping?.();
      box.app?.leave();
      box.tuning?.leave();
      box.burntIn.shows([], systemClock.epochMs());
      box.beside.shows([], systemClock.epochMs());
      tellReception();
      onEvent({ event: 'leave' });
    },
  };
}

/** A box that is through the portal needs it no more. */
function start(box: SwitchedOn): void {
  const { portal } = box.options.launch;
  if (portal === undefined || box.tuning) watch(box);
  else void boot(box, portal);
}

async function boot(box: SwitchedOn, portal: string): Promise<void> {
  const { options, config, channels, off } = box;
  options.onEvent({ event: 'boot' });
  const why = await bootThrough({
    portal,
    box: options.launch.description.id,
    channel: channels[box.at]!.number,
    signal: AbortSignal.any([off.signal, AbortSignal.timeout(config.bootMs)]),
  }).then(() => undefined, errorMessage);
  if (off.signal.aborted) return;
  if (why !== undefined) return fail(box, why);
  options.onEvent({ event: 'booted' });
  watch(box);
}

function watch(box: SwitchedOn): void {
  tune(box);
  box.stopZapping ??= startZapping(box.config, () => zap(box));
}

function tune(box: SwitchedOn): void {
  const { options, config, reception } = box;
  const channel = box.channels[box.at]!;
  box.tuning?.leave();
  options.onEvent({ event: 'tune', detail: channel.url });
  box.tuning = startTuning({ ...options, channel, config, reception });
}

function zap(box: SwitchedOn): void {
  const { channels, options } = box;
  box.at = (box.at + 1) % channels.length;
  options.onEvent({ event: 'leave', detail: 'zap' });
  options.onEvent({ event: 'join', detail: channels[box.at]!.url });
  box.hasFailed = false;
  tune(box);
}

function fail(box: SwitchedOn, details: string): void {
  box.hasFailed = true;
  box.options.onEvent({ event: 'fatal', error: { type: 'networkError', details } });
  box.app?.onFatal();
}

function show(box: SwitchedOn, atEpochMs: number): void {
  const { onEvent, onFrame } = box.options;
  const shown = box.tuning?.screen.tick(atEpochMs);
  if (!shown) return;
  const alert = shown.kind === 'picture' ? shown.alert : undefined;
  box.burntIn.shows(alert ? [{ ...alert, by: 'picture' }] : [], atEpochMs);
  if (shown.kind === 'error') return fail(box, 'noSignal');
  // The stream is back: the error page goes by itself.
  if (box.hasFailed) onEvent({ event: 'startLoad' });
  box.hasFailed = false;
  box.tuning?.shown();
  onFrame(shown.frame);
}

function startApplication(box: SwitchedOn): Application {
  const { launch, seed, onEvent } = box.options;
  const reload = () => {
    if (!box.hasFailed || box.off.signal.aborted) return;
    box.hasFailed = false;
    onEvent({ event: 'reload' });
    start(box);
  };
  return application({
    policy: launch.group.policy,
    random: seededRandom(seed).fork(`policy:${launch.description.id}`),
    later,
    actions: { startLoad: () => undefined, reload },
  });
}

function startZapping({ zapEveryMs, zaps }: BoxConfig, zap: () => void): () => void {
  if (zapEveryMs === 0) return () => undefined;
  let done = 0;
  const timer = setInterval(() => {
    zap();
    if (zaps > 0 && ++done >= zaps) clearInterval(timer);
  }, zapEveryMs);
  return () => clearInterval(timer);
}
