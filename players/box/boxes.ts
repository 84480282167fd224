// The boxes of a program: ticks their displays, and turns what they show into records.

import { systemClock } from '../../harness/kernel/clock.ts';
import type { FrameSample } from '../../harness/model/history.ts';
import type { ViewerLaunch } from '../../harness/model/world.ts';
import { startBox, type Box } from './box.ts';
import { startDecoderProcess } from './decoder.ts';
import type { BoxesSettings, BoxRecord } from './messages.ts';
import { keepSpareDecoders } from './spareDecoders.ts';

/** The time between two records of a box. */
const SEND_MS = 250;
/** The time between two accounts of what was received, in records. */
const RECEPTION_EVERY = 8;

interface RunningBox {
  readonly box: Box;
  frames: FrameSample[];
}

export interface Boxes {
  readonly join: (launches: readonly ViewerLaunch[]) => void;
  /** All where none is named. */
  readonly leave: (viewers?: readonly string[]) => void;
}

export function openBoxes(settings: BoxesSettings, emit: (record: BoxRecord) => void): Boxes {
  const boxes = new Map<string, RunningBox>();
  const { ffmpeg, count } = settings;
  const takeDecoder = keepSpareDecoders(count, () => startDecoderProcess(ffmpeg));
  const takeLateMs = startDisplay(settings.fps, (atEpochMs) => {
    for (const { box } of boxes.values()) box.tick(atEpochMs);
  });
  const send = (id: string, running: RunningBox, lateMs: number) => {
    const { frames, box } = running;
    running.frames = [];
    const player = { canPlay: true, bufferedMs: box.bufferedMs(), lateMs };
    emit({ type: 'frames', viewer: id, atEpochMs: systemClock.epochMs(), frames, player });
  };
  let sends = 0;
  setInterval(() => {
    const lateMs = takeLateMs();
    const tells = ++sends % RECEPTION_EVERY === 0;
    for (const [id, running] of boxes) {
      if (tells) running.box.tellReception();
      send(id, running, lateMs);
    }
  }, SEND_MS);
  const join = (launch: ViewerLaunch) => {
    const viewer = launch.description.id;
    const frames: FrameSample[] = [];
    const box = startBox({
      ...settings,
      takeDecoder,
      launch,
      onEvent: (event) =>
        emit({ type: 'viewer', viewer, atEpochMs: systemClock.epochMs(), ...event }),
      onFrame: (frame) => running.frames.push(frame),
    });
    const running: RunningBox = { box, frames };
    boxes.set(viewer, running);
  };
  const leave = (id: string) => {
    const running = boxes.get(id);
    if (!running) return;
    running.box.leave();
    send(id, running, 0);
    boxes.delete(id);
  };
  return {
    join: (launches) => launches.forEach(join),
    leave: (viewers = [...boxes.keys()]) => viewers.forEach(leave),
  };
}

/** The ticks of all displays, as many a second as pictures; gives how late the latest was since asked. */
function startDisplay(fps: number, onTick: (atEpochMs: number) => void): () => number {
  const frameMs = 1000 / fps;
  let dueMs = systemClock.epochMs();
  let lateMs = 0;
  const wait = () => void setTimeout(tick, Math.max(0, dueMs - systemClock.epochMs()));
  const tick = () => {
    for (let nowMs = systemClock.epochMs(); dueMs <= nowMs; dueMs += frameMs) {
      lateMs = Math.max(lateMs, nowMs - dueMs);
      onTick(Math.round(nowMs * 10) / 10);
    }
    wait();
  };
  wait();
  return () => {
    const late = Math.round(lateMs);
    lateMs = 0;
    return late;
  };
}
