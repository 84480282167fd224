// One proxy as the API shows it: its fields, its engine, its toxics.

import type { Random } from '../../kernel/random.ts';
import { formatAddress } from './address.ts';
import type { Protocol, ProxyEngine } from './engine.ts';
import { resolveAddress } from './listener.ts';
import type { Log } from './log.ts';
import { createTcpProxy } from './tcpProxy.ts';
import { createToxic, toxicJson, type ToxicFields, type ToxicJson } from './toxic.ts';
import { createToxicList, type ToxicList } from './toxicList.ts';
import type { StageClock } from './toxics/stage.ts';
import { createUdpProxy } from './udpProxy.ts';

/** The fields that a caller asks for. */
export interface ProxyFields {
  readonly name: string;
  readonly listen: string;
  readonly upstream: string;
  readonly enabled: boolean;
  readonly protocol: Protocol;
  /** There from the first connection on. */
  readonly toxics: readonly ToxicFields[];
}

export type ProxyChange = Partial<Pick<ProxyFields, 'listen' | 'upstream' | 'enabled'>>;

export interface ProxyJson extends Omit<ProxyFields, 'protocol' | 'toxics'> {
  /** Only on proxies that the official server does not have. */
  readonly protocol?: Protocol;
  readonly toxics: readonly ToxicJson[];
}

export interface ManagedProxy {
  readonly name: string;
  readonly upstream: string;
  readonly engine: ProxyEngine;
  readonly toxics: ToxicList;
  readdress(listen: string, upstream: string): void;
  json(): ProxyJson;
}

/** The parts that all proxies of a server share. */
export interface ProxyEnvironment {
  readonly clock: StageClock;
  readonly random: Random;
  readonly log: Log;
}

export function createManagedProxy(
  fields: ProxyFields,
  environment: ProxyEnvironment,
): ManagedProxy {
  const { name, protocol } = fields;
  let { upstream } = fields;
  const toxics = createToxicList(() => engine);
  const create = protocol === 'udp' ? createUdpProxy : createTcpProxy;
  const engine = create({
    ...environment,
    ...fields,
    random: environment.random.fork(`proxy ${name}`),
    toxics: toxics.byStream,
  });
  for (const toxic of fields.toxics) toxics.add(createToxic(toxic));
  return {
    name,
    get upstream() {
      return upstream;
    },
    engine,
    toxics,
    readdress: (listen, nextUpstream) => {
      upstream = nextUpstream;
      engine.readdress(listen, upstream);
    },
    json: () => ({
      name,
      listen: engine.listen,
      upstream,
      enabled: engine.isStarted,
      ...(protocol === 'udp' ? { protocol } : {}),
      toxics: toxics.all().map(toxicJson),
    }),
  };
}

/**
 * True where a proxy must be started anew to be what is wanted. The wanted address is read, also where
 * it is the one that the proxy has: rejects with an ApiError where that cannot be done.
 */
export async function differs(
  { upstream, engine }: ManagedProxy,
  wanted: Pick<ProxyFields, 'listen' | 'upstream'> & { readonly protocol?: Protocol },
): Promise<boolean> {
  const { host, port } = await resolveAddress(wanted.listen, '');
  if (upstream !== wanted.upstream) return true;
  if (engine.protocol !== (wanted.protocol ?? engine.protocol)) return true;
  if (engine.listen === wanted.listen) return false;
  return engine.listen !== formatAddress(host === '' ? '::' : host, port);
}
