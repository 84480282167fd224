// Toxiproxy on the network of a run: the official image by its testcontainers module where the
// engine has it or can pull it, else our own server in our own image. Answers what the adapter
// needs to connect (harness/toxiproxy, connectToxiproxy).

import { ToxiProxyContainer } from '@testcontainers/toxiproxy';
import { waitFor, withDeadline } from '../../kernel/deadline.ts';
import { freshToken, TOKEN_VARIABLE } from '../../kernel/token.ts';
import { HarnessError, errorMessage } from '../../model/errors.ts';
import type { Address } from '../../model/world.ts';
import { pathInImage } from './buildContext.ts';
import { startCompanion } from './companion.ts';
import { startContainer, type StartedContainer } from './container.ts';
import type { Engine } from './engine.ts';
import { hasImage, imageNames } from './images.ts';
import { followProgress } from './progress.ts';
import type { RunNetwork } from './runNetwork.ts';
import { programAt } from '../../kernel/programAt.ts';

/**
 * The version whose source our traps and our own server were written from. Without a registry: it is
 * the engine that knows where it gets images from, or IMAGE_VARIABLE that names the whole.
 */
const OFFICIAL_IMAGE = 'shopify/toxiproxy:2.12.0';
/** Environment variable with the image's full name, as Toxiproxy's own README writes it. */
const IMAGE_VARIABLE = 'ECRAN_NOIR_TOXIPROXY_IMAGE';

export type ToxiproxyKind = 'official' | 'embedded';

export type ToxiproxyChoice =
  | { readonly kind: 'embedded'; /** Why, as a clause for the report. */ readonly reason: string }
  | {
      readonly kind: 'official';
      readonly reason: string;
      /** The engine's name for it. */ readonly image: string;
    };

/** The address of a Toxiproxy, and the way to its proxies; options of `connectToxiproxy`. */
export interface ToxiproxyEndpoint extends AsyncDisposable {
  readonly kind: ToxiproxyKind;
  /** The address of its API, from here. */
  readonly url: string;
  /** Our own server asks for it at every call. */
  readonly token?: string;
  readonly listenHost: string;
  /** Name of the proxies on the run's network. */
  readonly advertisedHost: string;
  /** Ports to use for proxies; undefined = any. */
  readonly ports?: readonly number[];
  readonly hostAddressOf?: (port: number) => Address;
}

export interface ToxiproxyOptions {
  readonly network: RunNetwork;
  readonly kind: ToxiproxyKind;
  /** Our stage image for the embedded server, its own for the official one. */
  readonly image: string;
  readonly logDir: string;
  readonly seed?: number;
  /** Proxies that will be wanted: each needs a port that this host can reach. */
  readonly flows: number;
}

const INSTANCE = 'toxiproxy';
const API_PORT = 8474;
const FIRST_PROXY_PORT = 8666;
/** The module of testcontainers wants so many published, whatever is used. */
const OFFICIAL_PORTS = 32;
const portsFor = (flows: number): readonly number[] =>
  Array.from({ length: flows }, (_, index) => FIRST_PROXY_PORT + index);
/** 20 MB; a registry that is slower than this is not worth the wait before every run. */
const PULL_MS = 30_000;
const ANSWER_MS = 10_000;
const LIMITS = { memoryMb: 512 };

/** `official` and `embedded` as asked; `auto` = the official one if it can be had. */
export async function chooseToxiproxy(
  engine: Engine,
  wanted: ToxiproxyKind | 'auto',
  signal: AbortSignal,
): Promise<ToxiproxyChoice> {
  if (wanted === 'embedded') return { kind: 'embedded', reason: 'asked for' };
  const official = (image: string, found: string): ToxiproxyChoice => ({
    kind: 'official',
    image,
    reason: wanted === 'auto' ? found : 'asked for',
  });
  const here = await officialImage(engine);
  if (here !== undefined) return official(here, 'its image is here');
  const image = process.env[IMAGE_VARIABLE] ?? OFFICIAL_IMAGE;
  const problem = await pull(engine, image, signal);
  if (problem === undefined) return official(image, 'its image could be pulled');
  if (wanted === 'auto') {
    return { kind: 'embedded', reason: `the official image cannot be pulled (${problem})` };
  }
  throw new HarnessError('ENGINE_UNAVAILABLE', `cannot pull ${image}: ${problem}`, {
    target: image,
    hint: `load the image into the engine, give its full name in ${IMAGE_VARIABLE}, or use --toxiproxy embedded`,
  });
}

/** Name on the engine of the official image, from whichever registry it came; undefined without one. */
export async function officialImage(engine: Engine): Promise<string | undefined> {
  const named = process.env[IMAGE_VARIABLE];
  if (named !== undefined) return (await hasImage(engine, named)) ? named : undefined;
  return (await imageNames(engine)).find(isOfficial);
}

/** `shopify/toxiproxy:2.12.0`, with or without a registry in front. Public for its test. */
export const isOfficial = (name: string): boolean =>
  name === OFFICIAL_IMAGE || name.endsWith(`/${OFFICIAL_IMAGE}`);

export const startToxiproxy = (
  options: ToxiproxyOptions,
  signal: AbortSignal,
): Promise<ToxiproxyEndpoint> =>
  options.kind === 'official' ? startOfficial(options, signal) : startEmbedded(options, signal);

/** Pulls the image; gives the reason why it could not be pulled, undefined when it could. */
async function pull(
  engine: Engine,
  image: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  try {
    const what = `${image} to be pulled`;
    await withDeadline({ ms: PULL_MS, what, signal }, async () => {
      const stream = await engine.api.pull(image);
      await followProgress(engine.api, stream);
    });
    return undefined;
  } catch (error) {
    signal.throwIfAborted();
    return errorMessage(error).split('\n')[0];
  }
}

async function startEmbedded(
  { network, image, logDir, seed, flows }: ToxiproxyOptions,
  signal: AbortSignal,
): Promise<ToxiproxyEndpoint> {
  const ports = portsFor(flows);
  const flags = ['-host', '0.0.0.0', '-port', String(API_PORT), '-announce', '-end-with-stdin'];
  const token = freshToken();
  const companion = await startCompanion(
    {
      network,
      image,
      logDir,
      instance: INSTANCE,
      crossesBorders: true,
      code: 'LINK_CONTROL_FAILED',
      env: { [TOKEN_VARIABLE]: token },
      command: [program(), ...flags, ...(seed === undefined ? [] : ['-seed', String(seed)])],
      limits: LIMITS,
      tmpfsMb: {},
      publish: [API_PORT, ...ports],
      publishesDatagrams: true,
    },
    signal,
  );
  const { container, stop } = companion;
  return { kind: 'embedded', token, ...reached(container, ports), [Symbol.asyncDispose]: stop };
}

/** Says how its API and its proxies are reached. */
const reached = (container: StartedContainer, ports: readonly number[]) => ({
  url: httpUrl(container.hostAddress(API_PORT)),
  listenHost: '0.0.0.0',
  advertisedHost: container.alias,
  ports,
  hostAddressOf: (port: number) => container.hostAddress(port),
});

/** Finds the program by its place: it is of another room, and nothing is imported here. */
const program = (): string => pathInImage(programAt(import.meta.url, '../../toxiproxy/program'));

/** Its server does not look at standard input: if we die, the next start removes it. */
async function startOfficial(
  { network, image, flows }: ToxiproxyOptions,
  signal: AbortSignal,
): Promise<ToxiproxyEndpoint> {
  const ports = portsFor(Math.max(flows, OFFICIAL_PORTS));
  const container = await startContainer(
    {
      network,
      image,
      instance: INSTANCE,
      crossesBorders: true,
      base: ToxiProxyContainer,
      limits: LIMITS,
      tmpfsMb: {},
      publish: [API_PORT, ...ports],
      onStdout: () => undefined,
      onStderr: () => undefined,
    },
    signal,
  );
  const way = reached(container, ports);
  await untilItAnswers(way.url, signal).catch(async (error: unknown) => {
    await container.remove();
    throw error;
  });
  return { kind: 'official', ...way, [Symbol.asyncDispose]: () => container.remove() };
}

const untilItAnswers = (url: string, signal: AbortSignal): Promise<true> =>
  waitFor(
    { ms: ANSWER_MS, what: `Toxiproxy at ${url}`, code: 'LINK_CONTROL_FAILED', signal },
    async () => {
      const answer = await fetch(`${url}/version`, { signal: AbortSignal.timeout(1_000) }).catch(
        () => undefined,
      );
      return answer?.ok ? true : undefined;
    },
  );

const httpUrl = ({ host, port }: Address): string => `http://${host}:${port}`;
