// The page of the wall: sets up the grid, lets viewers join and leave, sends what was seen.

import {
  BINDING,
  WALL,
  type PageBatch,
  type WallLayout,
  type WallPage,
  type WallSetup,
  type WallViewer,
} from '../messages.ts';
import { EVIDENCE_MAX } from '../../harness/model/evidence.ts';
import type { Rectangle } from '../../harness/model/screen.ts';
import { createBatcher } from './batch.ts';
import { startHeartbeat } from './heartbeat.ts';
import { createEar } from './ear.ts';
import { createEvidenceKeeper } from './evidence.ts';
import { createEye } from './eye.ts';
import { startPacer } from './pacer.ts';
import { startPageClock } from './pageClock.ts';
import type { CreatePlayer } from './player.ts';
import { requestsTo } from './requests.ts';
import { createSmallPictures, type SmallPictures } from './smallPictures.ts';
import { createTile, type Tile } from './tile.ts';
import { joinViewer, type Viewer } from './viewer.ts';

/** The time between two batches. */
const SEND_MS = 250;

const epochMs = (): number => Math.round((performance.timeOrigin + performance.now()) * 10) / 10;

const eye = createEye();
const ear = createEar(epochMs);
const batcher = createBatcher();
const heartbeat = startHeartbeat();
const viewers = new Map<string, Viewer>();
/** A viewer who comes back takes the place it had. */
const tiles = new Map<string, Tile>();
const inAll = { viewers: 0, controls: 0 };
let players: Readonly<Record<string, CreatePlayer>> = {};
let setup: WallSetup | undefined;
let pictures: SmallPictures | undefined;
/** Characters of evidence that were sent. */
let evidenceSent = 0;
let secondShown: number | undefined;
let sending: ReturnType<typeof setInterval> | undefined;

const page: WallPage = {
  epochMs,
  canDecode: (type) => 'MediaSource' in globalThis && MediaSource.isTypeSupported(type),
  setUp: (asked) => {
    setup = asked;
    byId('title').textContent = asked.title;
    document.title = asked.title;
    if (asked.recorded) startPageClock(epochMs);
    if (asked.evidence) pictures = createSmallPictures();
  },
  join: (joining, layout) => {
    layOut(layout);
    showCount(joining.filter(({ id }) => !tiles.has(id)));
    for (const viewer of joining) joinOne(viewer);
    sending ??= setInterval(() => void send(), SEND_MS);
  },
  layout: () => ({
    pictures: Object.fromEntries(
      [...viewers].map(([id, viewer]) => [id, placeInWindow(viewer.video())]),
    ),
    clock: placeInWindow(byId('page-clock')),
  }),
  leave: async (leaving) => {
    if (!leaving) clearInterval(sending);
    const last = samples(epochMs());
    if (!leaving) pictures?.flush();
    for (const id of leaving ?? [...viewers.keys()]) {
      viewers.get(id)?.leave();
      viewers.delete(id);
    }
    await receive(batcher.take({ atEpochMs: epochMs(), players: last }));
  },
};

/** Offers the wall to the fleet, with the players that its viewers may ask for. */
export function openWall(known: typeof players): void {
  players = known;
  Object.assign(globalThis, { [WALL]: page });
  startPacer();
}

function joinOne(viewer: WallViewer): void {
  const createPlayer = players[viewer.group.player];
  if (!setup) throw new Error('join before setUp');
  if (!createPlayer) throw new Error(`this page has no player ${viewer.group.player}`);
  viewers.get(viewer.id)?.end();
  const tile = tiles.get(viewer.id) ?? createTile(byId('wall'), viewer);
  tile.tuneTo(viewer.channel);
  tiles.set(viewer.id, tile);
  viewers.set(
    viewer.id,
    joinViewer({
      tile,
      createPlayer,
      setup,
      viewer,
      eye,
      ear,
      onEvent: (event, detail, error) =>
        batcher.event({
          viewer: viewer.id,
          event,
          atEpochMs: epochMs(),
          ...(detail && { detail }),
          ...(error && { error }),
        }),
      onFrame: (frame) => batcher.frame(viewer.id, frame),
      onAlert: (event, alert, atEpochMs) =>
        batcher.event({ viewer: viewer.id, event, atEpochMs, alert }),
      evidence: evidenceOf(viewer),
      epochMs,
    }),
  );
}

/** A viewer of a stream of others is alone on the page: all requests are its own. */
function evidenceOf({ id, url, clockless }: WallViewer) {
  if (!pictures) return undefined;
  const host = clockless ? undefined : new URL(url).hostname;
  return createEvidenceKeeper({
    requests: () => requestsTo(host),
    draw: pictures.draw,
    onEvidence: (evidence, atEpochMs) => {
      evidenceSent += JSON.stringify(evidence).length;
      if (evidenceSent <= EVIDENCE_MAX.page)
        batcher.event({ viewer: id, event: 'evidence', atEpochMs, evidence });
    },
  });
}

async function send(): Promise<void> {
  const atEpochMs = epochMs();
  const batch = batcher.take({ atEpochMs, players: samples(atEpochMs) });
  for (const viewer of viewers.values()) viewer.show(atEpochMs);
  showClock(atEpochMs);
  await receive(batch);
}

function samples(atEpochMs: number) {
  const lateMs = heartbeat.take();
  return new Map([...viewers].map(([id, viewer]) => [id, viewer.sample(lateMs, atEpochMs)]));
}

const receive = (batch: PageBatch): Promise<void> =>
  (globalThis as unknown as Record<string, (batch: PageBatch) => Promise<void>>)[BINDING]?.(
    batch,
  ) ?? Promise.resolve();

function layOut({ columns, picture }: WallLayout): void {
  const { style } = byId('wall');
  style.gridTemplateColumns = `repeat(${columns}, max-content)`;
  style.setProperty('--picture-width', `${picture.width}px`);
  style.setProperty('--picture-height', `${picture.height}px`);
}

function showCount(joining: readonly WallViewer[]): void {
  inAll.controls += joining.filter(({ control }) => control).length;
  inAll.viewers += joining.filter(({ control }) => !control).length;
  byId('count').textContent =
    `${inAll.viewers} viewers` + (inAll.controls > 0 ? ' and the control' : '');
}

function showClock(atEpochMs: number): void {
  const second = Math.floor(atEpochMs / 1000);
  if (second === secondShown) return;
  secondShown = second;
  byId('clock').textContent = `${new Date(atEpochMs).toISOString().slice(11, 19)} UTC`;
}

function placeInWindow(element: Element): Rectangle {
  const { x, y, width, height } = element.getBoundingClientRect();
  return { x, y, width, height };
}

function byId(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (!found) throw new Error(`the document has no #${id}`);
  return found;
}
