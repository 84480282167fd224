import type { ContentFault, ContentWrong } from '../../../harness/faults/content.ts';
import type { HttpFault } from '../../../harness/faults/http.ts';
import type { StageFault } from '../../../harness/faults/life.ts';
import { describe, expect, test } from 'vitest';
import { provenBy } from '../../../harness/witness/catalogue.ts';
import { createStageForce } from '../../../harness/run/stageForce.ts';
import { witnessOnStage } from '../../../harness/witness/onStage.ts';
import type { StatsRecord } from '../../../harness/model/history.ts';
import type { OnStageFault } from '../../../harness/model/scenario.ts';
import type { StartedStage } from '../../../harness/model/world.ts';
import { notedFaults } from '../../support/stageFaults.ts';
import { idleStage } from '../../support/actionsWorld.ts';
import { readDesign } from '../../support/designs.ts';

const design = readDesign('single-access');
const where = { stages: ['playout'], channels: ['one'], links: [] };
const does = (what: StageFault['does']): StageFault => ({ kind: 'stage', does: what, ...where });
const shows = (
  what: 'black' | 'frozen' | 'silent' | 'wrong-channel' | ContentWrong,
): ContentFault => ({
  ...(typeof what === 'string' ? { shows: what } : what),
  kind: 'content',
  ...where,
});

const answers = (
  answer: HttpFault['answer'],
  of: HttpFault['match']['of'] = 'segment',
): HttpFault => ({
  kind: 'http',
  match: { of, rung: undefined, every: undefined, ratio: 0.5 },
  answer,
  ...where,
});

/** Carries a change out on a stage, by a force of its own. */
const change = (does: 'inject' | 'heal', fault: OnStageFault, stage: StartedStage) =>
  createStageForce()({ stage, does, id: 'f', fault, seed: 7 });

function stageWith(able: boolean) {
  const done: unknown[] = [];
  const faults = notedFaults(done);
  const command = async (message: object) => void done.push(message);
  const stage = idleStage('playout.one', able ? { faults, command } : {});
  return { stage, done };
}

describe('what is done to a stage is undone', () => {
  test.each([
    [does('kill'), ['kill', 'restart']],
    [does('stop'), ['shutDown', 'restart']],
    [does('pause'), ['pause', 'resume']],
    [does('restart'), ['shutDown', 'restart']],
    [does('disconnect'), ['disconnect', 'reconnect']],
    [{ kind: 'squeeze' as const, limits: { cpus: 0.2 }, ...where }, ['squeeze', 'release']],
    [
      { kind: 'clock-skew' as const, byMs: -5000, ...where },
      [{ clockSkewMs: -5000 }, { clockSkewMs: 0 }],
    ],
    [{ kind: 'full-disk' as const, ...where }, [{ disk: 'full' }, { disk: 'free' }]],
    [
      shows({ shows: 'timestamp-jump', byMs: 9000 }),
      [{ content: 'timestampJump', byMs: 9000 }, { content: 'programme' }],
    ],
    [
      shows({ shows: 'resolution', width: 160, height: 90 }),
      [{ content: 'resolution', width: 160, height: 90 }, { content: 'programme' }],
    ],
    [
      shows({ shows: 'codec', codec: 'mpeg2' }),
      [{ content: 'codec', codec: 'mpeg2video' }, { content: 'programme' }],
    ],
    [
      answers({ kind: 'status', status: 503 }),
      [
        {
          http: [
            {
              match: { kind: 'segment', channel: 'one', ratio: 0.5 },
              answer: { kind: 'status', status: 503 },
              seed: 7,
            },
          ],
        },
        { http: [] },
      ],
    ],
    [shows('black'), [{ content: 'black' }, { content: 'programme' }]],
    [shows('wrong-channel'), [{ content: 'wrongChannel' }, { content: 'programme' }]],
  ])('%o', async (fault, expected) => {
    const { stage, done } = stageWith(true);
    await change('inject', fault, stage);
    await change('heal', fault, stage);
    expect(done).toEqual(expected);
  });

  test.each(['pause', 'disconnect'] as const)(
    'or started again when it cannot: %s',
    async (what) => {
      const { stage, done } = stageWith(true);
      const stuck = () => Promise.reject(new Error('the engine is gone'));
      const faults = { ...stage.faults!, resume: stuck, reconnect: stuck };
      await change('heal', does(what), { ...stage, faults });
      expect(done).toEqual(['restart']);
    },
  );

  test.each([does('kill'), shows('black')])('or refused where it cannot be: %o', async (fault) => {
    const { stage } = stageWith(false);
    await expect(change('inject', fault, stage)).rejects.toMatchObject({
      code: 'TOOL_UNFIT',
      target: 'playout.one',
    });
  });
});

describe('the witness', () => {
  const witness = (fault: StageFault | ContentFault | HttpFault) =>
    witnessOnStage(fault, { instance: 'playout.one', channel: 'one', design });
  const reports = (stage: string, ...atMs: number[]): StatsRecord[] =>
    atMs.map((at) => ({ type: 'stats', stage, atMs: at, counters: [] }));
  const ask = (when: 'inject' | 'heal', stats: StatsRecord[]) =>
    provenBy(witness(does('kill')), { does: when, doneAtMs: 1000, stats, answers: [] });

  test('of a dead stage is that it reports nothing while others do', () => {
    const stats = [...reports('playout.one', 500, 750, 1000), ...reports('edge', 1000, 2600)];
    expect(ask('inject', stats)).toEqual({
      proven: true,
      observed: 'playout.one had reported nothing for 1.6 s',
    });
    expect(ask('inject', [...reports('edge', 2600), ...reports('playout.one', 2500)]).proven).toBe(
      false,
    );
    expect(ask('inject', reports('edge', 2600)).proven).toBe(false);
  });

  test('of its return is that it reports again', () => {
    expect(ask('heal', reports('playout.one', 900, 1250)).proven).toBe(true);
    expect(ask('heal', reports('playout.one', 900)).proven).toBe(false);
  });

  test('of a black programme is the transcoder, which sees no frame clock', () => {
    expect(witness(shows('black'))).toMatchObject({ kind: 'sight', stage: 'transcoder.one' });
  });

  test('of refused uploads is one of our own', () => {
    const refused = answers({ kind: 'status', status: 503 }, 'upload');
    expect(witness(refused)).toMatchObject({ kind: 'request', stage: 'playout.one' });
  });
});
