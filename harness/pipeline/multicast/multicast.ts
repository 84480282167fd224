// A channel's sender: takes the programme from its link and sends it to the group of the channel.

import { systemClock } from '../../kernel/clock.ts';
import { groupOf } from '../../model/group.ts';
import { numberMeter, readRtp } from '../../model/rtp.ts';
import type { MulticastStage } from '../../model/scenario.ts';
import { continuityMeter } from '../../model/transportStream.ts';
import { bindDatagrams } from '../datagrams.ts';
import type { RunningStage, StageContext } from '../stage.ts';
import { createInputMeter } from '../transcoder/inputMeter.ts';
import { createFormatReader } from '../transcoder/streamFormat.ts';

export async function startMulticast({ config, note }: StageContext): Promise<RunningStage> {
  const { listen, media } = config;
  const channel = config.channel ?? { name: 'one', number: 1 };
  const receiver = await bindDatagrams(listen);
  const sender = await bindDatagrams({ host: listen.host, port: 0 });
  sender.setMulticastInterface(listen.host);
  // It stays on this machine.
  sender.setMulticastTTL(0);
  const { port } = receiver.address();
  const group = groupOf(config.stage as MulticastStage, channel, { port });
  note(`sends to ${group.host}:${group.port}`);
  const arrivals = createArrivals(media.fps);
  const sent = { bytesOut: 0, datagramsOut: 0 };
  receiver.on('message', (datagram) => {
    const payload = arrivals.take(datagram);
    if (!payload) return;
    sender.send(payload, group.port, group.host);
    sent.bytesOut += payload.length;
    sent.datagramsOut++;
  });
  return {
    port,
    stats: () => ({ ...sent, ...arrivals.stats() }),
    stop: () => {
      receiver.close();
      sender.close();
      return Promise.resolve();
    },
  };
}

/** Measures what arrives: how much, what is missing of it, how late its pictures are. */
function createArrivals(fps: number) {
  const numbers = numberMeter();
  const continuity = continuityMeter();
  const meter = createInputMeter(fps, [], systemClock);
  const format = createFormatReader((ptsMs) => meter.arrival(0, ptsMs));
  const came = { bytesIn: 0, datagramsIn: 0 };
  let lastAtMs = systemClock.epochMs();
  let quietMs = 0;
  const wait = () => (quietMs = Math.max(quietMs, systemClock.epochMs() - lastAtMs));
  return {
    /** Gives the packets of a transport stream; undefined for what carries none. */
    take: (datagram: Buffer): Uint8Array | undefined => {
      const packet = readRtp(datagram);
      if (!packet) return undefined;
      wait();
      lastAtMs = systemClock.epochMs();
      came.bytesIn += datagram.length;
      came.datagramsIn++;
      numbers.take(packet);
      continuity.take(packet.payload);
      format.read(Buffer.from(packet.payload));
      return packet.payload;
    },
    stats: () => {
      wait();
      const quietInMs = Math.round(quietMs);
      quietMs = 0;
      const { lost, twice, late } = numbers.counts;
      return {
        ...came,
        ...meter.read(),
        quietInMs,
        datagramsLost: lost,
        datagramsTwice: twice,
        datagramsLate: late,
        continuityErrors: continuity.errors,
      };
    },
  };
}
