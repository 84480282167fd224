// A LinkControl over a Toxiproxy server that somebody else runs, official or not.

import { Toxiproxy } from 'toxiproxy-node-client';
import { systemClock } from '../kernel/clock.ts';
import { HarnessError } from '../model/errors.ts';
import type { LinkControl } from '../model/world.ts';
import { tokenHeader } from '../kernel/token.ts';
import { boundCalls } from './boundedHttp.ts';
import {
  CALL_MS_MAX,
  createLinkControl,
  explainError,
  type LinkControlOptions,
} from './linkControl.ts';

const VERSION_MS_MAX = 5_000;
const ALIVE_EVERY_MS = 1_000;
/** The first version whose API is this one. */
const MAJOR_MIN = 2;

/** Rejects with LINK_CONTROL_FAILED when nothing at the URL answers like Toxiproxy 2. */
export async function connectToxiproxy(
  url: string,
  options: LinkControlOptions = {},
): Promise<LinkControl> {
  const base = url.replace(/\/+$/, '');
  const version = await askVersion(base, options.token);
  const over = new AbortController();
  return createLinkControl(
    {
      url: base,
      description: `server ${version} at ${base}`,
      ended: untilNobodyListens(base, options.token, over.signal),
      onDispose: () => Promise.resolve(over.abort()),
    },
    { ...options, ...advertisedBy(base, options) },
  );
}

/** Removes the proxies that the question is answered with yes for; gives their names. */
export async function removeProxies(
  url: string,
  isWanted: (name: string) => Promise<boolean>,
): Promise<readonly string[]> {
  const client = boundCalls(new Toxiproxy(url.replace(/\/+$/, '')), CALL_MS_MAX);
  const removed: string[] = [];
  try {
    for (const name of Object.keys((await client.api.get<object>(`${client.host}/proxies`)).data)) {
      if (!(await isWanted(name))) continue;
      await client.api.delete(`${client.host}/proxies/${encodeURIComponent(name)}`);
      removed.push(name);
    }
  } catch (error) {
    const hint = 'see that the Toxiproxy server still runs and answers';
    throw failedAt(url, `what a run left at ${url}`, hint, error);
  }
  return removed;
}

/**
 * Resolves when nothing listens there any more. A server that is slow to answer is no dead one.
 */
async function untilNobodyListens(
  base: string,
  token: string | undefined,
  signal: AbortSignal,
): Promise<string> {
  for (;;) {
    await systemClock.sleep(ALIVE_EVERY_MS, signal).catch(() => undefined);
    if (signal.aborted) return new Promise<never>(() => undefined);
    const why = await fetch(`${base}/version`, {
      headers: tokenHeader(token),
      signal: AbortSignal.timeout(VERSION_MS_MAX),
    }).then((answer) => answer.text().then(() => undefined), explainError);
    if (why !== undefined && NOBODY_LISTENS.test(why) && !signal.aborted) return why;
  }
}

const NOBODY_LISTENS = /ECONNREFUSED|ECONNRESET|ENETUNREACH|EHOSTUNREACH/;

async function askVersion(base: string, token: string | undefined): Promise<string> {
  try {
    const response = await fetch(`${base}/version`, {
      headers: tokenHeader(token),
      signal: AbortSignal.timeout(VERSION_MS_MAX),
    });
    const text = await response.text();
    const version = /(\d+)\.\d+\.\d+\S*?(?=["\s}]|$)/.exec(text);
    if (!response.ok || !version) throw new Error(`it answered ${response.status}: ${text.trim()}`);
    if (Number(version[1]) < MAJOR_MIN) throw new Error(`it is version ${version[0]}`);
    return version[0];
  } catch (error) {
    const hint =
      'start a Toxiproxy server of version 2 there, or leave --toxiproxy out to use the embedded one';
    throw failedAt(base, `no Toxiproxy server at ${base}`, hint, error);
  }
}

/** A server on another machine listens there: on all interfaces, and is reached by its name. */
function advertisedBy(base: string, options: LinkControlOptions): LinkControlOptions {
  const { hostname } = new URL(base);
  const isHere = ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
  if (isHere || options.listenHost !== undefined || options.advertisedHost !== undefined) return {};
  return { listenHost: '0.0.0.0', advertisedHost: hostname };
}

const failedAt = (target: string, text: string, hint: string, cause: unknown): HarnessError =>
  new HarnessError('LINK_CONTROL_FAILED', `${text}: ${explainError(cause)}`, {
    target,
    hint,
    cause,
  });
