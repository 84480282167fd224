// The contribution encoder: raw pictures and sound in, one MPEG transport stream out, at a
// constant rate and with as little delay as x264 can do.

import { AUDIO } from '../pace.ts';
import type { Size } from '../picture.ts';
import { rawInputs } from '../rawInputs.ts';
import { words } from '../tool.ts';

export interface ContributionOptions {
  readonly size: Size;
  readonly fps: number;
  /** Of the whole transport stream. */
  readonly rateKbps: number;
}

/** Share of a transport stream that is headers and tables. */
const TRANSPORT_OVERHEAD = 0.07;
const VIDEO_KBPS_MIN = 100;

/** Arguments of the encoder ffmpeg: pictures on descriptor 3, sound on 4, packets on 1. */
export function contributionArgs({ size, fps, rateKbps }: ContributionOptions): string[] {
  const net = Math.floor(rateKbps * (1 - TRANSPORT_OVERHEAD)) - AUDIO.kbps;
  const video = `${Math.max(VIDEO_KBPS_MIN, net)}k`;
  const gop = Math.round(fps);
  return [
    ...words('-hide_banner -loglevel warning -nostdin'),
    ...rawInputs(size, fps),
    ...words('-map 0:v -map 1:a -c:v libx264 -preset ultrafast -tune zerolatency -threads 1'),
    ...words('-fps_mode passthrough'),
    // Filler keeps the rate constant, as a contribution link is dimensioned for.
    ...words(`-b:v ${video} -maxrate ${video} -bufsize ${video}`),
    ...words(`-x264-params nal-hrd=cbr:keyint=${gop}:min-keyint=${gop}:scenecut=0`),
    ...words(`-c:a aac -b:a ${AUDIO.kbps}k`),
    // Without pes_payload_size 350 ms of sound wait for a full packet.
    ...words('-f mpegts -muxdelay 0 -muxpreload 0 -pes_payload_size 16 -flush_packets 1 pipe:1'),
  ];
}
