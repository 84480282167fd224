// Wires the real world of a run: runtime, links, browser, each behind its interface. In the
// containers runtime links and browser live on the run's network, so they wait for the runtime.

import { join } from 'node:path';
import { systemClock } from '../kernel/clock.ts';
import { freshToken } from '../kernel/token.ts';
import type { Plan } from '../model/plan.ts';
import { listGroups, readTransport } from '../model/scenario.ts';
import type { DisplayEnv, ScreenLayout } from '../model/screen.ts';
import type { Emit, LinkControl, PlayerFleet, Runtime } from '../model/world.ts';
import { countedLinks, countsBorders } from '../design/countedLinks.ts';
import { listFlows } from '../design/flows.ts';
import { isRecord } from '../measure/recordShapes.ts';
import { probe } from '../probe/probe.ts';
import type { World } from '../run/request.ts';
import { describeViewers } from '../scenario/audience.ts';
import { startContainersRuntime, type ContainersRuntime } from '../runtime/containers.ts';
import { chooseToxiproxy } from '../runtime/containers/toxiproxy.ts';
import { startProcessesRuntime } from '../runtime/processes.ts';
import { connectToxiproxy, startEmbeddedToxiproxy } from '../toxiproxy/adapter.ts';
import { connectShared } from './sharedProxies.ts';
import { BROWSER_FLAGS } from '../../players/browser.ts';
import type { StartFleetOptions } from '../../players/fleet.ts';
import { FLEETS, startFleets } from '../../players/fleets.ts';
import { countByFleet, PLAYERS } from '../../players/registry.ts';
import { wallOverWorkers } from '../../players/wall/fleet.ts';
import type { Wall } from '../../players/wall/server.ts';
import type { RunFolder } from './runFolder.ts';
import { isUrl, type Setting } from './setting.ts';
import { TOXIPROXY_KINDS } from './wishes.ts';

export interface WorldOptions {
  readonly plan: Plan;
  readonly setting: Setting;
  readonly folder: RunFolder;
  /** Removed at the end. */
  readonly scratch: string;
  readonly startedAtEpochMs: number;
  readonly emit: Emit;
  readonly screen?: WallScreen | undefined;
  readonly wall?: Wall | undefined;
}

/** A display that is recorded, and who wants to know what stands where on it. */
export interface WallScreen {
  readonly display: DisplayEnv;
  readonly onLayout: (layout: ScreenLayout) => void;
}

/** Matches the steps of a build, not the output of these steps. */
const WORTH_TELLING = /^(building|built|removed|Step \d|Successfully)/;

export function createWorld(options: WorldOptions): World {
  return options.setting.runtime.kind === 'containers'
    ? containersWorld(options)
    : processesWorld(options);
}

function processesWorld(options: WorldOptions): World {
  const { folder, scratch, setting, emit, plan } = options;
  const { toxiproxy } = setting;
  const { ffmpeg = 'ffmpeg', nginx = 'nginx' } = setting.tools;
  const uploadToken = freshToken();
  return {
    clock: systemClock,
    probe: probe(uploadToken),
    startRuntime: () =>
      startProcessesRuntime({
        runDir: folder.dir,
        workDir: join(scratch, 'stages'),
        emit,
        tools: { ffmpeg, nginx },
        uploadToken,
      }),
    startLinks: () =>
      isUrl(toxiproxy)
        ? connectShared(toxiproxy, folder.id, emit)
        : startEmbeddedToxiproxy({
            logFile: join(folder.dir, 'logs', 'toxiproxy.log'),
            seed: plan.seed,
          }),
    startFleet: (signal) => openFleets(options, fleetOptions(options), signal),
  };
}

function containersWorld(options: WorldOptions): World {
  const { folder, emit } = options;
  const uploadToken = freshToken();
  const { promise: started, resolve, reject } = Promise.withResolvers<ContainersRuntime>();
  started.catch(() => undefined);
  const startRuntime = async (signal: AbortSignal): Promise<Runtime> => {
    const images = options.setting.browser === 'container' ? (['browser'] as const) : [];
    const onProgress = (target: string, text: string) => {
      if (WORTH_TELLING.test(text))
        emit({ type: 'log', level: 'info', text: `image ${target}: ${text}` });
    };
    const run = { runId: folder.id, runDir: folder.dir, emit, uploadToken };
    const starting = startContainersRuntime({ ...run, images, onProgress, signal });
    starting.then(resolve, reject);
    return starting;
  };
  return {
    clock: systemClock,
    probe: probe(uploadToken),
    startRuntime,
    startLinks: async (signal) => linksOn(await started, options, signal),
    startFleet: async (signal) => fleetOn(await started, options, signal),
  };
}

async function linksOn(
  runtime: ContainersRuntime,
  { plan, setting: { toxiproxy } }: WorldOptions,
  signal: AbortSignal,
): Promise<LinkControl> {
  const { design } = plan.scenario;
  const carriesUdp = design.links.some((link) => readTransport(link) === 'udp');
  const wish = TOXIPROXY_KINDS.find((kind) => kind === toxiproxy) ?? 'auto';
  const choice = await chooseToxiproxy(runtime.engine, carriesUdp ? 'embedded' : wish, signal);
  const carriers = countsBorders(plan.scenario) ? countedLinks(design) : design.links;
  const flows = listFlows(design, carriers).length;
  const endpoint = await runtime.startToxiproxy({ ...choice, seed: plan.seed, flows }, signal);
  const links = await connectToxiproxy(endpoint.url, { ...endpoint, disposable: true });
  return {
    ...links,
    description: `${choice.kind} in a container (${choice.reason}), ${links.description}`,
  };
}

async function fleetOn(
  runtime: ContainersRuntime,
  options: WorldOptions,
  signal: AbortSignal,
): Promise<PlayerFleet> {
  const own = { ...fleetOptions(options), openBoxes: runtime.startBoxes };
  if (options.setting.browser === 'host') return openFleets(options, own, signal);
  const browser = await runtime.startBrowser({ args: BROWSER_FLAGS }, signal);
  const shared = new Map<number, Promise<void>>();
  const reach = (url: string): Promise<void> => {
    const port = Number(new URL(url).port);
    const sharing = shared.get(port) ?? browser.share(port);
    shared.set(port, sharing);
    return sharing;
  };
  const elsewhere = { ...own, browserUrl: browser.wsUrl, reach };
  const fleet = await openFleets(options, elsewhere, signal);
  const [chromium = ''] = fleet.browser.split(' at ');
  options.emit({ type: 'environment', tools: { chromium: `${chromium} in a container` } });
  return fleet;
}

function openFleets(
  { plan, wall }: WorldOptions,
  options: Omit<StartFleetOptions, 'count'>,
  signal: AbortSignal,
): Promise<PlayerFleet> {
  const counts = countByFleet(listGroups(plan.scenario));
  if (!wall) return startFleets(counts, options, signal);
  const fleets = { ...FLEETS, wall: wallOverWorkers({ wall, isRecord }) };
  return startFleets(counts, options, signal, { fleets, players: PLAYERS });
}

const fleetOptions = ({
  plan,
  setting,
  emit,
  scratch,
  startedAtEpochMs,
  screen,
}: WorldOptions): Omit<StartFleetOptions, 'count'> => ({
  title: plan.scenario.title,
  players: describeViewers(plan.scenario).map(({ player }) => player),
  media: plan.scenario.design.media,
  seed: plan.seed,
  startedAtEpochMs,
  emit,
  chrome: setting.tools['chromium'],
  ffmpeg: setting.tools['ffmpeg'],
  profileDir: join(scratch, 'profile'),
  ...screen,
});
