// A real transcoder with two inputs, each fed by a real playout of its own.

import { expect, test } from 'vitest';
import { waitFor } from '../../../harness/kernel/deadline.ts';
import type { TranscoderStage } from '../../../harness/model/scenario.ts';
import { launchOf, ORIGIN, PLAYOUT, startBench, TRANSCODER } from './chain.ts';

const INPUTS = ['way-a', 'way-b'] as const;
const STAGE: TranscoderStage = {
  ...TRANSCODER,
  inputFailover: {
    lossMs: 1_000,
    blackMs: 1_000,
    blackLevel: 0.1,
    prefer: 'primary',
    clearMs: 1_000,
  },
};

test('shows the second input while the first is black, or gone, and goes back', async () => {
  await using bench = await startBench();
  const signal = new AbortController().signal;
  const { runtime } = bench;
  const origin = await runtime.start(launchOf(ORIGIN), signal);
  const launch = launchOf(STAGE, origin.address);
  const transcoder = await runtime.start({ ...launch, inputs: INPUTS }, signal);
  const to = { host: '127.0.0.1', port: 0, ...transcoder.address, stage: 'transcoder' };
  const play = (link: string) =>
    runtime.start(
      {
        ...launchOf({ ...PLAYOUT, name: `playout-${link}` }),
        sendsTo: [{ ...to, link, input: link }],
      },
      signal,
    );
  const [first] = await Promise.all(INPUTS.map(play));
  const moves = () => bench.notes('transcoder').filter((note) => note.startsWith('input: '));
  const moved = (...wanted: readonly string[]) =>
    waitFor({ ms: 20_000, what: `moves ${wanted.join()}`, everyMs: 100 }, () =>
      moves().slice(-wanted.length).join() === wanted.map((name) => `input: ${name}`).join()
        ? true
        : undefined,
    );
  const bytesOf = (name: string) => bench.stats('transcoder').bytesInBy?.[name] ?? 0;
  await waitFor({ ms: 20_000, what: 'the programme', everyMs: 100 }, () =>
    bench.stats('transcoder').fill === 'none' && INPUTS.every((name) => bytesOf(name) > 10_000)
      ? true
      : undefined,
  );
  await first?.command?.({ content: 'black' });
  await moved('way-b');
  await first?.command?.({ content: 'programme' });
  await moved('way-b', 'way-a');
  await first?.stop();
  await moved('way-b', 'way-a', 'way-b');
  await waitFor({ ms: 10_000, what: 'the programme again', everyMs: 100 }, () =>
    bench.stats('transcoder').fill === 'none' ? true : undefined,
  );
  const gone = bytesOf('way-a');
  const alive = bytesOf('way-b');
  await waitFor({ ms: 10_000, what: 'bytes of the second input', everyMs: 100 }, () =>
    bytesOf('way-b') > alive ? true : undefined,
  );
  expect(bytesOf('way-a')).toBe(gone);
});
