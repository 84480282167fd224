// The stream that a transcoder sends to the senders of multicast groups and to inserters: what it puts
// out, encoded once more at a constant rate.

import { startContribution, type Contribution } from '../playout/contribution.ts';
import { listWays, sentBy } from '../playout/ways.ts';
import type { StageStats } from '../contract.ts';
import type { StageContext } from '../stage.ts';

/** A set-top box can begin with a picture a second (docs/sources.md 2.4: zaps take 1.7 to 4 s). */
const GOP_MS = 1_000;
/** Packets that cannot be sent at once are lost. */
const SENDING = { sendBufferMs: 1_000, reconnectMs: 500 } as const;

export interface Broadcast extends Pick<Contribution, 'write' | 'stop'> {
  /** The replies of those who take it over a connection. */
  readonly stats: () => StageStats;
}

export function startBroadcast(context: StageContext): Broadcast {
  const targets = context.config.sendsTo.filter(({ stream }) => stream);
  if (targets.length === 0) return { write: () => true, stop: () => undefined, stats: () => ({}) };
  const ways = listWays(context, targets, SENDING);
  const contribution = startContribution(context, GOP_MS, (packets) =>
    ways.forEach(({ sender }) => sender.send(packets)),
  );
  return {
    write: contribution.write,
    stats: () => {
      const { repliesIn, repliesInBy, replyAgeMs, replyAgeMsBy } = sentBy(ways);
      return { repliesIn, repliesInBy, replyAgeMs, replyAgeMsBy };
    },
    stop: () => {
      contribution.stop();
      ways.forEach(({ sender }) => sender.stop());
    },
  };
}
