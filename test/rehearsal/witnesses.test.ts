// Every witness against the real thing: real stages, a real proxy, and each fault really in force.
// It must be seen, and so must its end. Witnesses compare times, so the machine is theirs alone.
// No viewers: what they see is measured elsewhere.

import type { ContentFault } from '../../harness/faults/content.ts';
import type { HttpFault } from '../../harness/faults/http.ts';
import type { HttpAnswer } from '../../harness/model/wrongAnswers.ts';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { probe } from '../../harness/probe/probe.ts';
import { systemClock } from '../../harness/kernel/clock.ts';
import { waitFor } from '../../harness/kernel/deadline.ts';
import { counterIn } from '../../harness/model/counters.ts';
import type { ProofRecord, StatsRecord } from '../../harness/model/history.ts';
import type { PlannedAction } from '../../harness/model/plan.ts';
import type { Design, Fault, LinkFault } from '../../harness/model/scenario.ts';
import type { LinkControl, Runtime, StartedStage } from '../../harness/model/world.ts';
import { createActions, type Actions } from '../../harness/run/carryOut.ts';
import { startProcessesRuntime } from '../../harness/runtime/processes.ts';
import { parseDesign } from '../../harness/scenario/load.ts';
import { startEmbeddedToxiproxy } from '../../harness/toxiproxy/adapter.ts';
import {
  EDGE,
  fetchText,
  launchOf,
  MEDIA,
  ORIGIN,
  PLAYOUT,
  TOOLS,
  TRANSCODER,
} from '../integration/pipeline/chain.ts';
import { plannedAction } from '../support/plannedAction.ts';

const file = 'scenarios/designs/single-access.yaml';
const design: Design = {
  ...parseDesign(readFileSync(file, 'utf8'), file),
  channels: ['one'],
  media: MEDIA,
  stages: [PLAYOUT, TRANSCODER, ORIGIN, EDGE],
};

let dir: string;
let runtime: Runtime;
let links: LinkControl;
let pipeline: Awaited<ReturnType<typeof startPipeline>>;
const stats: StatsRecord[] = [];
const proofs: ProofRecord[] = [];
const startedAtEpochMs = systemClock.epochMs();

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'ecran-noir-test-'));
  runtime = await startProcessesRuntime({
    runDir: dir,
    workDir: join(dir, 'work'),
    tools: TOOLS,
    emit: (record) => {
      if (record.type !== 'stats') return;
      const atMs = (record.atEpochMs ?? systemClock.epochMs()) - startedAtEpochMs;
      stats.push({ ...record, atMs });
    },
  });
  links = await startEmbeddedToxiproxy();
  pipeline = await startPipeline();
  await waitFor({ ms: 40_000, what: 'twelve seconds of programme', everyMs: 250 }, async () => {
    const edge = pipeline.stages.get('edge')?.hostAddress;
    const playlist = await fetchText(`http://127.0.0.1:${edge?.port}/one/v0/index.m3u8`);
    const came = stats.filter((record) => counterIn(record, 'lagInMs') !== undefined);
    return came.length > 48 && playlist?.split('#EXTINF').length === 7 ? true : undefined;
  });
});

afterAll(async () => {
  await links?.[Symbol.asyncDispose]();
  await runtime?.[Symbol.asyncDispose]();
  if (dir) await rm(dir, { recursive: true, force: true });
});

async function startPipeline() {
  const never = new AbortController().signal;
  const start = (launch: Parameters<Runtime['start']>[0]) => runtime.start(launch, never);
  const perChannel = (launch: ReturnType<typeof launchOf>) => ({
    ...launch,
    instance: `${launch.instance}.one`,
  });
  const behind = async (name: string, stage: StartedStage) => {
    if (!stage.address) throw new Error(`${stage.instance} serves nothing`);
    return links.createProxy({ name, upstream: stage.address });
  };
  const origin = await start(launchOf(ORIGIN));
  const edge = await start(launchOf(EDGE, origin.address));
  const down = await behind('connect-down.one', origin);
  const transcoder = await start(perChannel(launchOf(TRANSCODER, down.address)));
  const up = await behind('connect-up.one', transcoder);
  const playout = await start(perChannel(launchOf(PLAYOUT, up.address)));
  return {
    stages: new Map([origin, edge, transcoder, playout].map((stage) => [stage.instance, stage])),
    proxies: new Map([up, down].map((proxy) => [proxy.name, proxy])),
    playlistOf: () => '',
    mediaFrom: [],
  };
}

function newActions(): Actions {
  return createActions({
    design,
    stats,
    pipeline,
    clock: systemClock,
    probe: probe(),
    seed: 7,
    recorder: {
      emit: (record: { readonly type: string }) => {
        if (record.type === 'proof') proofs.push(record as ProofRecord);
      },
      subscribe: () => undefined,
      close: () => undefined,
    },
    runStartedAtEpochMs: startedAtEpochMs,
    signal: new AbortController().signal,
  });
}

let told = 0;

function stepsOf(fault: Fault): (does: PlannedAction['does']) => PlannedAction {
  const name = `fault-${++told}`;
  return (does) => plannedAction(fault, does, name);
}

/**
 * Gives the witness's word on the fault while it was there, and on its end. Each fault has actions of
 * its own, which ask anew how things are without it: a slow moment then would mislead all that follow.
 */
async function rehearse(fault: Fault, actions = newActions()): Promise<readonly ProofRecord[]> {
  const step = stepsOf(fault);
  await actions.askBefore([step('inject')]);
  await actions.apply(step('inject'));
  await actions.prove(step('inject'));
  await actions.apply(step('heal'));
  await actions.prove(step('heal'));
  const own = [step('inject'), step('heal')].map(({ id }) => id);
  return proofs.filter(({ action }) => own.includes(action));
}

async function seenAndHealed(fault: Fault, witness: string, actions?: Actions): Promise<void> {
  const [during, after] = await rehearse(fault, actions);
  expect(during, during?.observed).toMatchObject({ proven: true, witness });
  expect(after, after?.observed).toMatchObject({ proven: true, witness });
}

const onLink = (link: string) => ({ links: [link], channels: ['one'] });
const UP = onLink('connect-up');
const DOWN = onLink('connect-down');

const ON_LINKS: [string, LinkFault, string][] = [
  [
    'a delay of 25 ms',
    { kind: 'latency', delayMs: 25, jitterMs: 0, ...UP },
    'age of pictures at transcoder.one',
  ],
  [
    'a delay on the way back',
    { kind: 'latency', delayMs: 40, jitterMs: 0, direction: 'backward', ...UP },
    'age of replies at playout.one',
  ],
  [
    'a cut of the way back',
    { kind: 'cut', effect: 'hold', direction: 'backward', ...UP },
    'repliesIn of playout.one',
  ],
  [
    'loss',
    { kind: 'loss', share: 0.1, roundTripMs: 30, ...UP },
    'age of pictures at transcoder.one',
  ],
  [
    'a burst of loss',
    { kind: 'loss', share: 0.1, roundTripMs: 30, burstMs: 400, ...UP },
    'gaps at transcoder.one',
  ],
  [
    'slices',
    { kind: 'slice', pieceBytes: 500, delayMs: 1, ...UP },
    'size of pieces at transcoder.one',
  ],
  [
    'a small delay before an origin',
    { kind: 'latency', delayMs: 15, jitterMs: 0, ...DOWN },
    'answers of origin',
  ],
  [
    'loss before an origin',
    { kind: 'loss', share: 0.05, roundTripMs: 40, ...DOWN },
    'answers of origin',
  ],
  [
    'slices before an origin',
    { kind: 'slice', pieceBytes: 500, delayMs: 2, ...DOWN },
    'answers of origin',
  ],
  ['a narrow way to an origin', { kind: 'bandwidth', rateKbps: 800, ...DOWN }, 'answers of origin'],
  ['a cut before an origin', { kind: 'cut', effect: 'hold', ...DOWN }, 'answers of origin'],
];

describe('on links', () => {
  test.each(ON_LINKS)('%s is seen, and its end', (_, fault, witness) =>
    seenAndHealed(fault, witness),
  );
});

describe('at the source', () => {
  const shows = (what: 'silent' | 'wrong-channel'): ContentFault => ({
    kind: 'content',
    shows: what,
    stages: ['playout'],
    channels: ['one'],
    links: [],
  });

  test.each(['wrong-channel', 'silent'] as const)('%s is seen and heard, and its end', (what) =>
    seenAndHealed(shows(what), 'what transcoder.one sees and hears'),
  );
});

describe('answers', () => {
  const wrong = (
    of: HttpFault['match']['of'],
    answer: HttpAnswer,
    match: Partial<HttpFault['match']> = {},
  ): HttpFault => ({
    kind: 'http',
    answer,
    stages: ['edge'],
    channels: ['one'],
    links: [],
    match: { of, rung: undefined, every: undefined, ratio: 1, ...match },
  });
  const CYCLE: HttpAnswer = {
    kind: 'cycle',
    steps: [
      { forMs: 1500 },
      { forMs: 700, answer: { kind: 'slow', delayMs: 300 } },
      { forMs: 700, answer: { kind: 'hang' } },
    ],
  };
  const CASES: [string, HttpFault][] = [
    ['a stale playlist', wrong('any', { kind: 'stale' })],
    ['noise in segments', wrong('segment', { kind: 'corrupt', share: 0.1 })],
    ['noise in playlists', wrong('playlist', { kind: 'corrupt', share: 0.8 })],
    ['gaps', wrong('playlist', { kind: 'gap', every: 2 })],
    ['a count that begins again', wrong('any', { kind: 'sequenceReset' })],
    ['discontinuities left out', wrong('playlist', { kind: 'noDiscontinuity' })],
    [
      'errors to half of the requests',
      wrong('any', { kind: 'status', status: 503 }, { ratio: 0.5 }),
    ],
    ['a cycle of health, slowness and silence', wrong('playlist', CYCLE)],
  ];

  /** Is waited for as long as a witness may take, while answers are wrong, which it has no part in. */
  let unchanged: ReturnType<typeof rehearse>;
  beforeAll(() => {
    unchanged = rehearse({ kind: 'slice', pieceBytes: 65_536, delayMs: 0, ...UP });
    unchanged.catch(() => undefined);
  });

  test('uploads that are refused are seen, and their end', () =>
    seenAndHealed(
      { ...wrong('upload', { kind: 'status', status: 507 }), stages: ['origin'] },
      'requests to origin',
    ));

  test('segments that hang are seen while playlists do', async () => {
    const actions = newActions();
    const around = stepsOf(wrong('playlist', { kind: 'hang' }));
    await actions.apply(around('inject'));
    await seenAndHealed(wrong('segment', { kind: 'hang' }), 'requests to edge', actions);
    await actions.apply(around('heal'));
  });

  test.each(CASES)('%s are seen, and their end', (_, fault) =>
    seenAndHealed(fault, 'requests to edge'),
  );

  test('a link on which nothing changes is not proven meanwhile', async () => {
    const [during] = await unchanged;
    expect(during).toMatchObject({
      proven: false,
      observed: expect.stringMatching(/bytes came at a time before/),
    });
  });
});
