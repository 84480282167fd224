// Describes a container of a run before it is started.

import type { GenericContainer } from 'testcontainers';
import type { CountryNetwork, Endpoint } from './countryNetworks.ts';
import type { RunNetwork } from './runNetwork.ts';

/** Time for one call of the engine. */
export const CALL_MS = 15_000;

export interface ContainerSpec {
  readonly network: RunNetwork;
  readonly image: string;
  /** The class of a module of testcontainers; undefined = any container. */
  readonly base?: ContainerClass;
  /** Also its name on the network, see `toAlias`. */
  readonly instance: string;
  /** Arguments of the image's entry point; undefined = the image's own. */
  readonly command?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly limits: ContainerLimits;
  /** Writable folders, in memory: path -> size in MB. Empty again when it is started again. */
  readonly tmpfsMb: Readonly<Record<string, number>>;
  /** A writable folder that lasts over its lives, and goes with the container. */
  readonly workDir?: string;
  /** Ports that are published, on loopback where the engine is this machine's; for connections … */
  readonly publish: readonly number[];
  /** … and for datagrams too. */
  readonly publishesDatagrams?: boolean;
  /** It sends to multicast groups of the run's network, or joins them. */
  readonly usesGroups?: boolean;
  /** The network where it meets other stages; the run's when not said. */
  readonly country?: CountryNetwork;
  /** Written to its standard input once it is kept in; the program inside waits for it. */
  readonly begin?: string;
  /** It is on the networks of all countries besides. */
  readonly crossesBorders?: boolean;
  /** Copied in before it starts; a container that gets files has a writable root. */
  readonly files?: readonly { readonly source: string; readonly target: string }[];
  readonly onStdout: (line: string) => void;
  readonly onStderr: (line: string) => void;
}

export interface ContainerLimits {
  readonly memoryMb: number;
  /** Undefined = as many as there are. */
  readonly cpus?: number | undefined;
}

/** A container class of testcontainers, of its own or of one of its modules. */
export type ContainerClass = new (image: string) => GenericContainer;

/** `transcoder.one` -> `transcoder-one`: a name with a dot would be asked of the outside world. */
export const toAlias = (instance: string): string =>
  instance.toLowerCase().replace(/[^a-z0-9-]+/g, '-');

/** The places where it is: viewers come by the run's network, other stages by that of a country. */
export function listEndpoints(spec: ContainerSpec): readonly [Endpoint, ...Endpoint[]] {
  const { network, country } = spec;
  const alias = toAlias(spec.instance);
  const onRun = (as: string) => ({
    network: network.name,
    alias: as,
    address: network.nextAddress(),
  });
  if (!country) return [onRun(alias)];
  const own = { network: country.name, alias, address: country.nextAddress() };
  // The engine answers a name, and a host name too, with the run's network first.
  return spec.publish.length === 0 ? [own] : [onRun(`viewers-of-${alias}`), own];
}
