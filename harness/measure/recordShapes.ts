// Tells a record of a journal from anything else that JSON can be: all that the judge relies on is
// there. Records that there are millions of are looked at by hand.

import { z } from 'zod';
import { ROLES } from '../design/roles.ts';
import { isCounter } from '../model/counters.ts';
import {
  HISTORY_VERSION,
  type FramesRecord,
  type HistoryRecord,
  type RunRecord,
  type StatsRecord,
} from '../model/history.ts';
import { CLASSES } from '../model/screenClass.ts';
import { isHeardSound } from '../model/sound.ts';
import { BORDER_SHAPES } from './borderShapes.ts';
import { CMCD_SHAPE } from './cmcdShape.ts';
import { EVIDENCE_SHAPE } from './evidenceShape.ts';
import { MACHINE_SHAPES } from './machineShapes.ts';

const ms = z.number();
const word = z.string();
const words = z.array(word);
const does = z.enum(['inject', 'heal']);

const viewer = z.looseObject({
  id: word,
  channel: word,
  player: word,
  control: z.boolean(),
  weight: z.number().positive().optional(),
  group: word.optional(),
  imitates: word.optional(),
  worker: word.optional(),
  clockless: z.literal(true).optional(),
});

const fault = z
  .looseObject({
    kind: word,
    effect: word.optional(),
    channels: words,
    links: words.optional(),
    stages: words.optional(),
  })
  .refine(({ links, stages }) => (links ?? stages) !== undefined);

/** Absent in version 1, which had none; all but the nature are there where the effect is. */
const traits = {
  effect: word.optional(),
  verb: z
    .looseObject({ verb: word, then: word.optional(), told: z.boolean().optional() })
    .optional(),
  at: z.enum(['links', 'stages', 'source']).optional(),
  nature: z.enum(['cut', 'life', 'answers', 'channel']).optional(),
};

const action = z
  .looseObject({ id: word, of: word, does, atMs: ms, fault, window: word.optional(), ...traits })
  .refine(({ effect, verb, at }) => effect === undefined || (verb && at) !== undefined);

const expectation = z.looseObject({
  text: word,
  metric: word,
  group: word.optional(),
  operator: z.enum(['<', '<=', '==', '>=', '>']),
  aggregate: z.enum(['min', 'mean', 'p50', 'p90', 'p95', 'p99', 'max']).optional(),
  value: z.object({ unit: z.enum(['ms', 'share', 'ofCut', 'count', 'bytes']), value: z.number() }),
});

/** No camera is faster. */
const FPS_MAX = 1000;
/** The end of the year 9999. */
const EPOCH_MS_MAX = 253_402_300_799_999;
/** Times that a scenario holds, multiplied by it, are times still. */
const COMPRESS_MAX = 1_000_000;

/** Alerts of the plan; absent in records of versions that knew none. */
const alert = z.looseObject({
  id: word,
  areas: words,
  text: word,
  exercise: z.boolean(),
  updates: z.array(z.looseObject({ text: word })),
});

const shownAlert = z.looseObject({
  number: z.number(),
  revision: z.number(),
  exercise: z.boolean(),
  textSum: z.number(),
  by: z.enum(['picture', 'application']),
});

const scenario = z.looseObject({
  name: word,
  title: word,
  kind: word,
  file: word,
  clock: word.optional(),
  compressAtMost: z.number().optional(),
  design: z.looseObject({
    channels: words,
    media: z.looseObject({ fps: z.number().positive().max(FPS_MAX), segmentMs: ms }),
    stages: z.array(z.looseObject({ name: word, role: z.enum(ROLES.map(({ role }) => role)) })),
    links: z.array(z.looseObject({ name: word, from: word, to: word })),
  }),
  alerts: z.array(alert).optional(),
  steady: z.looseObject({ holdMs: ms }),
  windows: z.array(
    z.looseObject({
      name: word,
      owner: word,
      announcedFromMs: ms,
      announcedForMs: ms,
      work: z.looseObject({ atMs: ms, forMs: ms }),
    }),
  ),
  expectations: z.array(expectation),
  sources: z.array(z.looseObject({ id: word, text: word })),
  assumptions: words,
});

const capacity = z.looseObject({ perS: z.number(), queueMs: ms, refusalCost: z.number() });
const capacities = z.record(word, z.union([z.number(), capacity]));
const chosen = z.looseObject({ capacities, exact: z.boolean() });
const simulated = z.looseObject({
  engine: word,
  players: z.record(word, word),
  agreement: word,
  chosen: chosen.partial().optional(),
});

const run = z.looseObject({
  type: z.literal('run'),
  version: z.literal(HISTORY_VERSION),
  atMs: ms,
  id: word,
  engine: z.enum(['run', 'simulate']),
  startedAtEpochMs: z.number().nonnegative().max(EPOCH_MS_MAX),
  harness: word,
  simulated: simulated.optional(),
  plan: z.looseObject({
    compress: z.number().positive().max(COMPRESS_MAX),
    seed: z.number(),
    scenario,
    actions: z.array(action),
  }),
  environment: z.looseObject({
    runtime: word,
    runtimeReason: word,
    toxiproxy: word,
    node: word,
    platform: word,
    cores: ms,
    memoryMb: ms,
    tools: z.record(word, word),
  }),
  viewers: z.array(viewer),
  margin: z
    .looseObject({
      ms,
      from: z.looseObject({ madeAt: word, viewers: z.number() }).optional(),
    })
    .optional(),
});

/** No run is longer than eight days; frames of a span are counted one by one. */
const LONGEST_MS = 8 * 86_400_000;

const bins = z.array(z.tuple([z.number().nullable(), z.number().nonnegative()]));

/** Everything but frames and reports of stages. */
const SHAPES = z.discriminatedUnion('type', [
  z.looseObject({
    type: z.literal('environment'),
    atMs: ms,
    toxiproxy: word.optional(),
    tools: z.record(word, word).optional(),
  }),
  z.looseObject({ type: z.literal('phase'), atMs: ms, phase: word }),
  z.looseObject({
    type: z.literal('stage'),
    atMs: ms,
    stage: word,
    event: word,
    detail: word.optional(),
    viewersAt: word.optional(),
  }),
  z.looseObject({
    type: z.literal('action'),
    atMs: ms,
    action: word,
    does,
    plannedAtMs: ms,
    doneAtMs: ms,
    error: word.optional(),
  }),
  z.looseObject({
    type: z.literal('alert'),
    atMs: ms,
    alert: word,
    does: z.enum(['issue', 'update', 'end']),
    revision: z.number(),
    told: words,
    error: word.optional(),
  }),
  z.looseObject({
    type: z.literal('proof'),
    atMs: ms,
    action: word,
    target: word,
    by: z.enum(['witness', 'model']),
    proven: z.boolean(),
    witness: word,
    observed: word,
    maskedBy: words.optional(),
  }),
  z.looseObject({
    type: z.literal('viewer'),
    atMs: ms,
    viewer: word,
    event: word,
    detail: word.optional(),
    error: z.looseObject({ type: word, details: word, url: word.optional() }).optional(),
    alert: shownAlert.optional(),
    evidence: EVIDENCE_SHAPE.optional(),
  }),
  z.looseObject({
    type: z.literal('shown'),
    atMs: ms,
    viewer: word,
    fromMs: ms.nonnegative(),
    toMs: ms.max(LONGEST_MS),
    look: z.enum(CLASSES).exclude(['left']),
    counter: z.number().optional(),
    media: z.looseObject({ atMs: ms, endMs: ms, newest: z.number().optional() }).optional(),
  }),
  z.looseObject({
    type: z.literal('population'),
    atMs: ms,
    cohort: word,
    channel: word,
    player: word,
    weight: z.number().nonnegative(),
    sampled: z.number().nonnegative().optional(),
    zaps: z.record(word, z.number()).optional(),
    bins: z.record(word, bins),
    curve: z.array(z.number()),
  }),
  z.looseObject({
    type: z.literal('load'),
    atMs: ms,
    stage: word,
    requests: z.number().nonnegative(),
    peakPerS: z.number().nonnegative(),
    peakAtMs: ms,
    perMinute: z.array(z.number()),
    capacityPerS: z.number().positive().optional(),
    refused: z.number().nonnegative().optional(),
  }),
  z.looseObject({ type: z.literal('screenshot'), atMs: ms, moment: word, file: word }),
  ...BORDER_SHAPES,
  CMCD_SHAPE,
  ...MACHINE_SHAPES,
  z.looseObject({ type: z.literal('log'), atMs: ms, level: word, text: word }),
  z.looseObject({
    type: z.literal('end'),
    atMs: ms,
    detail: word.optional(),
    reason: z.enum(['complete', 'interrupted', 'guardrail', 'error']),
  }),
]);

export const isRunRecord = (value: unknown): value is RunRecord => run.safeParse(value).success;

/** True for a record that may follow the run record. */
export function isRecord(value: unknown): value is HistoryRecord {
  if (typeof value !== 'object' || value === null) return false;
  const { type, atMs } = value as { type?: unknown; atMs?: unknown };
  if (!Number.isFinite(atMs)) return false;
  if (type === 'frames') return isFrames(value);
  return type === 'stats' ? isStats(value) : SHAPES.safeParse(value).success;
}

const isStats = ({ stage, counters }: Partial<StatsRecord>): boolean =>
  typeof stage === 'string' && Array.isArray(counters) && counters.every(isCounter);

const isFrames = ({ viewer: of, frames, player }: Partial<FramesRecord>): boolean =>
  typeof of === 'string' &&
  typeof player?.canPlay === 'boolean' &&
  Number.isFinite(player.lateMs) &&
  (player.sound === undefined || isHeardSound(player.sound)) &&
  Array.isArray(frames) &&
  frames.every(
    (frame) =>
      Array.isArray(frame) &&
      (frame.length === 4 || frame.length === 6) &&
      frame.every(Number.isFinite),
  );
