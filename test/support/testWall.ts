// A real wall of players for browser tests: what it emits is kept and can be waited for.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { waitFor } from '../../harness/kernel/deadline.ts';
import type {
  FramesRecord,
  FrameSample,
  Unstamped,
  ViewerRecord,
} from '../../harness/model/history.ts';
import type { MediaSettings, ViewerGroup } from '../../harness/model/scenario.ts';
import type { PlayerFleet } from '../../harness/model/world.ts';
import { startFleet, type StartFleetOptions } from '../../players/fleet.ts';

export const TEST_MEDIA: MediaSettings = {
  width: 320,
  height: 180,
  fps: 25,
  contributionKbps: 1000,
  segmentMs: 1000,
  playlistSegments: 6,
  ladder: [],
};

const TEST_GROUP: ViewerGroup = {
  count: 1,
  player: 'hls.js',
  policy: { onFatal: 'none' },
  config: {},
};

export interface TestWall extends AsyncDisposable {
  readonly fleet: PlayerFleet;
  readonly profileDir: string;
  readonly records: readonly Unstamped[];
  /** Each viewer watches one address; ids are `viewer-1`, `viewer-2`, … with a player each, if so. */
  join(urls: readonly string[], players?: readonly string[]): Promise<void>;
  frames(viewer: string): readonly FrameSample[];
  events(viewer: string): readonly ViewerRecord['event'][];
  /** Waits until `found` answers something. */
  until<T>(what: string, found: () => T | undefined | false, ms?: number): Promise<T>;
}

export async function startTestWall(
  group: Partial<ViewerGroup> = {},
  options: Partial<StartFleetOptions> = {},
): Promise<TestWall> {
  const profileDir = await mkdtemp(join(tmpdir(), 'ecran-noir-profile-'));
  const records: Unstamped[] = [];
  const fleet = await startFleet(
    {
      count: group.count ?? 1,
      players: [group.player ?? TEST_GROUP.player],
      media: TEST_MEDIA,
      seed: 1,
      profileDir,
      emit: (record) => records.push(record),
      ...options,
    },
    new AbortController().signal,
  );
  return {
    fleet,
    profileDir,
    records,
    join: (urls, players = []) =>
      fleet.join(
        urls.map((url, n) => ({
          url,
          group: { ...TEST_GROUP, ...group, ...(players[n] && { player: players[n] }) },
          description: {
            id: `viewer-${n + 1}`,
            channel: 'one',
            channelNumber: 1,
            player: 'hls.js',
            control: false,
          },
        })),
      ),
    frames: (viewer) => framesRecords(records, viewer).flatMap(({ frames }) => frames),
    events: (viewer) =>
      records.flatMap((r) => (r.type === 'viewer' && r.viewer === viewer ? [r.event] : [])),
    until: (what, found, ms = 30_000) => waitFor({ ms, what }, () => found() || undefined),
    [Symbol.asyncDispose]: async () => {
      await fleet[Symbol.asyncDispose]();
      await rm(profileDir, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

export const framesRecords = (
  records: readonly Unstamped[],
  viewer: string,
): readonly Unstamped<FramesRecord>[] =>
  records.filter((r) => r.type === 'frames').filter((r) => r.viewer === viewer);

/** Processes of this machine whose command line has this text in it. */
export async function processesWith(text: string): Promise<readonly number[]> {
  const { stdout } = await execa('ps', ['-axwwo', 'pid=,command=']);
  return stdout
    .split('\n')
    .filter((line) => line.includes(text) && !line.includes('ps -axwwo'))
    .map((line) => Number.parseInt(line, 10));
}

/** Pids of all descendants of a process. */
export async function descendantsOf(pid: number): Promise<readonly number[]> {
  const { stdout } = await execa('ps', ['-axo', 'pid=,ppid=']);
  const pairs = stdout.split('\n').map((line) => line.trim().split(/\s+/).map(Number));
  const found = [pid];
  for (let at = 0; at < found.length; at++) {
    for (const [child, parent] of pairs) {
      if (child !== undefined && parent === found[at]) found.push(child);
    }
  }
  return found.slice(1);
}
