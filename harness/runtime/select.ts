// Chooses the runtime of a run: the one asked for, or containers where an engine answers within a
// second, else processes; with the reason, which the report states.

import type { HarnessError } from '../model/errors.ts';
import { connectEngine, ENGINE_ANSWERS_WITHIN_MS, type Engine } from './containers/engine.ts';

export type RuntimeKind = 'containers' | 'processes';

export interface RuntimeChoice {
  readonly kind: RuntimeKind;
  /** A clause for the report: `engine 28.2.2 (linux/amd64) answers`. */
  readonly reason: string;
  /** Limits and pauses stages by control groups, which not every engine has. */
  readonly canLimit: boolean;
}

/** Throws ENGINE_UNAVAILABLE only when containers were asked for. */
export async function chooseRuntime(
  wanted: RuntimeKind | 'auto',
  signal: AbortSignal,
  connect: Connect = connectEngine,
): Promise<RuntimeChoice> {
  if (wanted === 'processes') return { kind: 'processes', reason: 'asked for', canLimit: false };
  if (wanted === 'containers') {
    const { version, canLimit } = await connect(signal);
    return { kind: 'containers', reason: `asked for; engine ${version}`, canLimit };
  }
  try {
    const { version, canLimit } = await connect(signal, ENGINE_ANSWERS_WITHIN_MS);
    return { kind: 'containers', reason: `engine ${version} answers`, canLimit };
  } catch (error) {
    signal.throwIfAborted();
    return { kind: 'processes', reason: (error as HarnessError).message, canLimit: false };
  }
}

type Connect = (
  signal: AbortSignal,
  withinMs?: number,
) => Promise<Pick<Engine, 'version' | 'canLimit'>>;
