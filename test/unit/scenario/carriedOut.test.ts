// Each fault on a stage as it is carried out: what its program is told, or what the runtime does, and
// the trace that it leaves.

import { expect, test } from 'vitest';
import { stageTrace } from '../../../harness/faults/evidence.ts';
import { findKind } from '../../../harness/faults/kinds.ts';
import type { OnStageFault } from '../../../harness/model/scenario.ts';
import { parseScenario } from '../../../harness/scenario/load.ts';
import { designTexts } from '../../support/designs.ts';
import { drill } from '../../support/drill.ts';
import { notedFaults } from '../../support/stageFaults.ts';

const DESIGNS = designTexts('single-access');

function onStage(stage: string, written: string): OnStageFault {
  const text = `faults: [{ name: f, at: 0s, for: 60s, stages: [${stage}], ${written} }]\n`;
  return parseScenario(drill(text), 's.yaml', DESIGNS).faults[0]!.fault as OnStageFault;
}

const answer = (channel: string, match: object) => ({
  match: { kind: 'any', channel, ...match },
  answer: { kind: 'status', status: 503 },
  seed: 7,
});
const sight = (shows: string) => ({ kind: 'sight', shows });
const format = (change: object) => ({ kind: 'format', change });
const HEALED = { content: { content: 'programme' }, http: { http: [] } };

test.each<[string, string, object, object, object]>([
  ['playout', 'content: black', { content: 'black' }, HEALED.content, sight('black')],
  ['playout', 'content: frozen', { content: 'frozen' }, HEALED.content, sight('frozen')],
  ['playout', 'content: silent', { content: 'silent' }, HEALED.content, sight('silent')],
  [
    'playout',
    'content: wrong-channel',
    { content: 'wrongChannel' },
    HEALED.content,
    sight('wrong-channel'),
  ],
  [
    'playout',
    'timestampJump: -1h',
    { content: 'timestampJump', byMs: -3_600_000 },
    HEALED.content,
    format({ kind: 'jump', byMs: -3_600_000 }),
  ],
  [
    'playout',
    'resolution: 160x90',
    { content: 'resolution', width: 160, height: 90 },
    HEALED.content,
    format({ kind: 'size', width: 160, height: 90 }),
  ],
  [
    'playout',
    'codec: mpeg2',
    { content: 'codec', codec: 'mpeg2video' },
    HEALED.content,
    format({ kind: 'codec', codec: 'mpeg2' }),
  ],
  [
    'transcoder',
    'clockSkew: -2s',
    { clockSkewMs: -2000 },
    { clockSkewMs: 0 },
    { kind: 'dates', byMs: -2000 },
  ],
  ['origin', 'disk: full', { disk: 'full' }, { disk: 'free' }, { kind: 'store' }],
  [
    'edge',
    'http: { status: 503 }',
    { http: [answer('one', {}), answer('two', {})] },
    HEALED.http,
    { kind: 'request', wrong: { match: { of: 'any', ratio: 1 } } },
  ],
  [
    'edge',
    'channels: [two], http: { rung: 1, every: 3, ratio: 50%, status: 503 }',
    { http: [answer('two', { rung: 1, every: 3, ratio: 0.5 })] },
    HEALED.http,
    { kind: 'request', wrong: { match: { rung: 1, every: 3, ratio: 0.5 } } },
  ],
])('the program of %s is told of %s', (stage, written, told, healed, trace) => {
  const fault = onStage(stage, written);
  const { acts } = findKind(fault);
  if (acts.by !== 'program') throw new Error(`${written} is carried out by the runtime`);
  expect(acts.message([{ fault, seed: 7 }])).toEqual(told);
  expect(acts.message([])).toEqual(healed);
  expect(stageTrace(fault)).toMatchObject(trace);
});

test.each([
  ['stage: kill', ['kill'], ['restart'], { kind: 'reports' }],
  ['stage: stop', ['shutDown'], ['restart'], { kind: 'reports' }],
  ['stage: restart', ['shutDown', 'restart'], [], { kind: 'lives' }],
  ['stage: pause', ['pause'], ['resume'], { kind: 'reports' }],
  ['stage: disconnect', ['disconnect'], ['reconnect'], { kind: 'absence' }],
  ['squeeze: { cpus: 0.2 }', ['squeeze'], ['release'], { kind: 'limits', cpus: 0.2 }],
  ['squeeze: { memory: 64MB }', ['squeeze'], ['release'], { kind: 'limits', memoryMb: 64 }],
])('the runtime carries out %s', async (written, injected, healed, trace) => {
  const fault = onStage('transcoder', written);
  const { acts } = findKind(fault);
  if (acts.by !== 'runtime') throw new Error(`${written} is carried out by the program`);
  const done: string[] = [];
  const stage = notedFaults(done);
  await acts.inject(fault, stage);
  expect(done.splice(0)).toEqual(injected);
  await acts.heal(fault, stage);
  expect(done).toEqual(healed);
  expect(stageTrace(fault)).toEqual(trace);
});

test.each(['stage: pause', 'stage: disconnect'])(
  'a stage that does not come back from %s is given another life',
  async (written) => {
    const fault = onStage('transcoder', written);
    const { acts } = findKind(fault);
    const done: string[] = [];
    const fails = () => Promise.reject(new Error('gone'));
    const stage = { ...notedFaults(done), resume: fails, reconnect: fails };
    if (acts.by === 'runtime') await acts.heal(fault, stage);
    expect(done).toEqual(['restart']);
  },
);
