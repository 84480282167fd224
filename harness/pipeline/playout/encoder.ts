// The contribution encoder: raw pictures and sound in, one MPEG transport stream out, at a
// constant rate and with as little delay as x264 can do.

import type { ContributionCodec } from '../contract.ts';
import { AUDIO } from '../pace.ts';
import type { Size } from '../picture.ts';
import { rawInputs } from '../rawInputs.ts';
import { words } from '../tool.ts';

export interface ContributionOptions {
  readonly size: Size;
  readonly fps: number;
  /** The rate of the whole transport stream. */
  readonly rateKbps: number;
  readonly gopMs: number;
  /** Name of the service in its tables. */
  readonly service: string;
  readonly format: ContributionFormat;
  /** The time of its first picture in the programme: another encoder may have come before it. */
  readonly startsAtMs: number;
}

/** The parts a content fault may change; the other faults change pictures only. */
export interface ContributionFormat {
  readonly codec: ContributionCodec;
  /** Size that is sent; the size of the programme when not said. */
  readonly size?: Size;
  /** Added to every time stamp. */
  readonly offsetMs: number;
}

export const USUAL_FORMAT: ContributionFormat = { codec: 'libx264', offsetMs: 0 };

/** Time stamps begin here, so that they can jump back by hours; a transport stream has none below 0. */
const FIRST_STAMP_MS = 10 * 3_600_000;
/** Share of a transport stream that is headers and tables. */
const TRANSPORT_OVERHEAD = 0.07;
const VIDEO_KBPS_MIN = 100;

/** Arguments of the encoder ffmpeg: pictures on descriptor 3, sound on 4, packets on 1. */
export function contributionArgs(options: ContributionOptions): string[] {
  const { size, fps, rateKbps, gopMs, service, format, startsAtMs } = options;
  const net = Math.floor(rateKbps * (1 - TRANSPORT_OVERHEAD)) - AUDIO.kbps;
  const video = `${Math.max(VIDEO_KBPS_MIN, net)}k`;
  const gop = Math.max(1, Math.round((fps * gopMs) / 1000));
  return [
    ...words('-hide_banner -loglevel warning -nostdin'),
    ...rawInputs(size, fps),
    ...words('-map 0:v -map 1:a -fps_mode passthrough -threads 1'),
    ...(format.size ? ['-s', `${format.size.width}x${format.size.height}`] : []),
    ...words(`-c:v ${format.codec} ${CODEC_OPTIONS[format.codec](gop)}`),
    ...words(`-b:v ${video} -maxrate ${video} -bufsize ${video}`),
    ...words(`-c:a aac -b:a ${AUDIO.kbps}k`),
    ...words(`-output_ts_offset ${(FIRST_STAMP_MS + startsAtMs + format.offsetMs) / 1000}`),
    ...['-metadata', `service_name=${service}`],
    // Without pes_payload_size 350 ms of sound wait for a full packet.
    ...words('-f mpegts -muxdelay 0 -muxpreload 0 -pes_payload_size 16 -flush_packets 1 pipe:1'),
  ];
}

const CODEC_OPTIONS: Readonly<Record<ContributionCodec, (gop: number) => string>> = {
  // nal-hrd: filler keeps the rate constant, as a contribution link is dimensioned for.
  libx264: (gop) =>
    '-preset ultrafast -tune zerolatency ' +
    `-x264-params nal-hrd=cbr:keyint=${gop}:min-keyint=${gop}:scenecut=0`,
  mpeg2video: (gop) => `-g ${gop} -bf 0`,
};
