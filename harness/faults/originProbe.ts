// Questions of our own to an origin: what dates its playlist has, and whether it stores anything.
// Neither ever rejects: silence is an answer too.

import { systemClock } from '../kernel/clock.ts';
import type { Address } from '../model/world.ts';
import { dateStepsMs } from './playlistDates.ts';
import type { StageAnswer } from './stageQuestion.ts';

export interface OriginQuestion {
  readonly at: Address;
  readonly withinMs: number;
}

/** Fetches the media playlist of a channel's first rung. */
export async function askDates(
  { at, withinMs }: OriginQuestion,
  channel: string,
): Promise<StageAnswer> {
  return timed(async () => {
    const url = `${baseOf(at)}/${channel}/v0/index.m3u8`;
    const answer = await fetch(url, { signal: AbortSignal.timeout(withinMs) });
    const text = await answer.text();
    return { status: answer.status, ...(answer.ok ? { dateStepsMs: dateStepsMs(text) } : {}) };
  });
}

/** Inner paths are no part of what viewers see, and not counted (harness/pipeline/web/nginx.ts). */
const PROBE_PATH = '/.ecran-noir/store-probe';

/** Puts something small there, and deletes it again. */
export async function askStore({ at, withinMs }: OriginQuestion): Promise<StageAnswer> {
  const url = `${baseOf(at)}${PROBE_PATH}`;
  const signal = AbortSignal.timeout(withinMs);
  return timed(async () => {
    const { ok, status, body } = await fetch(url, { method: 'PUT', body: 'probe', signal });
    await body?.cancel();
    if (ok) await fetch(url, { method: 'DELETE', signal }).then((gone) => gone.body?.cancel());
    return { status };
  });
}

async function timed(ask: () => Promise<Omit<StageAnswer, 'ms'>>): Promise<StageAnswer> {
  const startedAt = systemClock.epochMs();
  try {
    const answer = await ask();
    return { ...answer, ms: systemClock.epochMs() - startedAt };
  } catch {
    return { ms: undefined };
  }
}

const baseOf = ({ host, port }: Address): string => `http://${host}:${port}`;
