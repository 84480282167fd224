import type { StageFault } from '../../../harness/faults/life.ts';
import { describe, expect, it } from 'vitest';
import { virtualClock, type VirtualClock } from '../../support/virtualClock.ts';
import type { ProofRecord, StatsRecord, Unstamped } from '../../../harness/model/history.ts';
import type { PlannedAction } from '../../../harness/model/plan.ts';
import type { OnStageFault } from '../../../harness/model/scenario.ts';
import type { StageFaults, StartedStage } from '../../../harness/model/world.ts';
import { actionsOn, idleStage } from '../../support/actionsWorld.ts';
import { plannedAction } from '../../support/plannedAction.ts';
import { strip } from '../../support/strip.ts';

const { design } = strip('p', 1000).run.plan.scenario;

const fault = (does: StageFault['does'], stage = 'origin'): StageFault => ({
  kind: 'stage',
  does,
  stages: [stage],
  channels: ['one'],
  links: [],
});

const action = (does: PlannedAction['does'], what: OnStageFault): PlannedAction =>
  plannedAction(what, does, 'f');

/** A stage that takes its time for what goes wrong, and none for what is undone. */
function slowStage(instance: string, done: string[], clock: VirtualClock): StartedStage {
  const act = (what: string, ms: number) => async () => {
    await clock.sleep(ms);
    done.push(`${what} ${instance}`);
  };
  const faults: StageFaults = {
    kill: act('kill', 10),
    shutDown: act('shutDown', 10),
    restart: act('restart', 0),
    pause: act('pause', 10),
    resume: act('resume', 0),
    disconnect: act('disconnect', 10),
    reconnect: act('reconnect', 0),
    squeeze: act('squeeze', 10),
    release: act('release', 0),
  };
  return idleStage(instance, { faults });
}

interface Setting {
  readonly stats?: readonly StatsRecord[];
  /** Tells whether somebody answers. */
  readonly answers?: () => boolean;
}

function stageActions({ stats = [], answers = () => true }: Setting = {}) {
  const clock = virtualClock();
  const done: string[] = [];
  const emitted: Unstamped[] = [];
  const names = ['origin', 'edge', 'transcoder.one', 'playout.one'];
  const actions = actionsOn({
    design,
    stats,
    clock,
    stages: names.map((name) => slowStage(name, done, clock)),
    emit: (record) => void emitted.push(record),
    probe: { ask: async () => ({ ms: answers() ? 1 : undefined }), segmentsAt: async () => 3 },
  });
  const proofs = () => emitted.filter((record): record is ProofRecord => record.type === 'proof');
  /** Carries out at once, and waits for the end of all. */
  const apply = async (...steps: readonly PlannedAction[]) =>
    void (await Promise.all([...steps.map(actions.apply), clock.pass(100)]));
  return { ...actions, apply, done, proofs };
}

describe('actions on stages', () => {
  it('heal what is still being injected when it is done, not before', async () => {
    const { apply, done } = stageActions();
    const pause = fault('pause');
    await apply(action('inject', pause), action('heal', pause));
    expect(done).toEqual(['pause origin', 'resume origin']);
  });

  it('do not wait for those on other instances', async () => {
    const { apply, done } = stageActions();
    await apply(action('inject', fault('pause')), action('heal', fault('pause', 'edge')));
    expect(done).toEqual(['resume edge', 'pause origin']);
  });

  it('restart a stage by stopping and starting it, once', async () => {
    const { apply, done } = stageActions();
    const restart = fault('restart', 'transcoder');
    await apply(action('inject', restart));
    await apply(action('heal', restart));
    expect(done).toEqual(['shutDown transcoder.one', 'restart transcoder.one']);
  });

  it('prove that a stage is off the network by its silence, if it answered before', async () => {
    let answers = true;
    const { askBefore, apply, prove, proofs } = stageActions({ answers: () => answers });
    const gone = action('inject', fault('disconnect'));
    await askBefore([gone]);
    await apply(gone);
    answers = false;
    await prove(gone);
    expect(proofs()).toMatchObject([
      { target: 'origin', by: 'witness', proven: true, witness: 'answers of origin' },
    ]);
    const back = action('heal', fault('disconnect'));
    answers = true;
    await apply(back);
    await prove(back);
    expect(proofs().at(-1)).toMatchObject({ action: 'f:heal', proven: true });
  });
});
