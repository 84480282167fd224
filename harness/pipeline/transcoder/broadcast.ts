// The stream that a transcoder sends to the senders of multicast groups: what it puts out, encoded once
// more at a constant rate.

import { startContribution, type Contribution } from '../playout/contribution.ts';
import { listWays } from '../playout/ways.ts';
import type { StageContext } from '../stage.ts';

/** A set-top box can begin with a picture a second (docs/sources.md 2.4: zaps take 1.7 to 4 s). */
const GOP_MS = 1_000;
/** Packets that cannot be sent at once are lost. */
const SENDING = { sendBufferMs: 1_000, reconnectMs: 500 } as const;

export type Broadcast = Pick<Contribution, 'write' | 'stop'>;

export function startBroadcast(context: StageContext): Broadcast {
  const targets = context.config.sendsTo.filter(({ transport }) => transport === 'udp');
  if (targets.length === 0) return { write: () => true, stop: () => undefined };
  const ways = listWays(context, targets, SENDING);
  const contribution = startContribution(context, GOP_MS, (packets) =>
    ways.forEach(({ sender }) => sender.send(packets)),
  );
  return {
    write: contribution.write,
    stop: () => {
      contribution.stop();
      ways.forEach(({ sender }) => sender.stop());
    },
  };
}
