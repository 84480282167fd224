// One set-top box: joins the group of its channel, decodes it, shows it, and zaps.

import { systemClock } from '../../harness/kernel/clock.ts';
import { seededRandom } from '../../harness/kernel/random.ts';
import {
  MARK,
  type FrameSample,
  type Mark,
  type ViewerRecord,
} from '../../harness/model/history.ts';
import { numberMeter, readRtp } from '../../harness/model/rtp.ts';
import { continuityMeter, PACKET_BYTES, SYNC_BYTE } from '../../harness/model/transportStream.ts';
import type { ViewerLaunch } from '../../harness/model/world.ts';
import { readPicture } from '../page/picture.ts';
import { application, type Later } from '../page/policy.ts';
import { BOX_DEFAULTS, type BoxConfig } from '../settings/box.ts';
import { readChannel, type TunedChannel } from './channel.ts';
import { startBoxDecoder, type BoxDecoder } from './decoder.ts';
import { joinGroup, type Membership } from './membership.ts';
import { createBoxScreen, type BoxScreen, type Look } from './screen.ts';

export type BoxEvent = Pick<ViewerRecord, 'event' | 'detail' | 'error' | 'reception'>;

export interface BoxOptions {
  readonly launch: ViewerLaunch;
  readonly ffmpeg: string;
  readonly fps: number;
  readonly seed: number;
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

export function startBox(options: BoxOptions): Box {
  const { launch, ffmpeg, fps, onEvent, onFrame } = options;
  const config: BoxConfig = { ...BOX_DEFAULTS, ...launch.group.config };
  const channels = [launch.url, ...(launch.mediaFrom ?? [])].map(readChannel);
  const reception = createReception();
  let at = 0;
  let left = false;
  let hasFailed = false;
  const tune = (): Tuning => {
    const channel = channels[at]!;
    onEvent({ event: 'tune', detail: channel.url });
    return startTuning({ channel, config, fps, ffmpeg, reception, onEvent });
  };
  onEvent({ event: 'join', detail: launch.url });
  let tuning = tune();
  const retune = () => {
    tuning.leave();
    tuning = tune();
  };
  const app = applicationOf(options, () => {
    if (!hasFailed || left) return;
    hasFailed = false;
    onEvent({ event: 'reload' });
    retune();
  });
  const stopZapping = startZapping(config, () => {
    at = (at + 1) % channels.length;
    onEvent({ event: 'leave', detail: 'zap' });
    onEvent({ event: 'join', detail: channels[at]!.url });
    hasFailed = false;
    retune();
  });
  return {
    tick: (atEpochMs) => {
      const shown = tuning.screen.tick(atEpochMs);
      if (shown?.kind === 'error') {
        hasFailed = true;
        onEvent({ event: 'fatal', error: { type: 'networkError', details: 'noSignal' } });
        app.onFatal();
      } else if (shown) {
        // The stream is back: the error page goes by itself.
        if (hasFailed) onEvent({ event: 'startLoad' });
        hasFailed = false;
        tuning.shown();
        onFrame(shown.frame);
      }
    },
    bufferedMs: () => Math.round((tuning.screen.waiting * 1000) / fps),
    tellReception: () => onEvent({ event: 'reception', reception: reception.counts() }),
    leave: () => {
      left = true;
      stopZapping();
      app.leave();
      tuning.leave();
      onEvent({ event: 'reception', reception: reception.counts() });
      onEvent({ event: 'leave' });
    },
  };
}

const applicationOf = ({ launch, seed }: BoxOptions, reload: () => void) =>
  application({
    policy: launch.group.policy,
    random: seededRandom(seed).fork(`policy:${launch.description.id}`),
    later,
    actions: { startLoad: () => undefined, reload },
  });

function startZapping({ zapEveryMs, zaps }: BoxConfig, zap: () => void): () => void {
  if (zapEveryMs === 0) return () => undefined;
  let done = 0;
  const timer = setInterval(() => {
    zap();
    if (zaps > 0 && ++done >= zaps) clearInterval(timer);
  }, zapEveryMs);
  return () => clearInterval(timer);
}

interface TuningOptions extends Pick<BoxOptions, 'fps' | 'ffmpeg' | 'onEvent'> {
  readonly channel: TunedChannel;
  readonly config: BoxConfig;
  readonly reception: Reception;
}

/** The time on one channel. */
interface Tuning {
  readonly screen: BoxScreen;
  /** The display has shown a picture. */
  readonly shown: () => void;
  readonly leave: () => void;
}

function startTuning(options: TuningOptions): Tuning {
  const { channel, config, fps, ffmpeg, reception, onEvent } = options;
  const startedAtMs = systemClock.epochMs();
  const screen = createBoxScreen(config, fps, startedAtMs);
  let isOver = false;
  let hasShown = false;
  const decode = (): BoxDecoder =>
    startBoxDecoder({
      ffmpeg,
      onPicture: (rgba) => {
        const seen = look(rgba, channel.number);
        if (!isDamaged(seen, reception.sinceErrorMs())) screen.picture(seen, systemClock.epochMs());
      },
      onEnded: (why) => {
        if (isOver) return;
        onEvent({ event: 'error', error: { type: 'mediaError', details: `decoder ${why}` } });
        setTimeout(() => (isOver ? undefined : (decoder = decode())), DECODER_AGAIN_MS);
      },
    });
  let decoder = decode();
  const receive = reception.tuned();
  const membership: Membership = joinGroup({
    group: channel.group,
    by: LOOPBACK,
    onDatagram: (datagram) => {
      const packets = receive(datagram);
      if (packets) decoder.write(packets);
    },
    onFailed: (why) => onEvent({ event: 'error', error: { type: 'networkError', details: why } }),
  });
  return {
    screen,
    shown: () => {
      if (hasShown) return;
      hasShown = true;
      const tookMs = Math.round(systemClock.epochMs() - startedAtMs);
      onEvent({ event: 'tuned', detail: `${tookMs} ms` });
    },
    leave: () => {
      isOver = true;
      membership.leave();
      decoder.end();
    },
  };
}

/** Damage stays until the next picture that a decoder can begin with. */
const DAMAGE_MS_MAX = 2_000;
/** Black pictures are darker. */
const DARK_LUMA = 26;

/** A box holds its picture while packets are missing and nothing is to be recognised in the next one. */
const isDamaged = ([mark, , luma]: Look, sinceErrorMs: number): boolean =>
  mark === MARK.none && luma >= DARK_LUMA && sinceErrorMs < DAMAGE_MS_MAX;

/** A decoder that keeps ending does not keep the machine busy. */
const DECODER_AGAIN_MS = 1_000;
/** Groups come in by loopback where the stages are processes of this machine. */
const LOOPBACK = '127.0.0.1';

function look(rgba: Uint8Array, channel: number): Look {
  const { identity, luma } = readPicture(rgba);
  return [markOf(identity, channel), identity?.counter ?? -1, luma];
}

function markOf(identity: ReturnType<typeof readPicture>['identity'], channel: number): Mark {
  if (!identity) return MARK.none;
  if (identity.slate) return MARK.slate;
  return identity.channel === channel ? MARK.programme : MARK.other;
}

interface Reception {
  /** Counts anew from the first datagram of a channel on; gives the packets of each. */
  readonly tuned: () => (datagram: Uint8Array) => Uint8Array | undefined;
  readonly counts: () => NonNullable<ViewerRecord['reception']>;
  /** The time since a packet was missing. */
  readonly sinceErrorMs: () => number;
}

function createReception(): Reception {
  let datagrams = 0;
  let errorAtMs = -Infinity;
  let before = { errors: 0, lost: 0 };
  let now = { errors: () => 0, lost: () => 0 };
  const sum = () => ({ errors: before.errors + now.errors(), lost: before.lost + now.lost() });
  return {
    tuned: () => {
      before = sum();
      const [continuity, numbers] = [continuityMeter(), numberMeter()];
      now = { errors: () => continuity.errors, lost: () => numbers.counts.lost };
      return (datagram) => {
        const packet = readRtp(datagram);
        if (packet) numbers.take(packet);
        const packets = packet?.payload ?? datagram;
        if (packets[0] !== SYNC_BYTE || packets.length % PACKET_BYTES !== 0) return undefined;
        datagrams += 1;
        const errors = continuity.errors;
        continuity.take(packets);
        if (continuity.errors > errors) errorAtMs = systemClock.epochMs();
        return packets;
      };
    },
    sinceErrorMs: () => systemClock.epochMs() - errorAtMs,
    counts: () => ({ datagrams, continuityErrors: sum().errors, lost: sum().lost }),
  };
}
