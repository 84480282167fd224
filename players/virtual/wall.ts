// Virtual viewers behind the interface of a fleet: the page of the wall with its real players, in a
// context whose time and network are virtual.

import { seededRandom } from '../../harness/kernel/random.ts';
import { HarnessError, errorMessage } from '../../harness/model/errors.ts';
import type { FrameSample } from '../../harness/model/history.ts';
import type { Size } from '../../harness/model/screen.ts';
import type { Seeing, VirtualStream, VirtualViewers } from '../../harness/model/virtualWorld.ts';
import type { Elsewhere } from '../../harness/model/viewer.ts';
import type { Emit, ViewerLaunch } from '../../harness/model/world.ts';
import type { PageBatch, ViewerEvent } from '../messages.ts';
import type { PagePlayer } from '../registry.ts';
import { eventRecords } from '../records.ts';
import { wallSize } from '../wallSize.ts';
import { openVirtualBrowser } from './browser.ts';
import type { PageElement } from './document.ts';
import { createScreen, type Screen, type Span } from './screen.ts';
import type { Shown } from './shown.ts';

export interface VirtualWallOptions {
  readonly stream: VirtualStream;
  readonly seed: number;
  /** Number of the page: each draws chance of its own. */
  readonly page?: number;
  readonly emit: Emit;
  /** The page is not to be believed any more. */
  readonly fail: (error: unknown) => void;
  /** The size of the programme's pictures. */
  readonly media: Size;
  /** Those that its viewers have. */
  readonly players: Readonly<Record<string, PagePlayer>>;
}

export async function openVirtualWall(options: VirtualWallOptions): Promise<VirtualViewers> {
  const { stream, seed, page: number = 0, emit, fail, players, media } = options;
  const size = wallSize(1, media);
  const { timers, startEpochMs } = stream;
  const seats = new Map<string, Seat>();
  const emitSpans = (spans: readonly Span[]) => {
    for (const { fromEpochMs, toEpochMs, ...span } of spans)
      emit({
        type: 'shown',
        ...span,
        atEpochMs: toEpochMs,
        fromMs: tenth(fromEpochMs - startEpochMs),
        toMs: tenth(toEpochMs - startEpochMs),
      });
  };
  const seatOf = (video: object): Seat | undefined => seats.get(findOwner(video) ?? '');
  const receive = (batch: PageBatch): void => {
    for (const { viewer, event, atEpochMs, detail } of batch.events)
      seats.get(viewer)?.event(event, atEpochMs, detail);
    for (const { viewer, frames } of batch.frames) {
      const misread = seats.get(viewer)?.misread(frames);
      if (misread) fail(misread);
    }
    for (const record of eventRecords(batch, 0)) emit(record);
    for (const { screen } of seats.values()) emitSpans(screen.take(timers.epochMs()));
  };
  const page = await openVirtualBrowser({
    stream,
    players,
    chance: seededRandom(seed).fork(number === 0 ? 'page' : `page ${number}`),
    receive,
    picture: size.picture,
    uncaught: (error) =>
      emit({ type: 'log', level: 'warning', text: `in the page: ${errorMessage(error)}` }),
    screen: {
      shows: (video, shown) => seatOf(video)?.shows(shown, timers.epochMs()),
      stands: (video) => seatOf(video)?.stands(timers.epochMs()),
    },
  });
  page.setUp({ title: '', seed, recorded: false, evidence: false });
  return {
    join: (launches) => {
      for (const launch of launches) {
        const { id } = launch.description;
        seats.set(id, seats.get(id) ?? createSeat(id));
        seats.get(id)?.launched(launch);
      }
      page.join(
        launches.map(({ description, ...launch }) => ({ ...description, ...launch })),
        size,
      );
    },
    leave: async (viewers = [...seats.keys()]) => {
      await page.leave(viewers);
      for (const viewer of viewers)
        emitSpans(seats.get(viewer)?.screen.close(timers.epochMs()) ?? []);
    },
    seeing: (viewer) => seats.get(viewer)?.seeing(),
  };
}

/** The place of a viewer on the wall. */
interface Seat {
  readonly screen: Screen;
  /** Takes an event; one that goes to another address may go to another channel. */
  readonly event: (event: ViewerEvent, atEpochMs: number, address?: string) => void;
  readonly launched: (launch: ViewerLaunch) => void;
  readonly shows: (shown: Shown, atEpochMs: number) => void;
  readonly stands: (atEpochMs: number) => void;
  /** Holds what the page read of the pictures against what they were. */
  readonly misread: (frames: readonly FrameSample[]) => HarnessError | undefined;
  readonly seeing: () => Seeing | undefined;
}

function createSeat(id: string): Seat {
  const viewer = { id, channelNumber: 0 };
  let places: readonly Pick<Elsewhere, 'url' | 'channelNumber'>[] = [];
  const screen = createScreen(viewer);
  const counters: number[] = [];
  let programme: Seeing | undefined;
  return {
    screen,
    event: (event, atEpochMs, address) => {
      const place = places.find(({ url }) => url === address);
      if (place) viewer.channelNumber = place.channelNumber;
      screen.event(event, atEpochMs);
    },
    launched: ({ url, description: { channelNumber }, fallbacks = [] }) => {
      places = [{ url, channelNumber }, ...fallbacks];
    },
    shows: (shown, atEpochMs) => {
      const { run, counter, goesOn } = shown;
      counters.push(run.kind === 'black' ? -1 : counter);
      if (goesOn) return;
      screen.shows(shown, atEpochMs);
      const isProgramme = run.kind === 'programme' && run.channel === viewer.channelNumber;
      programme = isProgramme ? { sinceEpochMs: atEpochMs, counter } : undefined;
    },
    stands: (atEpochMs) => {
      screen.stands(atEpochMs);
      programme = undefined;
    },
    misread: (frames) => {
      for (const [, , counter] of frames) {
        const expected = counters.shift();
        if (counter === expected) continue;
        const said = `the page read the frame clock ${counter} where ${expected} was shown`;
        return new HarnessError('INTERNAL', said, { target: viewer.id });
      }
      return undefined;
    },
    seeing: () => programme,
  };
}

/** The viewer whose name the caption beside a video says; a player may put more around the video. */
function findOwner(video: object): string | undefined {
  for (let at = (video as PageElement).parent; at; at = at.parent) {
    const caption = at.getElementsByTagName('figcaption')[0];
    if (caption) return caption.getElementsByTagName('span')[0]?.textContent;
  }
  return undefined;
}

/** The journal keeps times to a tenth of a millisecond. */
const tenth = (ms: number): number => Math.round(ms * 10) / 10;
