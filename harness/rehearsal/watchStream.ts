// Watches a stream of anybody's for a while with a real player, and records it as a run does: there
// are no stages, no faults and no frame clock, and what that leaves unknown is a finding.

import { join } from 'node:path';
import { systemClock } from '../kernel/clock.ts';
import { withDeadline } from '../kernel/deadline.ts';
import { errorMessage, HarnessError } from '../model/errors.ts';
import type { HistoryRecord, ScreenshotRecord } from '../model/history.ts';
import { DEFAULT_PLAYER, takesDash } from '../../players/registry.ts';
import { startFleet } from '../../players/fleet.ts';
import type { Emit, PlayerFleet } from '../model/world.ts';
import { safeUrl } from '../model/safeUrl.ts';
import { askStream, type StreamSaid } from '../probe/askStream.ts';
import type { Recorder } from '../run/recorder.ts';
import type { RunEnd } from '../run/request.ts';
import { createOwnedFolder, PASSABLE, removeScratch } from '../runtime/ownedFolder.ts';
import { requireTools } from '../runtime/tools.ts';
import { findChrome } from '../../players/chrome.ts';
import { watchHeader } from './header.ts';
import { startRecording, type Watch } from './recording.ts';
import type { Rehearsed } from './rehearse.ts';
import { createRunFolder, writeRunFile, type RunFolder } from './runFolder.ts';
import { planOfStream, type StreamPlan } from './streamPlan.ts';
import { reportFolder } from './writeReports.ts';

export interface StreamWishes {
  readonly url: string;
  /** From the first picture on. */
  readonly forMs: number;
  /** The default player of its kind of manifest when not said. */
  readonly player?: string | undefined;
  /** Lines of `expect:`. */
  readonly expect?: readonly string[];
  /** The folder where run folders are made. */
  readonly out: string;
  readonly chrome?: string | undefined;
  readonly watch?: Watch | undefined;
}

/** The time to the first picture; players try again for some seconds. */
const PICTURE_MS_MAX = 30_000;
const SCREENSHOT_MS = 15_000;

/**
 * Watches and judges. Rejects before anything is recorded: ARGUMENT_INVALID, STREAM_UNFIT,
 * TOOL_MISSING, CANNOT_WRITE; how it went after that is in the answer.
 */
export async function watchStream(wishes: StreamWishes, signal: AbortSignal): Promise<Rehearsed> {
  const said = await askStream(requireWeb(wishes.url), signal);
  const player = choosePlayer(wishes, said);
  const plan = planOfStream({ ...wishes, player }, said);
  const chrome = wishes.chrome
    ? await findChrome(wishes.chrome)
    : (await requireTools(['chromium']))['chromium'];
  const startedAtEpochMs = systemClock.epochMs();
  const folder = await createRunFolder(wishes.out, plan.scenario.name, new Date(startedAtEpochMs));
  const { codecs } = said;
  const end = await play({ wishes, codecs, plan, chrome, folder, startedAtEpochMs, signal });
  return { end, ...(await reportFolder(folder)) };
}

function requireWeb(url: string): string {
  if (safeUrl(url) !== undefined) return url;
  throw new HarnessError('ARGUMENT_INVALID', `${url}: expected an address of the web`, {
    target: 'url',
    hint: 'such as https://example.org/live/index.m3u8',
  });
}

/** Throws ARGUMENT_INVALID for a player of the other kind. */
function choosePlayer({ player, url }: StreamWishes, { manifest }: StreamSaid): string {
  const own = manifest === 'dash' ? 'dash.js' : DEFAULT_PLAYER;
  if (player === undefined || takesDash(player) === takesDash(own)) return player ?? own;
  throw new HarnessError(
    'ARGUMENT_INVALID',
    `--player ${player} does not play ${manifest.toUpperCase()}, which ${safeUrl(url)} is`,
    { target: '--player', hint: `use ${own}, or leave it out` },
  );
}

interface Watching {
  readonly wishes: StreamWishes;
  readonly codecs: readonly string[];
  readonly plan: StreamPlan;
  readonly chrome: string | undefined;
  readonly folder: RunFolder;
  readonly startedAtEpochMs: number;
  readonly signal: AbortSignal;
}

async function play(watching: Watching): Promise<RunEnd> {
  const { wishes, plan, chrome, folder, startedAtEpochMs, signal } = watching;
  const header = await watchHeader({ plan, id: folder.id, startedAtEpochMs, chrome });
  const scratch = await createOwnedFolder('watch', PASSABLE);
  using recording = startRecording({ plan, folder, startedAtEpochMs, watch: wishes.watch });
  const { recorder, stop } = recording;
  const { emit } = recorder;
  let end: Omit<RunEnd, 'leftovers'> = { reason: 'complete', error: undefined };
  try {
    emit(header);
    const inside = AbortSignal.any([signal, stop.signal]);
    await show({ ...watching, signal: inside }, recorder, scratch);
  } catch (error) {
    end = endedBy(error, signal);
  } finally {
    emit({ type: 'phase', phase: 'teardown' });
    const detail = end.reason === 'error' ? end.error?.message : undefined;
    emit({ type: 'end', reason: end.reason, ...(detail !== undefined && { detail }) });
    recording.close();
  }
  return { ...end, leftovers: await removeScratch(scratch) };
}

function endedBy(error: unknown, signal: AbortSignal): Omit<RunEnd, 'leftovers'> {
  const known =
    error instanceof HarnessError
      ? error
      : new HarnessError('INTERNAL', errorMessage(error), { cause: error });
  return { reason: signal.aborted ? 'interrupted' : 'error', error: known };
}

async function show(watching: Watching, recorder: Recorder, scratch: string): Promise<void> {
  const { wishes, codecs, plan, chrome, folder, signal } = watching;
  const { emit } = recorder;
  emit({ type: 'phase', phase: 'provision' });
  await using fleet = await startFleet(
    {
      count: 1,
      title: plan.scenario.title,
      players: [plan.viewer.player],
      media: plan.scenario.design.media,
      codecs,
      seed: plan.seed,
      emit,
      chrome,
      profileDir: join(scratch, 'profile'),
    },
    signal,
  );
  const lost = fleet.lost?.then((error) => Promise.reject(error)) ?? new Promise<never>(() => {});
  lost.catch(() => undefined);
  emit({ type: 'phase', phase: 'steady' });
  const pictured = firstPicture(recorder, wishes.url, signal);
  pictured.catch(() => undefined);
  await fleet.join([{ description: plan.viewer, group: plan.scenario.viewers, url: wishes.url }]);
  await Promise.race([pictured, lost]);
  emit({ type: 'phase', phase: 'disrupt' });
  await Promise.race([systemClock.sleep(wishes.forMs, signal), lost]);
  await savePicture('after', { fleet, folder, emit });
  await fleet.leave();
}

/** Rejects with STREAM_UNFIT when the player gives up before it, or the time is over. */
function firstPicture(recorder: Recorder, url: string, signal: AbortSignal): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  let said: string | undefined;
  recorder.subscribe((record: HistoryRecord) => {
    if (record.type === 'frames' && record.frames.length > 0) resolve();
    if (record.type !== 'viewer') return;
    if (record.event === 'error') said = record.detail;
    if (record.event === 'fatal') reject(unplayable(url, record.detail));
  });
  const options = { ms: PICTURE_MS_MAX, what: 'the first picture', signal };
  return withDeadline(options, () => promise).catch((error: unknown) => {
    const isLate = error instanceof HarnessError && error.code === 'DEADLINE_EXCEEDED';
    throw isLate ? noPicture(url, said) : error;
  });
}

function unplayable(url: string, why = 'for no reason that it told'): HarnessError {
  const meaning = /codec/i.test(why) ? ', which says that this browser lacks its codec' : '';
  return new HarnessError(
    'STREAM_UNFIT',
    `the player gave up before a first picture: ${why}${meaning}`,
    {
      target: safeUrl(url) ?? url,
      hint: 'Name a stream in H.264 whose server lets players of other pages in, or try --player shaka.',
    },
  );
}

const noPicture = (url: string, said: string | undefined): HarnessError =>
  new HarnessError(
    'STREAM_UNFIT',
    `no picture within ${PICTURE_MS_MAX / 1000}s${said === undefined ? '' : `; the player told last: ${said}`}`,
    { target: safeUrl(url) ?? url, hint: 'Look whether the stream is live and has a picture.' },
  );

interface Picturing {
  readonly fleet: PlayerFleet;
  readonly folder: RunFolder;
  readonly emit: Emit;
}

/** The run goes on without it. */
async function savePicture(
  moment: ScreenshotRecord['moment'],
  { fleet, folder, emit }: Picturing,
): Promise<void> {
  try {
    const options = { ms: SCREENSHOT_MS, what: 'a screenshot' };
    const png = await withDeadline(options, () => fleet.screenshot());
    const file = `screenshots/${moment}.png`;
    await writeRunFile(join(folder.dir, file), png);
    emit({ type: 'screenshot', moment, file });
  } catch (error) {
    emit({ type: 'log', level: 'warning', text: `screenshot ${moment}: ${errorMessage(error)}` });
  }
}
