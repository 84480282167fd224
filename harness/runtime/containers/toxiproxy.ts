// Toxiproxy on the network of a run: the official image by its testcontainers module where the
// engine has it or can pull it, else our own server in our own image. Answers what the adapter
// needs to connect (harness/toxiproxy, connectToxiproxy).

import { ToxiProxyContainer } from '@testcontainers/toxiproxy';
import { fileURLToPath } from 'node:url';
import { extname } from 'node:path';
import { waitFor, withDeadline } from '../../kernel/deadline.ts';
import { HarnessError } from '../../model/errors.ts';
import type { Address } from '../../model/world.ts';
import { pathInImage } from './buildContext.ts';
import { startCompanion } from './companion.ts';
import { startContainer } from './container.ts';
import type { Engine } from './engine.ts';
import { hasImage } from './images.ts';
import type { RunNetwork } from './runNetwork.ts';

/** The version whose source our traps and our own server were written from. */
export const OFFICIAL_IMAGE = 'ghcr.io/shopify/toxiproxy:2.12.0';

export type ToxiproxyKind = 'official' | 'embedded';

export interface ToxiproxyChoice {
  readonly kind: ToxiproxyKind;
  /** Why, as a clause for the report. */
  readonly reason: string;
}

/** Where a Toxiproxy listens and how its proxies are reached; options of `connectToxiproxy`. */
export interface ToxiproxyEndpoint extends AsyncDisposable {
  readonly kind: ToxiproxyKind;
  /** Of its API, from here. */
  readonly url: string;
  readonly listenHost: string;
  /** Name of the proxies on the run's network. */
  readonly advertisedHost: string;
  /** Ports to use for proxies; undefined = any. */
  readonly ports?: readonly number[];
  readonly hostAddressOf?: (port: number) => Address;
}

export interface ToxiproxyOptions {
  readonly network: RunNetwork;
  /** Our stage image, for the embedded server. */
  readonly image: string;
  readonly logDir: string;
  readonly kind: ToxiproxyKind;
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
  if (await hasImage(engine, OFFICIAL_IMAGE)) {
    return { kind: 'official', reason: wanted === 'auto' ? 'its image is here' : 'asked for' };
  }
  const problem = await pull(engine, signal);
  if (problem === undefined) {
    return {
      kind: 'official',
      reason: wanted === 'auto' ? 'its image could be pulled' : 'asked for',
    };
  }
  if (wanted === 'auto') {
    return { kind: 'embedded', reason: `the official image cannot be pulled (${problem})` };
  }
  throw new HarnessError('ENGINE_UNAVAILABLE', `cannot pull ${OFFICIAL_IMAGE}: ${problem}`, {
    target: OFFICIAL_IMAGE,
    hint: 'load the image into the engine, or use --toxiproxy embedded',
  });
}

export const startToxiproxy = (
  options: ToxiproxyOptions,
  signal: AbortSignal,
): Promise<ToxiproxyEndpoint> =>
  options.kind === 'official' ? startOfficial(options, signal) : startEmbedded(options, signal);

/** Why it could not be pulled; undefined when it could. */
async function pull(engine: Engine, signal: AbortSignal): Promise<string | undefined> {
  try {
    const what = `${OFFICIAL_IMAGE} to be pulled`;
    await withDeadline({ ms: PULL_MS, what, signal }, async () => {
      const stream = await engine.api.pull(OFFICIAL_IMAGE);
      await new Promise<void>((resolve, reject) => {
        engine.api.modem.followProgress(stream, (error) => (error ? reject(error) : resolve()));
      });
    });
    return undefined;
  } catch (error) {
    signal.throwIfAborted();
    return (error instanceof Error ? error.message : String(error)).split('\n')[0];
  }
}

async function startEmbedded(
  { network, image, logDir, seed, flows }: ToxiproxyOptions,
  signal: AbortSignal,
): Promise<ToxiproxyEndpoint> {
  const ports = portsFor(flows);
  const flags = ['-host', '0.0.0.0', '-port', String(API_PORT), '-announce', '-end-with-stdin'];
  const companion = await startCompanion(
    {
      ...{ network, image, logDir, instance: INSTANCE, code: 'LINK_CONTROL_FAILED' },
      command: [program(), ...flags, ...(seed === undefined ? [] : ['-seed', String(seed)])],
      limits: LIMITS,
      tmpfsMb: {},
      publish: [API_PORT, ...ports],
    },
    signal,
  );
  const { container } = companion;
  return {
    kind: 'embedded',
    url: urlOf(container.hostAddress(API_PORT)),
    listenHost: '0.0.0.0',
    advertisedHost: container.alias,
    ports,
    hostAddressOf: (port) => container.hostAddress(port),
    [Symbol.asyncDispose]: companion.stop,
  };
}

/** Of another room, and so by its place: nothing of it is imported here. */
const program = (): string => {
  const extension = extname(fileURLToPath(import.meta.url));
  return pathInImage(
    fileURLToPath(new URL(`../../toxiproxy/program${extension}`, import.meta.url)),
  );
};

/** Its server does not look at standard input: if we die, the next start removes it. */
async function startOfficial(
  { network, flows }: ToxiproxyOptions,
  signal: AbortSignal,
): Promise<ToxiproxyEndpoint> {
  const ports = portsFor(Math.max(flows, OFFICIAL_PORTS));
  const container = await startContainer(
    {
      ...{ network, image: OFFICIAL_IMAGE, instance: INSTANCE, base: ToxiProxyContainer },
      limits: LIMITS,
      tmpfsMb: {},
      publish: [API_PORT, ...ports],
      onStdout: () => undefined,
      onStderr: () => undefined,
    },
    signal,
  );
  const url = urlOf(container.hostAddress(API_PORT));
  await untilItAnswers(url, signal).catch(async (error: unknown) => {
    await container.remove();
    throw error;
  });
  return {
    kind: 'official',
    url,
    listenHost: '0.0.0.0',
    advertisedHost: container.alias,
    ports,
    hostAddressOf: (port) => container.hostAddress(port),
    [Symbol.asyncDispose]: () => container.remove(),
  };
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

const urlOf = ({ host, port }: Address): string => `http://${host}:${port}`;
