// A small run: a cut of three seconds before the transcoder, two viewers and a control.

import { findTraits } from '../../harness/faults/kinds.ts';
import type { HistoryRecord, ViewerDescription } from '../../harness/model/history.ts';
import type { PlannedAction } from '../../harness/model/plan.ts';
import type { Fault } from '../../harness/model/scenario.ts';
import { parseExpectation } from '../../harness/scenario/expectation.ts';
import { counted } from './counted.ts';
import { historyOf, stripRecords, viewerOf } from './strip.ts';

const FAULT: Fault = { kind: 'cut', effect: 'drop', links: ['connect-up'], channels: ['one'] };
const step = (does: 'inject' | 'heal', atMs: number): PlannedAction => ({
  id: `cut:${does}`,
  does,
  of: 'cut',
  window: 'night',
  fault: FAULT,
  expect: '',
  atMs,
  scenarioAtMs: atMs,
  ...findTraits(FAULT),
});
const ACTIONS = [step('inject', 2000), step('heal', 5000)];

/** Carried out 7 ms late in 3 ms, and seen half a second later. */
const carriedOut = ({ id, does, atMs }: PlannedAction): HistoryRecord[] => [
  { type: 'action', action: id, does, atMs: atMs + 7, plannedAtMs: atMs, doneAtMs: atMs + 10.4 },
  {
    type: 'proof',
    action: id,
    target: 'connect-up.one',
    by: 'witness',
    proven: true,
    witness: 'transcoder.one',
    observed: 'its bytes',
    atMs: atMs + 500,
  },
];

/** Four reports a second of a transcoder that fills from 2.5 s to 5.5 s. */
const stats = Array.from({ length: 80 }, (_, i): HistoryRecord => {
  const atMs = i * 250;
  const lostMs = Math.min(Math.max(0, atMs - 2500), 3000);
  const fill = atMs > 2500 && atMs <= 5500 ? ('black' as const) : ('none' as const);
  return counted({
    stage: 'transcoder.one',
    atMs,
    fill,
    ageInMs: 200,
    framesOut: atMs / 40,
    framesFilled: lostMs / 40,
    bytesIn: (atMs - lostMs) * 250,
  });
});

const VIEWERS: readonly ViewerDescription[] = [
  viewerOf({ id: 'lost', weight: 3, group: 'near' }),
  viewerOf({ id: 'well', channel: 'two', channelNumber: 2, group: 'far' }),
  viewerOf({ id: 'control', channel: 'control', channelNumber: 63, control: true }),
];
/** A letter is 250 ms; what the transcoder put out is on the screen six seconds later. */
const SCREENS = [
  `${'p'.repeat(34)}${'b'.repeat(12)}${'p'.repeat(34)}`,
  `${'p'.repeat(40)}...ff${'p'.repeat(35)}`,
  'p'.repeat(80),
];

const texts = ['max(blackScreen) <= 2s', 'interrupted == 75%', 'recovered == 100%'];
export const CUT_RUN = historyOf({
  viewers: VIEWERS,
  records: [
    ...VIEWERS.flatMap((viewer, i) => stripRecords(SCREENS[i]!, { stepMs: 250, viewer })),
    ...ACTIONS.flatMap(carriedOut),
    ...stats,
    { type: 'phase', phase: 'recover', atMs: 5010.4 },
    { type: 'stage', stage: 'transcoder.one', event: 'ready', atMs: 0 },
  ],
  actions: ACTIONS,
  expectations: texts.map((text) => parseExpectation(text).expectation!),
  engine: 'run',
});
