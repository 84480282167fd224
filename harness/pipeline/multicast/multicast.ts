// A channel's sender: takes the programme from its link and sends it to the group of the channel.

import type { Socket } from 'node:dgram';
import { systemClock } from '../../kernel/clock.ts';
import { chooseGroup } from '../../model/group.ts';
import { readEcho, readFeedback } from '../../model/rtcp.ts';
import { tablesMeter } from '../../model/programTables.ts';
import { numberMeter, readRtp } from '../../model/rtp.ts';
import type { MulticastStage, Repair } from '../../model/scenario.ts';
import type { Address } from '../../model/world.ts';
import { continuityMeter } from '../../model/transportStream.ts';
import { bindDatagrams, datagramFaults, resolveHost } from '../datagrams.ts';
import type { RunningStage, StageContext } from '../stage.ts';
import { createInputMeter } from '../transcoder/inputMeter.ts';
import { createFormatReader } from '../transcoder/streamFormat.ts';
import { watchClock } from './clockWatch.ts';
import { createRepairServer } from './repair.ts';

const REPAIR_TICK_MS = 10;

export async function startMulticast({ config, note, fail }: StageContext): Promise<RunningStage> {
  const { listen, media } = config;
  const channel = config.channel ?? { name: 'one', number: 1 };
  const receiver = await bindDatagrams(listen);
  const sender = await bindDatagrams({ host: listen.host, port: 0 });
  sender.setMulticastInterface(listen.host);
  // No router passes it on.
  sender.setMulticastTTL(1);
  const behind = await Promise.all(config.sendsTo.map(resolveHost));
  const { port } = receiver.address();
  const stage = config.stage as MulticastStage;
  const group = chooseGroup(stage, channel, { port });
  note(`sends to ${group.host}:${group.port}`);
  const arrivals = createArrivals(media.fps, note);
  const sent = { bytesOut: 0, datagramsOut: 0 };
  const server = stage.repair && serveRepair(stage.repair, receiver);
  const send = (datagram: Uint8Array, { host, port: to }: Address) => {
    sender.send(datagram, to, host);
    sent.bytesOut += datagram.length;
    sent.datagramsOut++;
  };
  const watch = watchClock(fail);
  receiver.on('message', (datagram, from) => {
    if (server && readEcho(datagram) !== undefined)
      return receiver.send(datagram, from.port, from.address);
    const request = server && readFeedback(datagram);
    if (request) return server.ask(request, { host: from.address, port: from.port });
    const payload = arrivals.take(datagram);
    if (!payload) return;
    watch(payload);
    server?.keep(datagram);
    send(config.keepsNumbers ? datagram : payload, group);
    for (const next of behind) send(datagram, next);
  });
  return {
    port,
    stats: () => ({ ...sent, ...server?.counts, ...arrivals.stats() }),
    stop: () => {
      server?.stop();
      receiver.close();
      sender.close();
      return Promise.resolve();
    },
  };
}

/** Boxes ask at the address where the programme arrives, and are answered from there. */
function serveRepair({ budgetKbps }: Repair, socket: Socket) {
  const server = createRepairServer<Address>({
    budgetKbps,
    send: (datagram, { host, port }) => socket.send(datagram, port, host),
  });
  const timer = setInterval(server.tick, REPAIR_TICK_MS);
  return { ...server, stop: () => clearInterval(timer) };
}

/** Measures what arrives: how much, what is missing of it, how late its pictures are. */
function createArrivals(fps: number, note: (detail: string) => void) {
  const numbers = numberMeter();
  const continuity = continuityMeter();
  const tables = tablesMeter();
  let service: string | undefined;
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
      tables.take(packet.payload, lastAtMs);
      if (tables.service !== service) note(`the service is called ${(service = tables.service)}`);
      format.read(Buffer.from(packet.payload));
      return packet.payload;
    },
    stats: () => {
      wait();
      const quietInMs = Math.round(quietMs);
      quietMs = 0;
      return {
        ...came,
        ...meter.read(),
        ...datagramFaults(numbers.counts),
        quietInMs,
        continuityErrors: continuity.errors,
        tableErrors: tables.errors,
      };
    },
  };
}
