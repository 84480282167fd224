// Tests what viewers would get while the transcoder's input is gone, frame by frame, as decoded
// from the segments at the edge.

import { afterEach, expect, test } from 'vitest';
import { waitFor } from '../../../harness/kernel/deadline.ts';
import { parseFilledNote } from '../../../harness/model/calibration.ts';
import {
  fetchBytes,
  fetchFrames,
  framesOf,
  MEDIA,
  playlistWith,
  segmentsIn,
  startBench,
  startChain,
  type Bench,
  type SeenFrame,
} from './chain.ts';

const SIZE = { width: 320, height: 180 };
let bench: Bench;
afterEach(() => bench[Symbol.asyncDispose]());

/** One letter a frame: p next programme frame, r the same again, b black, s slate, ? anything else. */
function stripOf(frames: readonly SeenFrame[]): string {
  let last = -1;
  return frames
    .map(({ clock, luma }) => {
      if (!clock) return luma < 24 ? 'b' : '?';
      if (clock.slate) return 's';
      const letter = clock.counter === last ? 'r' : 'p';
      last = clock.counter;
      return letter;
    })
    .join('');
}

/** Collects a rung's segments as they are published, until told to stop; then decodes them. */
async function collect(url: string, until: () => boolean): Promise<SeenFrame[]> {
  const segments = new Map<string, Uint8Array>();
  await waitFor({ ms: 60_000, what: 'the segments to collect', everyMs: 300 }, async () => {
    for (const name of segmentsIn(await playlistWith(`${url}/index.m3u8`, 1)))
      if (!segments.has(name)) segments.set(name, await fetchBytes(`${url}/${name}`));
    return until() ? true : undefined;
  });
  const frames: SeenFrame[] = [];
  for (const segment of segments.values()) frames.push(...(await framesOf(segment, SIZE)));
  return frames;
}

test('an input loss shows repeat, then black, then slate, and the programme comes back', async () => {
  bench = await startBench();
  const { playout, base } = await startChain(bench);
  await playlistWith(`${base}/v0/index.m3u8`, 2);
  let slateAt = 0;
  let back = false;
  const lose = async () => {
    await playout.faults?.kill();
    await waitFor({ ms: 20_000, what: 'the slate' }, () =>
      bench.stats('transcoder').fill === 'slate' ? true : undefined,
    );
    await playout.faults?.restart();
    await waitFor({ ms: 20_000, what: 'the programme' }, () =>
      bench.stats('transcoder').fill === 'none' ? true : undefined,
    );
    slateAt = bench.stats('transcoder').uploads ?? 0;
    back = true;
  };
  const losing = lose();
  const frames = await collect(
    `${base}/v0`,
    () => back && (bench.stats('transcoder').uploads ?? 0) > slateAt + 6,
  );
  await losing;
  const strip = stripOf(frames);
  // 500 ms of repeat and 500 ms of black. A busy machine may repeat a frame elsewhere.
  expect(strip).toMatch(/^[pr]*pr{12,13}b{12,13}s{5,}p[pr]*$/);
  const outputs = bench.notes('transcoder').filter((note) => note.startsWith('output: '));
  expect(outputs.map((note) => note.slice('output: '.length)).join()).toMatch(
    /^(none,repeat,)+black,slate,none(,repeat,none)*(,repeat)?$/,
  );
});

test('a fill by command is as many frames as asked for', async () => {
  bench = await startBench();
  const { transcoder, base } = await startChain(bench);
  await playlistWith(`${base}/v0/index.m3u8`, 1);
  const filled = () => bench.notes('transcoder').map(parseFilledNote).filter(Boolean);
  let uploads = Infinity;
  const fill = async () => {
    for (const [n, fill] of (['black', 'freeze', 'slate'] as const).entries()) {
      await transcoder.command?.({ fill, forMs: 1_200 });
      await waitFor({ ms: 10_000, what: `the ${fill}` }, () => filled()[n]);
    }
    uploads = bench.stats('transcoder').uploads ?? 0;
  };
  const filling = fill();
  const frames = await collect(
    `${base}/v0`,
    () => (bench.stats('transcoder').uploads ?? 0) > uploads + 4,
  );
  await filling;
  const strip = stripOf(frames);
  expect(strip.match(/b+/g)).toEqual(['b'.repeat(30)]);
  expect(strip.match(/s+/g)).toEqual(['s'.repeat(30)]);
  expect(strip).toMatch(/[pb]r{30}[sp]/);
  expect(filled().map((note) => note?.frames)).toEqual([30, 30, 30]);
  for (const note of filled()) {
    expect((note?.lastEpochMs ?? 0) - (note?.firstEpochMs ?? 0)).toBeCloseTo(
      (29 * 1000) / MEDIA.fps,
      0,
    );
  }
});

test('pause publishes nothing during the loss and goes on behind a discontinuity', async () => {
  bench = await startBench();
  const { playout, base } = await startChain(bench, {
    transcoder: { inputLossAction: 'pause' },
  });
  await playlistWith(`${base}/v0/index.m3u8`, 2);
  await playout.faults?.kill();
  await waitFor({ ms: 10_000, what: 'the pause' }, () =>
    bench.stats('transcoder').fill === 'paused' ? true : undefined,
  );
  const framesOut = bench.stats('transcoder').framesOut;
  await playout.faults?.restart();
  expect(bench.stats('transcoder').framesOut).toBe(framesOut);
  const text = await waitFor({ ms: 20_000, what: 'a discontinuity', everyMs: 200 }, async () => {
    const playlist = await playlistWith(`${base}/v0/index.m3u8`, 1);
    return /#EXT-X-DISCONTINUITY\n/.test(playlist) ? playlist : undefined;
  });
  const name = segmentsIn(text.slice(text.indexOf('#EXT-X-DISCONTINUITY\n')))[0] ?? '';
  expect(stripOf(await fetchFrames(`${base}/v0/${name}`, SIZE))).toMatch(/^p+/);
});

test('an unknown command is refused with a note and changes nothing', async () => {
  bench = await startBench();
  const { transcoder } = await startChain(bench);
  await transcoder.command?.({ fill: 'pink', forMs: 100 });
  await waitFor({ ms: 5_000, what: 'the refusal' }, () =>
    bench.notes('transcoder').find((note) => note.startsWith('refused command {"fill":"pink"')),
  );
});
