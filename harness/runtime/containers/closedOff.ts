// A container of testcontainers, closed off as far as its work allows: no rights, a read-only root,
// limits, its own address, published on loopback.

import { GenericContainer, PullPolicy, type WaitStrategy } from 'testcontainers';
import { toAlias, type ContainerLimits, type ContainerSpec } from './containerSpec.ts';
import { endpointConfig, joinNetwork, type Endpoint } from './countryNetworks.ts';
import type { Engine } from './engine.ts';

export interface Wiring {
  readonly spec: ContainerSpec;
  /** Port inside -> published port. */
  readonly ports: ReadonlyMap<number, number>;
  /** It begins on the first and is put on the others before it starts. */
  readonly endpoints: readonly [Endpoint, ...Endpoint[]];
}

/** Threads included; ffmpeg takes some dozens, Chromium some hundreds. */
const PROCESSES_MAX = 1_024;
/** The timeout of a wait that never takes time. */
const NO_TIMEOUT_MS = 0;

/**
 * Sets what testcontainers has no `with…` for: an attached standard input, fixed addresses,
 * publishing on loopback, limits, a read-only root.
 */
export function closedOff(
  wiring: Wiring,
  created: (id: string) => Promise<void>,
): GenericContainer {
  const { spec, endpoints } = wiring;
  const { network, base: Base = GenericContainer } = spec;
  const [first, ...others] = endpoints;
  const { api } = network.engine;
  class RunContainer extends Base {
    /** Closes off after every `with…`: those set some of this, too. */
    closeOff(): this {
      Object.assign(this.createOpts, {
        Hostname: first.alias,
        OpenStdin: true,
        StdinOnce: true,
        NetworkingConfig: { EndpointsConfig: { [first.network]: endpointConfig(first) } },
      });
      Object.assign(this.hostConfig, {
        ReadonlyRootfs: spec.files === undefined || spec.files.length === 0,
        Mounts: spec.workDir === undefined ? [] : [volumeAt(spec, spec.workDir)],
        ...engineNames(network.engine),
        ...(spec.country && { ExtraHosts: [...spec.country.hosts] }),
        PidsLimit: PROCESSES_MAX,
        LogConfig: { Type: 'json-file', Config: { 'max-size': '10m', 'max-file': '2' } },
        PortBindings: portBindings(wiring),
        ...engineLimits(spec.limits, network.engine.cores),
      });
      return this;
    }

    protected override async containerCreated(id: string): Promise<void> {
      for (const endpoint of others) await joinNetwork(api, id, endpoint);
      await created(id);
    }
  }
  const container = new RunContainer(spec.image);
  describe(container, wiring);
  return container.closeOff();
}

function describe(container: GenericContainer, { spec, ports, endpoints }: Wiring): void {
  container
    .withName(`${spec.network.prefix}-${toAlias(spec.instance)}`)
    .withLabels(spec.network.labels(spec.instance))
    .withEnvironment(spec.env ?? {})
    .withExposedPorts(
      ...[...ports].flatMap(([container, host]) =>
        listTransports(spec).map((protocol) => ({ container, host, protocol })),
      ),
    )
    .withNetworkMode(endpoints[0].network)
    .withDroppedCapabilities('ALL')
    .withSecurityOpt('no-new-privileges')
    .withTmpFs(tmpfsMounts(spec))
    .withCopyFilesToContainer([...(spec.files ?? [])])
    .withPullPolicy(PullPolicy.neverPull())
    .withWaitStrategy(NO_WAIT)
    // Our own sweep does this without the engine's socket in a container.
    .withAutoCleanup(process.env['TESTCONTAINERS_RYUK_DISABLED'] === 'false');
  if (spec.command) container.withCommand([...spec.command]);
}

/**
 * Names that nobody on the network has are soon unknown, and asked of nobody outside. Docker asks
 * its own server first and ours only then; Podman would ask ours instead of its own.
 */
const engineNames = ({ isPodman }: Engine) => ({
  ...(isPodman ? {} : { Dns: ['127.0.0.1'] }),
  DnsOptions: ['timeout:1', 'attempts:2'],
});

const listTransports = ({
  publishesDatagrams = false,
}: ContainerSpec): readonly ('tcp' | 'udp')[] => (publishesDatagrams ? ['tcp', 'udp'] : ['tcp']);

const portBindings = ({ ports, spec }: Wiring) =>
  Object.fromEntries(
    [...ports].flatMap(([inside, host]) =>
      listTransports(spec).map((transport) => [
        `${inside}/${transport}`,
        [{ HostIp: spec.network.engine.publishOn, HostPort: String(host) }],
      ]),
    ),
  );

/** Gives the limits for the engine's API. No swap: a stage short of memory must show it. */
export function engineLimits(
  { memoryMb, cpus }: ContainerLimits,
  cores: number,
): { Memory: number; MemorySwap: number; NanoCpus: number } {
  const memory = Math.ceil(memoryMb * 2 ** 20);
  // The engine refuses more than there are; 0 = no limit.
  const nanoCpus = cpus === undefined ? 0 : Math.ceil(Math.min(cpus, cores) * 1e9);
  return { Memory: memory, MemorySwap: memory, NanoCpus: nanoCpus };
}

/** Makes a nameless volume, removed with the container. Takes the rights of the folder. */
const volumeAt = ({ network, instance }: ContainerSpec, path: string) => ({
  Type: 'volume',
  Target: path,
  VolumeOptions: { Labels: { ...network.labels(instance) } },
});

const tmpfsMounts = ({ tmpfsMb }: ContainerSpec): Record<string, string> =>
  Object.fromEntries(
    Object.entries(tmpfsMb).map(([path, mb]) => [path, `rw,nosuid,nodev,mode=1777,size=${mb}m`]),
  );

/** Ready is what the program inside says, and that is heard elsewhere. */
const NO_WAIT: WaitStrategy = {
  waitUntilReady: () => Promise.resolve(),
  withStartupTimeout: () => NO_WAIT,
  isStartupTimeoutSet: () => true,
  getStartupTimeout: () => NO_TIMEOUT_MS,
};
