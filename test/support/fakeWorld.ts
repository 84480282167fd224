// A world without processes: stages, proxies and viewers that only remember what was done to them
// and report what real ones would. For tests of the runner's order and of its ways out.

import type { Clock } from '../../harness/kernel/clock.ts';
import { HarnessError } from '../../harness/model/errors.ts';
import { counterAt } from '../../harness/model/frameClock.ts';
import { MARK } from '../../harness/model/history.ts';
import type {
  Emit,
  LinkControl,
  PlayerFleet,
  ProxySpec,
  Runtime,
  StageExit,
  StartedProxy,
  StartedStage,
} from '../../harness/model/world.ts';
import type { World } from '../../harness/run/request.ts';

export interface FakeWorld extends World {
  /** The calls in order: `start origin`, `open browser`, `cut connect-up.one`, `stop origin`, … */
  readonly done: string[];
  /** Makes the links or the browser end by themselves. */
  readonly lose: (what: 'links' | 'browser') => void;
  /** Makes a stage end by itself. */
  readonly crash: (instance: string) => void;
  /** From now on nobody sees the programme. */
  blind: boolean;
}

const FRAME_MS = 10;
const FPS = 25;

export function fakeWorld(
  emit: Emit,
  clock: Clock,
  fails: { readonly on?: string } = {},
): FakeWorld {
  const done: string[] = [];
  const crashes = new Map<string, (exit: StageExit) => void>();
  const cut = new Set<string>();
  const gone = {
    links: Promise.withResolvers<HarnessError>(),
    browser: Promise.withResolvers<HarnessError>(),
  };
  const act = async (what: string) => {
    done.push(what);
    if (what === fails.on) throw new Error(`${what} failed`);
  };
  const disposable = (what: string) => ({ [Symbol.asyncDispose]: () => act(`dispose ${what}`) });

  const startStage = (instance: string): StartedStage => {
    const { promise: exited, resolve } = Promise.withResolvers<StageExit>();
    crashes.set(instance, resolve);
    const stop = async () => {
      done.push(`stop ${instance}`);
      resolve({ code: 0, signal: null, asked: true, lastLines: [] });
    };
    const address = { host: 'stage', port: 1 };
    return { instance, address, hostAddress: address, exited, stop, [Symbol.asyncDispose]: stop };
  };
  const startProxy = ({ name }: ProxySpec): StartedProxy => ({
    name,
    address: { host: 'proxy', port: 2 },
    hostAddress: { host: name, port: 2 },
    addToxic: async ({ stream }) => {
      if (stream === 'upstream') await act(`cut ${name}`);
      cut.add(name);
    },
    removeToxic: async (toxic) => {
      if (toxic.endsWith('upstream')) await act(`heal ${name}`);
      cut.delete(name);
    },
    setEnabled: (enabled) => act(`${enabled ? 'enable' : 'disable'} ${name}`),
    recreate: () => act(`recreate ${name}`),
    remove: () => act(`remove ${name}`),
  });

  const runtime: Runtime = {
    kind: 'processes',
    start: async ({ instance }) => {
      await act(`start ${instance}`);
      return startStage(instance);
    },
    ...disposable('runtime'),
  };
  const links: LinkControl = {
    description: 'fake',
    createProxy: async (spec) => {
      await act(`proxy ${spec.name}`);
      return startProxy(spec);
    },
    passedBytes: async () => [],
    reset: () => act('reset links'),
    lost: gone.links.promise,
    ...disposable('links'),
  };
  const world: FakeWorld = {
    done,
    blind: false,
    lose: (what) =>
      gone[what].resolve(
        new HarnessError(what === 'links' ? 'LINK_CONTROL_FAILED' : 'BROWSER_FAILED', 'it ended'),
      ),
    crash: (instance) =>
      crashes.get(instance)?.({ code: 1, signal: null, asked: false, lastLines: ['last words'] }),
    clock,
    probe: {
      segmentsAt: async () => 3,
      ask: async ({ at }) => ({ ms: cut.has(at.host) ? undefined : 1 }),
    },
    startRuntime: async () => runtime,
    startLinks: async () => links,
    startFleet: async () => {
      await clock.sleep(FRAME_MS);
      done.push('open browser');
      return { ...fakeFleet(world, emit, act), lost: gone.browser.promise };
    },
  };
  return world;
}

function fakeFleet(
  world: FakeWorld,
  emit: Emit,
  act: (what: string) => Promise<void>,
): PlayerFleet {
  const { clock } = world;
  const closed = new AbortController();
  const here = new Set<string>();
  let showing: Promise<void> | undefined;
  const show = async () => {
    while (!closed.signal.aborted) {
      const mark = world.blind ? MARK.none : MARK.programme;
      const atMs = clock.epochMs();
      const counter = world.blind ? -1 : counterAt(atMs, FPS);
      for (const viewer of here)
        emit({
          type: 'frames',
          viewer,
          frames: [[atMs, mark, counter, 100]],
          player: { canPlay: true, bufferedMs: 5000, lateMs: 0 },
        });
      await clock.sleep(FRAME_MS, closed.signal).catch(() => undefined);
    }
  };
  return {
    browser: 'fake browser',
    join: async (viewers) => {
      for (const { description } of viewers) {
        here.add(description.id);
        emit({ type: 'viewer', viewer: description.id, event: 'join' });
      }
      showing ??= show();
    },
    screenshot: async () => new Uint8Array([1]),
    leave: async (viewers) => {
      for (const viewer of viewers ?? []) {
        here.delete(viewer);
        emit({ type: 'viewer', viewer, event: 'leave' });
      }
      await act(viewers ? `leave ${viewers.join(' ')}` : 'viewers leave');
    },
    [Symbol.asyncDispose]: async () => {
      closed.abort();
      await showing;
      await act('dispose browser');
    },
  };
}
