// Set-top boxes of this machine: ticks their displays, and turns what they show into records.

import { cpus, totalmem } from 'node:os';
import { systemClock } from '../../harness/kernel/clock.ts';
import type { FrameSample } from '../../harness/model/history.ts';
import type { PlayerFleet, ViewerLaunch } from '../../harness/model/world.ts';
import { requireCapacity } from '../capacity.ts';
import type { StartFleetOptions } from '../fleet.ts';
import { startBox, type Box } from './box.ts';

const MB = 1024 * 1024;
/** The time between two records of a box. */
const SEND_MS = 250;
/** The time between two accounts of what was received. */
const RECEPTION_EVERY = 8;

interface RunningBox {
  readonly box: Box;
  frames: FrameSample[];
}

/** @throws HarnessError CAPACITY_EXCEEDED for more boxes than this machine decodes. */
export async function startBoxFleet(options: StartFleetOptions): Promise<PlayerFleet> {
  const { count, media, seed, emit, ffmpeg = 'ffmpeg' } = options;
  requireCapacity(new Map([['boxes', count]]), { cores: cpus().length, memoryMb: totalmem() / MB });
  const boxes = new Map<string, RunningBox>();
  const display = startDisplay(media.fps, (atEpochMs) => {
    for (const { box } of boxes.values()) box.tick(atEpochMs);
  });
  const send = (id: string, running: RunningBox, lateMs: number) => {
    const { frames, box } = running;
    running.frames = [];
    const player = { canPlay: true, bufferedMs: box.bufferedMs(), lateMs };
    emit({ type: 'frames', viewer: id, atEpochMs: systemClock.epochMs(), frames, player });
  };
  let sends = 0;
  const sending = setInterval(() => {
    const lateMs = display.takeLateMs();
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
      launch,
      ffmpeg,
      fps: media.fps,
      seed,
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
  const leaveAll = (ids: Iterable<string> = [...boxes.keys()]) => {
    for (const id of ids) leave(id);
  };
  return {
    browser: `set-top boxes with ${ffmpeg}`,
    join: async (launches) => launches.forEach(join),
    screenshot: async () => new Uint8Array(),
    leave: async (viewers) => leaveAll(viewers),
    [Symbol.asyncDispose]: async () => {
      leaveAll();
      clearInterval(sending);
      display.stop();
    },
  };
}

/** The ticks of all displays, as many a second as pictures, and how late the latest was. */
function startDisplay(fps: number, onTick: (atEpochMs: number) => void) {
  const frameMs = 1000 / fps;
  let dueMs = systemClock.epochMs();
  let lateMs = 0;
  let timer: NodeJS.Timeout;
  const wait = () => {
    timer = setTimeout(tick, Math.max(0, dueMs - systemClock.epochMs()));
  };
  const tick = () => {
    for (let nowMs = systemClock.epochMs(); dueMs <= nowMs; dueMs += frameMs) {
      lateMs = Math.max(lateMs, nowMs - dueMs);
      onTick(Math.round(nowMs * 10) / 10);
    }
    wait();
  };
  wait();
  return {
    takeLateMs: () => {
      const late = Math.round(lateMs);
      lateMs = 0;
      return late;
    },
    stop: () => clearTimeout(timer),
  };
}
