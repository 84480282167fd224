// SRT by ffmpeg: bytes in, the same bytes out at the far side, by datagrams that are sent again when they
// are lost. What cannot come in time is given up.

import type { Address } from '../model/world.ts';

/**
 * A datagram is repaired within this time, which the stream is late by. It outlasts the pauses of a busy
 * machine too: with 300 ms they made SRT give datagrams up that no link had kept.
 */
const LATENCY_MS = 1_000;
/** Seven packets of a transport stream. */
const DATAGRAM_BYTES = 1_316;

/** Address for ffmpeg, whose times are in microseconds. */
export const srtUrl = (
  { host, port }: Address,
  mode: 'caller' | 'listener',
  options: Readonly<Record<string, number>> = {},
): string => {
  const shared = { latency: LATENCY_MS * 1_000, pkt_size: DATAGRAM_BYTES };
  const all = Object.entries({ ...shared, ...options });
  return `srt://${host}:${port}?mode=${mode}${all.map(([key, value]) => `&${key}=${value}`).join('')}`;
};

/** Passes bytes on as they are. */
export const passOn = (from: string, to: string): string[] =>
  `-hide_banner -loglevel error -nostdin -fflags nobuffer -f data -i ${from} -map 0 -c copy -f data -flush_packets 1 ${to}`.split(
    ' ',
  );
