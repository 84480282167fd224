// The private network of a run: what is on it carries the run's labels and an address that stays
// the same when a container is started again.

import { withDeadline } from '../../kernel/deadline.ts';
import { HarnessError } from '../../model/errors.ts';
import type { Address } from '../../model/world.ts';
import { thisOwner } from '../owner.ts';
import { countryNetworks, type AddressRange, type CountryNetworks } from './countryNetworks.ts';
import { asEngineError, type Engine } from './engine.ts';

/** Labels of everything we start; sweep.ts finds it by them. */
export const LABEL = {
  run: 'ecran-noir.run',
  owner: 'ecran-noir.owner',
  instance: 'ecran-noir.instance',
} as const;

export interface RunNetwork extends AddressRange {
  readonly engine: Engine;
  readonly runId: string;
  readonly name: string;
  /** Start of the names of containers, unique on the engine. */
  readonly prefix: string;
  /** The published ports: port on the engine's machine -> address on this network. */
  readonly published: Map<number, Address>;
  /** The listeners for the end, and the new start, of the container behind a published port. */
  readonly lifeWatchers: Set<(port: number, lives: boolean) => void>;
  labels(instance: string): Readonly<Record<string, string>>;
  readonly countries: CountryNetworks;
  /** An image with `nft`. */
  readonly stageImage: string;
  /** Something that a run can be played without did not work. */
  warn(text: string): void;
  /** An address of the network that nobody has yet. */
  nextAddress(): string;
  /** A port that no other sender of groups has: a group that two send to carries both. */
  nextGroupPort(): number;
  /** The engine has stopped answering: nothing is asked of it any more until the run is swept. */
  engineLost: boolean;
}

const CALL_MS = 15_000;
/** Another run may take the range between our asking for one and our taking it. */
const TRIES = 5;
/** The gateway is the first address; leave some room for what the engine itself puts there. */
const FIRST_ADDRESS = 10;
const FIRST_GROUP_PORT = 5_000;

/** Throws ENGINE_UNAVAILABLE. Goes with the rest of the run (sweep.ts). */
export async function createRunNetwork({
  engine,
  runId,
  stageImage,
  warn,
}: Pick<RunNetwork, 'engine' | 'runId' | 'stageImage' | 'warn'>): Promise<RunNetwork> {
  const owner = await thisOwner();
  const prefix = `ecran-noir-${runId.replace(/[^a-zA-Z0-9_.-]+/g, '-')}-${owner.pid}`;
  const labels = (instance: string) => ({
    [LABEL.run]: runId,
    [LABEL.owner]: JSON.stringify(owner),
    [LABEL.instance]: instance,
  });
  const make = async (name: string, more?: object) => {
    const range = await create(engine, { ...options(name, labels('network')), ...more });
    let next = FIRST_ADDRESS;
    return { name, ...range, nextAddress: () => addressIn(range.subnet, next++) };
  };
  let groupPort = FIRST_GROUP_PORT;
  return {
    engine,
    runId,
    prefix,
    ...(await make(prefix)),
    countries: countryNetworks(engine.api, (interfaces) =>
      make(`${prefix}-${interfaces}`, {
        Internal: true,
        Options: { 'com.docker.network.container_iface_prefix': interfaces },
      }),
    ),
    published: new Map(),
    lifeWatchers: new Set(),
    labels,
    stageImage,
    warn,
    nextGroupPort: () => groupPort++,
    engineLost: false,
  };
}

/**
 * Answers its range and gateway. Engines give fixed addresses only in ranges that were asked for, and only they
 * know which ranges are free: let the engine choose one, and ask for that.
 */
async function create(engine: Engine, wanted: ReturnType<typeof options>): Promise<AddressRange> {
  let last: unknown;
  for (let tries = 0; tries < TRIES; tries++) {
    try {
      return await call('a network', async () => {
        const chosen = await engine.api.createNetwork(wanted);
        const subnet = await networkSubnet(engine, chosen.id);
        const gateway = addressIn(subnet, 1);
        await chosen.remove();
        await engine.api.createNetwork({
          ...wanted,
          IPAM: { Config: [{ Subnet: subnet, Gateway: gateway }] },
        });
        return { subnet, gateway };
      });
    } catch (error) {
      last = error;
      if (!/overlaps/i.test(String(error))) break;
    }
  }
  throw asEngineError(last, 'network', 'ENGINE_UNAVAILABLE');
}

/** Without masquerading nothing on the network reaches beyond it; published ports still work. */
const options = (name: string, labels: Readonly<Record<string, string>>) => ({
  Name: name,
  Driver: 'bridge',
  CheckDuplicate: true,
  Labels: labels,
  Options: { 'com.docker.network.bridge.enable_ip_masquerade': 'false' },
});

async function networkSubnet(engine: Engine, id: string): Promise<string> {
  const { IPAM } = await engine.api.getNetwork(id).inspect();
  const subnets = (IPAM?.Config ?? []).map(({ Subnet }) => Subnet);
  const subnet = subnets.find((range) => range !== undefined && /^[\d.]+\/\d+$/.test(range));
  if (subnet !== undefined) return subnet;
  throw new HarnessError('ENGINE_UNAVAILABLE', 'the engine made a network without an IPv4 range', {
    target: id,
    hint: 'give the engine an IPv4 address pool for networks',
  });
}

/** Address number `n` of a range: `198.19.3.0/24`, 10 -> `198.19.3.10`. */
export function addressIn(subnet: string, n: number): string {
  const [base = '', bits = '24'] = subnet.split('/');
  const size = 2 ** (32 - Number(bits));
  if (n >= size - 1) {
    throw new HarnessError('CAPACITY_EXCEEDED', `${subnet} has no address number ${n}`, {
      target: subnet,
      hint: 'give the engine larger ranges (default-address-pools), or use fewer channels',
    });
  }
  const value = base.split('.').reduce((sum, part) => sum * 256 + Number(part), 0) + n;
  return [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join('.');
}

const call = <T>(what: string, work: () => Promise<T>): Promise<T> =>
  withDeadline({ ms: CALL_MS, what, code: 'ENGINE_UNAVAILABLE' }, work);
