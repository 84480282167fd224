// One network a country, where a run counts the bytes between countries: stages are on that of their
// own, which has no way out, and only what carries links is on all of them.

import type { EngineApi } from './engine.ts';

/** A range of addresses, and the one in it that the engine's machine has. */
export interface AddressRange {
  readonly subnet: string;
  readonly gateway: string;
}

export interface CountryNetwork extends AddressRange {
  readonly name: string;
  /** The name of its interface in a container. */
  readonly interfaceName: string;
  /** The containers that are on every network, with their addresses on this one: `toxiproxy:198.19.4.10`. */
  readonly hosts: readonly string[];
  nextAddress(): string;
}

export interface CountryNetworks {
  /** Made when it is first asked for. Throws ENGINE_UNAVAILABLE. */
  of(country: string): Promise<CountryNetwork>;
  /** Puts a container on every network to come. */
  cross(crossing: Crossing): void;
}

export interface Crossing {
  readonly id: string;
  readonly alias: string;
  /** Takes all of these networks that there are by now. */
  readonly onJoin: (networks: readonly AddressRange[]) => Promise<void>;
}

export type MadeNetwork = Pick<CountryNetwork, 'name' | 'subnet' | 'gateway' | 'nextAddress'>;

/** `make` takes the beginning of the names of interfaces. */
export function countryNetworks(
  api: EngineApi,
  make: (prefix: string) => Promise<MadeNetwork>,
): CountryNetworks {
  const asked = new Map<string, Promise<CountryNetwork>>();
  const made: MadeNetwork[] = [];
  const crossings: Crossing[] = [];
  let before: Promise<unknown> = Promise.resolve();
  const open = async (country: string): Promise<CountryNetwork> => {
    const prefix = `in-${country.toLowerCase()}`;
    const network = await make(prefix);
    made.push(network);
    const hosts: string[] = [];
    for (const { id, alias, onJoin } of crossings) {
      const address = network.nextAddress();
      await joinNetwork(api, id, { network: network.name, alias, address });
      await onJoin(made);
      hosts.push(`${alias}:${address}`);
    }
    return { ...network, interfaceName: `${prefix}0`, hosts };
  };
  return {
    of: (country) => {
      const opening = asked.get(country) ?? before.then(() => open(country));
      asked.set(country, opening);
      before = opening.catch(() => undefined);
      return opening;
    },
    cross: (crossing) => void crossings.push(crossing),
  };
}

/** A place of a container on a network. */
export interface Endpoint {
  readonly network: string;
  readonly alias: string;
  readonly address: string;
}

export const endpointConfig = ({ alias, address }: Endpoint) => ({
  Aliases: [alias],
  IPAMConfig: { IPv4Address: address },
});

export const joinNetwork = (api: EngineApi, id: string, endpoint: Endpoint): Promise<unknown> =>
  api
    .getNetwork(endpoint.network)
    .connect({ Container: id, EndpointConfig: endpointConfig(endpoint) });
