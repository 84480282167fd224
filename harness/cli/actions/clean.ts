// `clean`: shows what runs left behind, on the engine and in the temporary folder, and removes what
// belongs to runs that are dead.

import pc from 'picocolors';
import { EXIT, errorMessage } from '../../model/errors.ts';
import { connectEngine, ENGINE_ANSWERS_WITHIN_MS } from '../../runtime/containers/engine.ts';
import { findLeftovers, sweepLeftovers } from '../../runtime/containers/sweep.ts';
import { print } from '../terminal.ts';
import type { CleanArguments } from '../commands/clean.ts';

export async function clean({ dryRun }: CleanArguments): Promise<void> {
  const signal = AbortSignal.timeout(ENGINE_ANSWERS_WITHIN_MS * 5);
  const engine = await connectEngine(signal).catch(() => undefined);
  if (!engine) print(pc.dim('no engine answers: only temporary folders are looked at'));
  for (const { kind, name, state, owner } of await findLeftovers(engine))
    print(`${state.padEnd(9)} ${kind.padEnd(9)} ${name}  (process ${owner.pid} on ${owner.host})`);
  if (dryRun) return;
  const { removed, failed } = await sweepLeftovers(engine);
  print(removed.length === 0 ? 'nothing to remove' : `removed ${removed.length}`);
  for (const { leftover, error } of failed) {
    print(`could not remove ${leftover.name}: ${errorMessage(error)}`);
    process.exitCode = EXIT.unavailable;
  }
}
