// The ways that a stream is sent on: one for each target; each drops and reconnects for itself.

import { systemClock } from '../../kernel/clock.ts';
import type { PlayoutStage, StreamProtocol, Transport } from '../../model/scenario.ts';
import type { Target } from '../../model/world.ts';
import type { StageStats } from '../contract.ts';
import { inputLabel } from '../inputLabel.ts';
import type { StageContext } from '../stage.ts';
import { startSender, type Dial, type Sender } from './sender.ts';
import { dialSrt } from './srtLine.ts';
import { dialTcp } from './tcpLine.ts';
import { dialUdp } from './udpLine.ts';

export interface Way {
  readonly link: string | undefined;
  readonly sender: Sender;
}

export function listWays(
  { config: { media, tools }, note, signal }: StageContext,
  targets: readonly Target[],
  { sendBufferMs, reconnectMs }: Pick<PlayoutStage, 'sendBufferMs' | 'reconnectMs'>,
): readonly Way[] {
  const limitBytes = (sendBufferMs * media.contributionKbps) / 8;
  const over: Readonly<Record<Transport | StreamProtocol, Dial>> = {
    tcp: dialTcp,
    udp: dialUdp,
    srt: dialSrt(tools.ffmpeg),
  };
  return targets.map(({ link, input, transport = 'tcp', protocol, ...to }) => {
    const hello = input === undefined ? {} : { hello: inputLabel(input) };
    const dial = over[protocol ?? transport];
    const way = { clock: systemClock, dial, to, limitBytes, reconnectMs, note, ...hello };
    return { link, sender: startSender(way, signal) };
  });
}

/** Sums what was sent on all of them, and says what came back on each. */
export function sentBy(ways: readonly Way[]): StageStats {
  const all = ways.map(({ link, sender }) => ({ link, ...sender.stats() }));
  const sum = (name: 'bytesOut' | 'bytesDropped' | 'connections' | 'repliesIn') =>
    all.reduce((total, stats) => total + (stats[name] ?? 0), 0);
  const by = (name: 'repliesIn' | 'replyAgeMs') =>
    Object.fromEntries(
      all.flatMap(({ link, [name]: value }) =>
        link === undefined || value === undefined ? [] : [[link, value]],
      ),
    );
  const [only] = all;
  return {
    bytesOut: sum('bytesOut'),
    bytesDropped: sum('bytesDropped'),
    connections: sum('connections'),
    repliesIn: sum('repliesIn'),
    ...(all.length === 1 && only?.replyAgeMs !== undefined ? { replyAgeMs: only.replyAgeMs } : {}),
    ...(all.length > 1 ? { repliesInBy: by('repliesIn'), replyAgeMsBy: by('replyAgeMs') } : {}),
  };
}
