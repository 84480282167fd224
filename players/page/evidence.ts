// Keeps evidence of the losses of one screen: the last pictures in a small ring of those that were
// read anyway, and at a change what is around it. A loss as short as a glitch leaves none.

import {
  EVIDENCE_MAX,
  type Evidence,
  type GivenPlaylist,
  type RequestUnderWay,
  type SmallPicture,
} from '../../harness/model/evidence.ts';
import { MARK, type FrameSample } from '../../harness/model/history.ts';
import type { ScreenClass } from '../../harness/model/screenClass.ts';
import type { Pixels, SeenFrame } from './seenFrame.ts';
import { BLACK_LUMA_MAX } from './liveStatus.ts';

type Keepable = Pick<SeenFrame, 'keep'>;

/** The requests of a player; times are those of the page's clock. */
export interface Requests {
  readonly underWay: readonly RequestUnderWay[];
  readonly playlist: GivenPlaylist | undefined;
}

interface Shot {
  readonly atMs: number;
  readonly pixels: () => Pixels;
}

/** The last picture, which is not kept yet. */
interface LastFrame {
  readonly atMs: number;
  readonly counter: number;
  readonly seen: Keepable;
}

export interface EvidenceKeeper {
  /** Looks at every frame that is presented. */
  readonly frame: (sample: FrameSample, seen: Keepable) => void;
  /** Looks at the screen as often as the page reports. */
  readonly tick: (status: ScreenClass, atMs: number) => void;
}

export interface KeeperOptions {
  /** The requests of the viewer's player now. */
  readonly requests: () => Requests;
  /** Makes small pictures when the page has time for it. */
  readonly draw: (
    pictures: readonly (() => Pixels)[],
    done: (webp: readonly string[]) => void,
  ) => void;
  readonly onEvidence: (evidence: Evidence, atMs: number) => void;
}

/** Pictures before the last one, so far apart. */
const RING = { pictures: 2, apartMs: 400 } as const;
/** A loss that is shorter leaves no evidence. */
const LOSS_MS_MIN = 200;
/** Others than the programme and what needs no picture. */
const LOST: ReadonlySet<ScreenClass> = new Set(['frozen', 'stalled', 'dead', 'starting', 'slate']);

interface Change extends Requests {
  readonly begins: boolean;
  readonly atMs: number;
  readonly shots: readonly Shot[];
}

export function createEvidenceKeeper({
  requests,
  draw,
  onEvidence,
}: KeeperOptions): EvidenceKeeper {
  let ring: Shot[] = [];
  let last: LastFrame | undefined;
  let hasSeen = false;
  let lostAtMs: number | undefined;
  /** The beginning of a loss that may still be a glitch. */
  let begun: Change | undefined;
  let records = 0;
  const send = (change: Change) => {
    if (records >= EVIDENCE_MAX.records) return;
    records += 1;
    draw(
      change.shots.map(({ pixels }) => pixels),
      (webp) => onEvidence(describe(change, webp), change.atMs),
    );
  };
  const begin = (atMs: number, after: readonly LastFrame[]) => {
    lostAtMs = atMs;
    const shots = [...ring, ...[...(last ? [last] : []), ...after].map(keep)];
    begun = { begins: true, atMs, shots, ...requests() };
  };
  const sendBegun = () => {
    if (begun) send(begun);
    begun = undefined;
  };
  const end = (atMs: number, now: LastFrame) => {
    const isGlitch = begun !== undefined && atMs - (lostAtMs ?? atMs) < LOSS_MS_MIN;
    lostAtMs = undefined;
    if (isGlitch) return void (begun = undefined);
    sendBegun();
    send({ begins: false, atMs, shots: (last ? [last, now] : [now]).map(keep), ...requests() });
  };
  return {
    frame: (sample, seen) => {
      const [atMs, , counter] = sample;
      const now = { atMs, counter, seen };
      const good = isProgramme(sample);
      if (!good && hasSeen && lostAtMs === undefined) begin(atMs, [now]);
      else if (good && lostAtMs !== undefined && counter !== last?.counter) end(atMs, now);
      hasSeen ||= good;
      if (last && last.atMs - (ring.at(-1)?.atMs ?? -Infinity) >= RING.apartMs)
        ring = [...ring.slice(1 - RING.pictures), keep(last)];
      last = now;
    },
    tick: (status, atMs) => {
      if (hasSeen && lostAtMs === undefined && LOST.has(status)) begin(atMs, []);
      if (begun && atMs - begun.atMs >= LOSS_MS_MIN) sendBegun();
    },
  };
}

const keep = ({ atMs, seen }: LastFrame): Shot => ({ atMs, pixels: seen.keep() });

/** The programme by its clock, or a picture without clocks that is not black. */
const isProgramme = ([, mark, , luma]: FrameSample): boolean =>
  mark === MARK.programme || (mark === MARK.plain && luma > BLACK_LUMA_MAX);

function describe(
  { begins, atMs, shots, playlist, underWay }: Change,
  webp: readonly string[],
): Evidence {
  const since = (ms: number) => Math.round(ms - atMs);
  const pictures = shots.flatMap((shot, n): SmallPicture[] => {
    const picture = webp[n] ?? '';
    const fits = picture !== '' && picture.length <= EVIDENCE_MAX.webp;
    return fits ? [{ atMs: since(shot.atMs), webp: picture }] : [];
  });
  return {
    begins,
    pictures: pictures.slice(-EVIDENCE_MAX.pictures),
    ...(playlist && { playlist: { ...playlist, atMs: since(playlist.atMs) } }),
    ...(underWay.length > 0 && {
      underWay: underWay
        .slice(0, EVIDENCE_MAX.underWay)
        .map((one) => ({ ...one, atMs: since(one.atMs) })),
    }),
  };
}
