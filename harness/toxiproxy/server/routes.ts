// Maps each endpoint, method and path, to its work on the collection.

import { ApiError } from './apiError.ts';
import type { Collection } from './collection.ts';
import type { ManagedProxy } from './managedProxy.ts';
import { proxyStats } from './stats.ts';
import {
  readCutEffect,
  readNewProxy,
  readNewToxic,
  readProxies,
  readProxyChange,
  readToxicChange,
} from './requestBody.ts';
import { createToxic, toxicJson } from './toxic.ts';
import { TOXIPROXY_VERSION } from './version.ts';

export interface ApiAnswer {
  readonly status: number;
  /** The body, sent as JSON, or as it is when it is text. Undefined: no body. */
  readonly body?: unknown;
  readonly contentType?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface ApiCall {
  /** The decoded parts of the path that the route leaves open. */
  readonly parts: readonly string[];
  /** The body, one character a byte. */
  readonly body: string;
}

export type Handler = (call: ApiCall) => ApiAnswer | Promise<ApiAnswer>;

export interface Route {
  /** `*` stands for one part. */
  readonly path: string;
  readonly methods: Readonly<Record<string, Handler>>;
}

export const apiRoutes = (collection: Collection): readonly Route[] => [
  ...proxyRoutes(collection),
  ...toxicRoutes(collection),
  ...ownRoutes(collection),
  {
    path: '/reset',
    methods: { POST: async () => (await collection.reset(), NO_CONTENT) },
  },
  { path: '/populate', methods: { POST: (call) => populate(collection, call) } },
  { path: '/version', methods: { GET: () => VERSION_ANSWER } },
];

function proxyRoutes(collection: Collection): readonly Route[] {
  const update: Handler = async ({ parts: [name = ''], body }) => {
    collection.get(name);
    // The name of a proxy never changes, whatever the body says.
    const change = { ...readProxyChange(body), name };
    return ok((await collection.update(name, change)).json());
  };
  return [
    {
      path: '/proxies',
      methods: {
        GET: () => ok(proxiesByName(collection)),
        POST: async ({ body }) => {
          const proxy = await collection.add(readNewProxy(body));
          return { status: 201, body: proxy.json() };
        },
      },
    },
    {
      path: '/proxies/*',
      methods: {
        GET: ({ parts: [name = ''] }) => ok(collection.get(name).json()),
        POST: update,
        PATCH: update,
        DELETE: async ({ parts: [name = ''] }) => (await collection.remove(name), NO_CONTENT),
      },
    },
  ];
}

function toxicRoutes(collection: Collection): readonly Route[] {
  const toxicsOf = ({ parts: [name = ''] }: ApiCall) => collection.get(name).toxics;
  const update: Handler = (call) => {
    const toxics = toxicsOf(call);
    const toxic = toxics.get(call.parts[1] ?? '');
    const change = readToxicChange(call.body, toxic.kind, toxic);
    return ok(toxicJson(toxics.update(toxic.name, change)));
  };
  return [
    {
      path: '/proxies/*/toxics',
      methods: {
        GET: (call) => ok(toxicsOf(call).all().map(toxicJson)),
        POST: (call) => {
          const { toxics, engine } = collection.get(call.parts[0] ?? '');
          const toxic = createToxic(
            readNewToxic(call.body, engine.protocol, (name) => toxics.requireFree(name)),
          );
          toxics.add(toxic);
          return ok(toxicJson(toxic));
        },
      },
    },
    {
      path: '/proxies/*/toxics/*',
      methods: {
        GET: (call) => ok(toxicJson(toxicsOf(call).get(call.parts[1] ?? ''))),
        POST: update,
        PATCH: update,
        DELETE: (call) => {
          toxicsOf(call).remove(call.parts[1] ?? '');
          return NO_CONTENT;
        },
      },
    },
  ];
}

/** Gives the routes that the official server does not have. */
function ownRoutes(collection: Collection): readonly Route[] {
  const cutOf = ({ engine }: ManagedProxy) => ok({ effect: engine.cutEffect ?? null });
  return [
    {
      path: '/proxies/*/stats',
      methods: { GET: ({ parts: [name = ''] }) => ok(proxyStats(collection.get(name))) },
    },
    {
      path: '/proxies/*/cut',
      methods: {
        GET: ({ parts: [name = ''] }) => cutOf(collection.get(name)),
        POST: async ({ parts: [name = ''], body }) =>
          cutOf(await collection.cut(name, readCutEffect(body))),
        DELETE: async ({ parts: [name = ''] }) => {
          await collection.cut(name, undefined);
          return NO_CONTENT;
        },
      },
    },
  ];
}

const NO_CONTENT: ApiAnswer = { status: 204 };
const VERSION_ANSWER: ApiAnswer = {
  status: 200,
  body: `{"version": "${TOXIPROXY_VERSION}"}\n`,
  contentType: 'application/json;charset=utf-8',
};

const ok = (body: unknown): ApiAnswer => ({ status: 200, body });

const proxiesByName = (collection: Collection) =>
  Object.fromEntries(collection.list().map((proxy) => [proxy.name, proxy.json()]));

/** Go writes a list that was never filled as null. */
const shown = (proxies: readonly ManagedProxy[]) =>
  proxies.length === 0 ? null : proxies.map((one) => one.json());

/** Answers what was done so far beside the error, as the official server does. */
async function populate(collection: Collection, { body }: ApiCall): Promise<ApiAnswer> {
  const done: ManagedProxy[] = [];
  try {
    await collection.populate(readProxies(body), done);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const { message, status } = error;
    return { status, body: { error: message, status, proxies: shown(done) } };
  }
  return { status: 201, body: { proxies: shown(done) } };
}
