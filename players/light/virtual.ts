// Light viewers in virtual time, beside a virtual wall: the same code with another clock and network.

import { counterAt } from '../../harness/model/frameClock.ts';
import type { Seeing, VirtualStream, VirtualViewers } from '../../harness/model/virtualWorld.ts';
import type { Emit } from '../../harness/model/world.ts';
import { findFleet } from '../registry.ts';

import { openCrowd } from './crowd.ts';
import type { Answer, Send, Time } from './load.ts';
import { lightViewer, type LightRecord } from './messages.ts';

interface BesideOptions {
  readonly stream: VirtualStream;
  readonly seed: number;
  readonly emit: Emit;
  /** Viewers who join together are spread over this, as in a run. */
  readonly spreadMs: number;
}

/** Viewers of both kinds behind one interface; each is known by its player. */
export function withLightViewers(wall: VirtualViewers, options: BesideOptions): VirtualViewers {
  const { stream, spreadMs, emit } = options;
  const seeing = new Map<string, Seeing | undefined>();
  const crowd = openCrowd({
    ...options,
    startedAtEpochMs: stream.startEpochMs,
    time: makeTime(stream),
    open: () => ({ send: sendOver(stream), close: () => undefined }),
    emit: (record) => {
      note(seeing, record, stream);
      emit(record);
    },
  });
  return {
    join: (launches) => {
      const { light = [], wall: screens = [] } = Object.groupBy(launches, ({ group }) =>
        findFleet(group.player),
      );
      if (screens.length > 0) wall.join(screens);
      crowd.join(light.map((launch, i) => lightViewer(launch, (i * spreadMs) / light.length)));
    },
    leave: async (viewers) => {
      crowd.leave(viewers);
      await wall.leave(viewers?.filter((id) => !seeing.has(id)));
    },
    seeing: (viewer) => wall.seeing(viewer) ?? seeing.get(viewer),
  };
}

function makeTime({ timers }: VirtualStream): Time {
  return {
    epochMs: timers.epochMs,
    later: (ms, act) => {
      const id = timers.after(ms, act);
      return () => timers.clear(id);
    },
  };
}

/** An answer that never comes has no first byte either. */
const sendOver =
  ({ request }: VirtualStream): Send =>
  async (url, { as, signal, onFirstByte }): Promise<Answer> => {
    const { status, body } = await request(url, signal);
    if (status === 0) throw new Error('the connection broke');
    onFirstByte();
    if (typeof body !== 'string') return { status, text: '', bytes: body.bytes };
    return { status, text: as === 'text' ? body : '', bytes: body.length };
  };

/** Programme is put out at most this long after it was made. */
const PUT_OUT_WITHIN_MS = 1_000;

/** Media that is played counts as the programme until the judge looks at it. */
function note(
  seeing: Map<string, Seeing | undefined>,
  record: LightRecord,
  { startEpochMs, fps }: VirtualStream,
): void {
  const before = seeing.get(record.viewer);
  if (record.type === 'viewer') {
    if (record.event === 'join' || record.event === 'leave') seeing.set(record.viewer, undefined);
    return;
  }
  const { look, media, fromMs } = record;
  if (look !== 'programme' || !media) return void seeing.set(record.viewer, undefined);
  const counter = counterAt(startEpochMs + media.atMs - PUT_OUT_WITHIN_MS, fps);
  seeing.set(record.viewer, before ?? { sinceEpochMs: startEpochMs + fromMs, counter });
}
