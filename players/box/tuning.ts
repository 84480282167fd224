// The time of a set-top box on one channel: it joins the group, decodes, and shows.

import { systemClock } from '../../harness/kernel/clock.ts';
import { MARK, type Mark, type ViewerRecord } from '../../harness/model/history.ts';
import { lumaOfRgba, readPicture } from '../page/picture.ts';
import type { BoxConfig } from '../settings/box.ts';
import type { TunedChannel } from './channel.ts';
import { startBoxDecoder, type BoxDecoder, type DecoderProcess } from './decoder.ts';
import { joinGroup, type Membership } from './membership.ts';
import type { Reception } from './reception.ts';
import { startRepair } from './repair.ts';
import { createBoxScreen, type BoxScreen, type Look } from './screen.ts';

export type BoxEvent = Pick<ViewerRecord, 'event' | 'detail' | 'error' | 'reception' | 'alert'>;

export interface TuningOptions {
  readonly takeDecoder: () => DecoderProcess;
  readonly fps: number;
  /** Address of the interface that groups come in by. */
  readonly by: string;
  readonly onEvent: (event: BoxEvent) => void;
  readonly channel: TunedChannel;
  readonly config: BoxConfig;
  readonly reception: Reception;
}

export interface Tuning {
  readonly screen: BoxScreen;
  /** The display has shown a picture. */
  readonly shown: () => void;
  readonly leave: () => void;
}

export function startTuning(options: TuningOptions): Tuning {
  const { channel, config, fps, by, takeDecoder, reception, onEvent } = options;
  const startedAtMs = systemClock.epochMs();
  const screen = createBoxScreen(config, fps, startedAtMs);
  let isOver = false;
  let hasShown = false;
  const decode = (): BoxDecoder =>
    startBoxDecoder({
      take: takeDecoder,
      onPicture: (rgba) => {
        const { identity, luma, alert } = readPicture(lumaOfRgba(rgba));
        const seen: Look = [chooseMark(identity, channel.number), identity?.counter ?? -1, luma];
        if (!isDamaged(seen, reception.sinceErrorMs()))
          screen.picture(seen, systemClock.epochMs(), alert);
      },
      onEnded: (why) => {
        if (isOver) return;
        onEvent({ event: 'error', error: { type: 'mediaError', details: `decoder ${why}` } });
        setTimeout(() => (isOver ? undefined : (decoder = decode())), DECODER_AGAIN_MS);
      },
    });
  let decoder = decode();
  const repair =
    channel.repair &&
    startRepair({
      server: channel.repair,
      by,
      config,
      onPackets: (packets) => onReceived(packets),
    });
  const receive = reception.tuned(repair);
  const onReceived = (datagram: Uint8Array) => {
    const packets = receive(datagram);
    if (packets) decoder.write(packets);
  };
  const membership: Membership = joinGroup({
    group: channel.group,
    by,
    onDatagram: repair?.take ?? onReceived,
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
      repair?.leave();
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

function chooseMark(identity: ReturnType<typeof readPicture>['identity'], channel: number): Mark {
  if (!identity) return MARK.none;
  if (identity.slate) return MARK.slate;
  return identity.channel === channel ? MARK.programme : MARK.other;
}
