// Segments that get through one after another are published at once, and no differently than one by one.

import { expect, test } from 'vitest';
import type { MediaSettings, UploadSettings } from '../../../harness/model/scenario.ts';
import { loadScenario } from '../../../harness/scenario/load.ts';
import { HEALTHY_FLOW, type Conditions } from '../../../harness/simulate/agents/forces.ts';
import { makePublication, type Publication } from '../../../harness/simulate/agents/publication.ts';
import { makeSegments } from '../../../harness/simulate/agents/segments.ts';
import { always, makeSteps, type Steps } from '../../../harness/simulate/agents/steps.ts';
import { TIMES } from '../../../harness/simulate/constants.ts';

const SEGMENT_MS = 2_000;
const COUNT = 40;
const END_MS = COUNT * SEGMENT_MS;
const HEALTHY = HEALTHY_FLOW.values[0]!;
const CUT: Conditions = { ...HEALTHY, forward: { ...HEALTHY.forward, cut: 'hold' } };

const { design } = await loadScenario('scenarios/agreement/filler-1.yaml', {});
const media: MediaSettings = { ...design.media, segmentMs: SEGMENT_MS };
const upload: UploadSettings = { timeoutMs: 900, retries: 2, retryDelayMs: 100, maxAgeMs: 5_000 };

function publish(flow: Steps<Conditions>): Publication {
  const output = [{ fromMs: 0, toMs: END_MS, kind: 'programme', begins: true }] as const;
  const cut = { segmentMs: SEGMENT_MS, phaseMs: 0 };
  return makePublication({
    segments: makeSegments(output, { fromMs: 0, toMs: END_MS }, cut),
    way: {
      flow,
      origin: always('works'),
      transcoder: always('works'),
      wrong: always([]),
      channel: 'one',
      segmentBytes: 500_000,
    },
    media,
    upload,
    untilMs: END_MS,
  });
}

/** A change to the same while each segment is on its way: none of them is known to get through. */
const CHANGES = Array.from({ length: COUNT }, (_, n) => ({
  atMs: (n + 1) * SEGMENT_MS + TIMES.encodeMs + 1,
  value: HEALTHY,
}));

const timesOf = ({ atMs, first, last, isGap }: Publication) => ({
  atMs: [...atMs],
  first: [...first],
  last: [...last],
  isGap: [...isGap],
});

test('every segment is published after its upload and that of its playlist', () => {
  const { atMs, last } = publish(HEALTHY_FLOW);
  const due = Array.from(
    { length: COUNT - 1 },
    (_, n) => (n + 1) * SEGMENT_MS + TIMES.encodeMs + 2 * TIMES.putMs,
  );
  expect([...atMs]).toEqual(due);
  expect([...last]).toEqual(due.map((_, n) => n));
});

test('segments are published at once as they are one by one', () => {
  expect(timesOf(publish(HEALTHY_FLOW))).toEqual(timesOf(publish(makeSteps(HEALTHY, CHANGES))));
});

test.each([20_001, 20_180, 20_190, 21_000])('so they are around a cut at %i ms', (fromMs) => {
  const cut = [
    { atMs: fromMs, value: CUT },
    { atMs: fromMs + 9_000, value: HEALTHY },
  ];
  const others = CHANGES.filter(({ atMs }) => atMs < fromMs || atMs > fromMs + 9_000);
  const published = timesOf(publish(makeSteps(HEALTHY, cut)));
  expect(published).toEqual(timesOf(publish(makeSteps(HEALTHY, [...others, ...cut]))));
  expect(published.isGap).toContain(1);
});
