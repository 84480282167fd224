// One request of a viewer, with the two deadlines that players have: for the first byte and for all.

import type { Later } from '../page/policy.ts';
import type { LoadRules } from '../../harness/model/loadRules.ts';

export interface Answer {
  /** The status of HTTP; 0 where there was no answer. */
  readonly status: number;
  readonly text: string;
  readonly bytes: number;
}

export interface Asking {
  /** A playlist is read; of a segment only its length is known. */
  readonly as: 'text' | 'length';
  readonly signal: AbortSignal;
  readonly onFirstByte: () => void;
}

/** Asks for an address. Rejects when the connection fails or ends early. */
export type Send = (url: string, asking: Asking) => Promise<Answer>;

export interface Time {
  readonly epochMs: () => number;
  readonly later: Later;
}

export type Loaded =
  | (Answer & { readonly is: 'loaded'; readonly startEpochMs: number; readonly ms: number })
  | { readonly is: 'failed'; readonly status: number; readonly why: 'error' | 'timeout' };

/** Calls back once, unless it is called off before. */
export function load(
  { url, as }: { readonly url: string; readonly as: Asking['as'] },
  { rules, send, time }: { readonly rules: LoadRules; readonly send: Send; readonly time: Time },
  done: (loaded: Loaded) => void,
): () => void {
  const startEpochMs = time.epochMs();
  const ending = new AbortController();
  let callOff: (() => void) | undefined;
  const end = (loaded: Loaded | undefined): void => {
    if (ending.signal.aborted) return;
    callOff?.();
    ending.abort();
    if (loaded) done(loaded);
  };
  const within = (ms: number): void => {
    callOff?.();
    if (!Number.isFinite(ms)) return;
    callOff = time.later(ms, () => end({ is: 'failed', status: 0, why: 'timeout' }));
  };
  const onFirstByte = (): void => {
    if (ending.signal.aborted || !Number.isFinite(rules.firstByteMs)) return;
    within(rules.totalMs - (time.epochMs() - startEpochMs));
  };
  within(Math.min(rules.firstByteMs, rules.totalMs));
  send(url, { as, signal: ending.signal, onFirstByte }).then(
    (answer) => end(judgeAnswer(answer, startEpochMs, time.epochMs())),
    () => end({ is: 'failed', status: 0, why: 'error' }),
  );
  return () => end(undefined);
}

function judgeAnswer(answer: Answer, startEpochMs: number, nowEpochMs: number): Loaded {
  const { status } = answer;
  if (status < 200 || status > 299) return { is: 'failed', status, why: 'error' };
  return { is: 'loaded', ...answer, startEpochMs, ms: nowEpochMs - startEpochMs };
}
