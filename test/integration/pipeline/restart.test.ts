// A stage that is started again: at once, and while its input is absent.

import type { StageFault } from '../../../harness/faults/life.ts';
import { expect, test } from 'vitest';
import { waitFor } from '../../../harness/kernel/deadline.ts';
import type { StartedStage } from '../../../harness/model/world.ts';
import { createStageForce } from '../../../harness/run/stageForce.ts';
import { playlistWith, startBench, startChain, type Bench } from './chain.ts';

const RESTART: StageFault = {
  kind: 'stage',
  does: 'restart',
  stages: ['transcoder'],
  channels: ['one'],
  links: [],
};

const force = createStageForce();
const restart = (stage: StartedStage, does: 'inject' | 'heal' = 'inject') =>
  force({ stage, does, id: 'hasty', fault: RESTART, seed: 1 });

const fill = (bench: Bench, wanted: string, ms = 20_000) =>
  waitFor({ ms, what: `the transcoder to put out ${wanted}` }, () =>
    bench.stats('transcoder').fill === wanted ? true : undefined,
  );

test('a restart begins another life at once, and its end does nothing more', async () => {
  await using bench = await startBench();
  const { transcoder, base } = await startChain(bench);
  await playlistWith(`${base}/v0/index.m3u8`, 2);
  const before = bench.stats('transcoder').framesOut ?? 0;
  await restart(transcoder);
  await waitFor({ ms: 5_000, what: 'counters that begin again' }, () =>
    (bench.stats('transcoder').framesOut ?? before) < before ? true : undefined,
  );
  await fill(bench, 'none');
  const readies = () =>
    bench.records.filter(
      (r) => r.type === 'stage' && r.stage === 'transcoder' && r.event === 'ready',
    ).length;
  expect(readies()).toBe(2);
  await restart(transcoder, 'heal');
  expect(readies()).toBe(2);
});

test('started without an input it waits for one, and runs as soon as there is one', async () => {
  await using bench = await startBench();
  const { transcoder, playout, base } = await startChain(bench);
  await playlistWith(`${base}/v0/index.m3u8`, 1);
  await playout.faults?.shutDown();
  await restart(transcoder);
  await fill(bench, 'paused');
  await playout.faults?.restart();
  await fill(bench, 'none');
  expect(bench.notes('transcoder').join()).not.toContain('probe failed');
});

test('or fails its probe, and does not run before it is started once more', async () => {
  await using bench = await startBench();
  const startWithoutInput = { probeMs: 1_500, againMs: 6_000 };
  const { transcoder, playout, base } = await startChain(bench, {
    transcoder: { startWithoutInput },
  });
  // The very first start is before the head-end's, and waits for it.
  await playlistWith(`${base}/v0/index.m3u8`, 1);
  expect(bench.notes('transcoder').join()).not.toContain('probe failed');
  await playout.faults?.shutDown();
  await restart(transcoder);
  const said = (text: string) =>
    waitFor({ ms: 15_000, what: text }, () =>
      bench.notes('transcoder').some((note) => note.includes(text)) ? true : undefined,
    );
  await said('probe failed');
  await playout.faults?.restart();
  // Pictures arrive, and are not taken.
  await waitFor({ ms: 10_000, what: 'pictures' }, () =>
    (bench.stats('transcoder').framesIn ?? 0) > 5 ? true : undefined,
  );
  expect(bench.stats('transcoder').framesOut).toBe(0);
  await said('started once more');
  await fill(bench, 'none');
});
