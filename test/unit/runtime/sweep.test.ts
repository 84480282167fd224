import { describe, expect, it } from 'vitest';
import type { Engine, EngineApi } from '../../../harness/runtime/containers/engine.ts';
import { LABEL } from '../../../harness/runtime/containers/runNetwork.ts';
import {
  findLeftovers,
  sweepLeftovers,
  sweepRun,
} from '../../../harness/runtime/containers/sweep.ts';
import { thisOwner } from '../../../harness/runtime/owner.ts';

interface Thing {
  readonly id: string;
  readonly pid?: number;
  readonly host?: string;
  readonly run?: string;
  readonly fails?: number;
}

/** An engine that has these and remembers the order in which they are removed. */
async function engineWith(containers: readonly Thing[], networks: readonly Thing[]) {
  const removed: string[] = [];
  const me = await thisOwner();
  const labels = ({ pid = me.pid, host = me.host, run = 'a-run' }: Thing) => ({
    [LABEL.run]: run,
    [LABEL.owner]: JSON.stringify({ ...me, pid, host }),
  });
  const remover = (things: readonly Thing[]) => (id: string) => ({
    remove: () => {
      const fails = things.find((thing) => thing.id === id)?.fails;
      if (fails) return Promise.reject(Object.assign(new Error('no'), { statusCode: fails }));
      removed.push(id);
      return Promise.resolve();
    },
  });
  const api = {
    ping: () => Promise.resolve('OK'),
    listContainers: () =>
      Promise.resolve(
        containers.map((c) => ({ Id: c.id, Names: [`/${c.id}`], Labels: labels(c) })),
      ),
    listNetworks: () =>
      Promise.resolve(networks.map((n) => ({ Id: n.id, Name: n.id, Labels: labels(n) }))),
    listVolumes: () => Promise.resolve({ Volumes: [] }),
    getContainer: remover(containers),
    getNetwork: remover(networks),
  } as unknown as EngineApi;
  return { engine: { api, publishOn: '127.0.0.1' } as Engine, removed };
}

const NOBODY = 2 ** 22 + 1;

describe('a sweep', () => {
  it('removes what is dead, containers before networks, and nothing else', async () => {
    const { engine, removed } = await engineWith(
      [{ id: 'living' }, { id: 'dead', pid: NOBODY }, { id: 'elsewhere', host: 'other' }],
      [{ id: 'living-net' }, { id: 'dead-net', pid: NOBODY }],
    );
    await sweepLeftovers(engine);
    expect(removed).toEqual(['dead', 'dead-net']);
  });

  it('takes what others removed meanwhile for removed', async () => {
    const { engine } = await engineWith([{ id: 'gone', pid: NOBODY, fails: 404 }], []);
    const { removed, failed } = await sweepLeftovers(engine);
    expect(removed.map(({ name }) => name)).toContain('gone');
    expect(failed).toEqual([]);
  });

  it('goes on after what it cannot remove, and says what that was', async () => {
    const { engine, removed } = await engineWith(
      [
        { id: 'stuck', pid: NOBODY, fails: 500 },
        { id: 'dead', pid: NOBODY },
      ],
      [],
    );
    const { failed } = await sweepLeftovers(engine);
    expect(removed).toEqual(['dead']);
    expect(failed.map(({ leftover }) => leftover.name)).toEqual(['stuck']);
  });

  it('shows everything with its state before it removes anything', async () => {
    const { engine, removed } = await engineWith(
      [{ id: 'living' }, { id: 'dead', pid: NOBODY }],
      [],
    );
    const found = await findLeftovers(engine);
    const states = Object.fromEntries(found.map(({ name, state }) => [name, state]));
    expect(states).toMatchObject({ living: 'alive', dead: 'dead' });
    expect(removed).toEqual([]);
  });
});

describe('the sweep of a run', () => {
  it('removes all of it, living as it is, and nothing of another', async () => {
    const { engine, removed } = await engineWith(
      [{ id: 'mine' }, { id: 'other', run: 'another-run' }],
      [{ id: 'mine-net' }],
    );
    await sweepRun(engine, 'a-run');
    expect(removed).toEqual(['mine', 'mine-net']);
  });

  it('names what it could not remove', async () => {
    const { engine } = await engineWith([{ id: 'stuck', fails: 500 }], [{ id: 'net' }]);
    await expect(sweepRun(engine, 'a-run')).rejects.toMatchObject({
      code: 'HEAL_FAILED',
      message: 'left on the engine: container stuck',
    });
  });

  it('says so when the engine does not come back', async () => {
    const { engine } = await engineWith([{ id: 'mine' }], []);
    const gone = { ...engine, api: { ...engine.api, ping: () => Promise.reject(new Error('no')) } };
    await expect(sweepRun(gone as unknown as Engine, 'a-run', 0)).rejects.toMatchObject({
      code: 'HEAL_FAILED',
      message: expect.stringMatching(/^left on the engine, all of the run: .*to answer again/),
    });
  });
});
