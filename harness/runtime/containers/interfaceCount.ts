// Counts what passes the interface of a stage on the network of its country, over all its lives. The
// engine is asked, from outside: the stage takes no part in it.

import { withDeadline } from '../../kernel/deadline.ts';
import type { FrameCount, InterfaceCount } from '../../model/border.ts';
import { errorMessage } from '../../model/errors.ts';
import type { StartedContainer } from './container.ts';
import type { EngineApi } from './engine.ts';

type Api = Pick<ReturnType<EngineApi['getContainer']>, 'stats'>;
type Watched = Pick<StartedContainer, 'isKeptIn'> & { readonly api: Api };

export interface InterfaceWatch {
  /** Never rejects: what could not be read is a doubt. */
  readonly count: () => Promise<InterfaceCount>;
  /** Reads it for the last time in this life, which is about to be ended. */
  endLife(): Promise<void>;
  /** It begins to count from nothing again. */
  beginLife(): void;
}

const READ_MS = 3_000;
const NONE: FrameCount = { bytes: 0, frames: 0 };

/** A stage that is on no network of a country gives nothing but a doubt. */
export function watchInterface(
  { api, isKeptIn }: Watched,
  { own, others }: { readonly own: string | undefined; readonly others: number },
): InterfaceWatch {
  let past: InterfaceCount = { received: NONE, sent: NONE, closed: true };
  let lives = true;
  const count = async (): Promise<InterfaceCount> => {
    if (!lives) return past;
    try {
      return sum(past, { ...(await read(api, own, others)), closed: isKeptIn() });
    } catch (error) {
      return { ...past, doubt: past.doubt ?? `it could not be read (${errorMessage(error)})` };
    }
  };
  return {
    count,
    endLife: async () => {
      past = await count();
      lives = false;
    },
    beginLife: () => {
      if (lives) past = { ...past, doubt: past.doubt ?? 'the stage ended before it was read' };
      lives = true;
    },
  };
}

type Counters = Readonly<Record<`${'rx' | 'tx'}_${'bytes' | 'packets'}`, number>>;

/** A container that has ended has no networks. */
interface Answer {
  readonly networks?: Readonly<Record<string, Counters>>;
}

/** `one-shot` answers at once; without it the engine waits for a second reading. */
async function read(api: Api, own: string | undefined, others: number): Promise<InterfaceCount> {
  if (own === undefined) throw new Error('all stages share one network');
  const answer: Answer = await withDeadline({ ms: READ_MS, what: 'its counters' }, () =>
    api.stats({ stream: false, 'one-shot': true }),
  );
  const { [own]: mine, ...rest } = answer.networks ?? {};
  if (!mine) throw new Error(`the engine tells of no ${own}`);
  const strange = Object.keys(rest).length > others;
  return {
    received: { bytes: mine.rx_bytes, frames: mine.rx_packets },
    sent: { bytes: mine.tx_bytes, frames: mine.tx_packets },
    ...(strange && { doubt: 'the stage is on a network that is none of the run' }),
  };
}

function sum(a: InterfaceCount, b: InterfaceCount): InterfaceCount {
  const doubt = a.doubt ?? b.doubt;
  return {
    received: add(a.received, b.received),
    sent: add(a.sent, b.sent),
    ...(doubt !== undefined && { doubt }),
    closed: a.closed === true && b.closed === true,
  };
}

const add = (a: FrameCount, b: FrameCount): FrameCount => ({
  bytes: a.bytes + b.bytes,
  frames: a.frames + b.frames,
});
