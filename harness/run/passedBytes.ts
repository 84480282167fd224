// Writes down how many bytes passed each link, where a promise of where data stays asks for it: when
// a phase begins, and after the last stage has ended.

import type { Running } from './running.ts';

const COUNT_MS = 5_000;

/** `last`: no stage is left that could send more. */
export async function recordPassedBytes(running: Running, last: boolean): Promise<void> {
  const { plan, recorder } = running.request;
  const { design, expectations } = plan.scenario;
  const isAsked = design.residency ?? expectations.some(({ about }) => about !== undefined);
  if (!isAsked) return;
  await running.attempt('bytes over links', COUNT_MS, async () => {
    const flows = (await running.links?.passedBytes()) ?? [];
    for (const flow of flows) recorder.emit({ type: 'passed', ...flow, ...(last && { last }) });
  });
}
