// The states of a proxy, with a part of a protocol that only notes what it is told.

import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../harness/kernel/random.ts';
import {
  createEngine,
  proxyState,
  type ProtocolPart,
} from '../../../harness/toxiproxy/server/proxyEngine.ts';
import { virtualClock } from './bench.ts';

function engineWith(changes: Partial<ProtocolPart> = {}) {
  const did: string[] = [];
  const state = proxyState({
    name: 'a',
    listen: '127.0.0.1:0',
    upstream: 'u:1',
    clock: virtualClock(),
    random: seededRandom(1),
    log: (level, message, fields) => did.push(`${level} ${message} ${JSON.stringify(fields)}`),
    toxics: { upstream: [], downstream: [] },
  });
  let port = 0;
  const part: ProtocolPart = {
    protocol: 'tcp',
    chains: () => [],
    listen: () => {
      const number = ++port;
      did.push(`listen at ${state.listen}`);
      const close = () => Promise.resolve(void did.push(`close ${number}`));
      return Promise.resolve({ listen: `127.0.0.1:${number}`, close });
    },
    disconnectAll: () => did.push('disconnect'),
    closesListener: (effect) => effect === 'refuse' || effect === 'blackhole',
    cut: (effect) => Promise.resolve(void did.push(`cut by ${effect}`)),
    heal: () => did.push('heal'),
    ...changes,
  };
  return { engine: createEngine(state, part), did: () => did.splice(0) };
}

describe('a proxy', () => {
  it('listens while it is started, at the address that it got, and says so', async () => {
    const { engine, did } = engineWith();
    expect([engine.isStarted, engine.listen, engine.protocol]).toEqual([
      false,
      '127.0.0.1:0',
      'tcp',
    ]);
    await engine.start();
    expect([engine.isStarted, engine.listen]).toEqual([true, '127.0.0.1:1']);
    const where = '{"name":"a","listen":"127.0.0.1:1","upstream":"u:1"}';
    expect(did()).toEqual(['listen at 127.0.0.1:0', `info Started proxy ${where}`]);
    await engine.stop();
    expect(engine.isStarted).toBe(false);
    expect(did()).toEqual(['close 1', 'disconnect', `info Terminated proxy ${where}`]);
    engine.readdress('127.0.0.1:9', 'v:2');
    await engine.start();
    expect(did()[0]).toBe('listen at 127.0.0.1:9');
  });

  it('says its protocol where it is not TCP', async () => {
    const { engine, did } = engineWith({ protocol: 'udp' });
    await engine.start();
    expect(did()[1]).toContain('"protocol":"udp"}');
  });

  it('is not started where it cannot listen', async () => {
    const { engine } = engineWith({ listen: () => Promise.reject(new Error('in use')) });
    await expect(engine.start()).rejects.toThrow('in use');
    expect(engine.isStarted).toBe(false);
  });

  it('keeps listening while it holds, and lets go when it is healed, which is done once', async () => {
    const { engine, did } = engineWith();
    await engine.start();
    did();
    await engine.cut('hold');
    expect([engine.cutEffect, ...did()]).toEqual(['hold', 'cut by hold']);
    await engine.heal();
    await engine.heal();
    expect([engine.cutEffect, ...did()]).toEqual([undefined, 'heal']);
  });

  it('closes its port and all connections to refuse, and has the same port when healed', async () => {
    const { engine, did } = engineWith();
    await engine.start();
    did();
    await engine.cut('refuse');
    expect([engine.cutEffect, ...did()]).toEqual([
      'refuse',
      'close 1',
      'disconnect',
      'cut by refuse',
    ]);
    await engine.heal();
    expect(did()).toEqual(['listen at 127.0.0.1:1', 'heal']);
  });

  it('leaves connections open where only new ones are to be left alone', async () => {
    const { engine, did } = engineWith();
    await engine.start();
    did();
    await engine.cut('blackhole');
    expect(did()).toEqual(['close 1', 'cut by blackhole']);
  });

  it('is healed before it is cut anew, and when it is stopped', async () => {
    const { engine, did } = engineWith();
    await engine.start();
    await engine.cut('refuse');
    did();
    await engine.cut('drop');
    expect(did()).toEqual(['listen at 127.0.0.1:1', 'heal', 'cut by drop']);
    await engine.stop();
    expect([engine.cutEffect, ...did()]).toEqual([
      undefined,
      'close 2',
      'disconnect',
      expect.stringContaining('Terminated proxy'),
    ]);
  });

  it('is healed where a cut cannot be had, and stays as it was where it is none', async () => {
    const { engine, did } = engineWith({
      requireCut: (effect) => {
        if (effect === 'reset') throw new Error('no reset');
      },
      cut: () => Promise.reject(new Error('cannot')),
    });
    await engine.start();
    did();
    await expect(engine.cut('blackhole')).rejects.toThrow('cannot');
    expect([engine.cutEffect, ...did()]).toEqual([
      undefined,
      'close 1',
      'listen at 127.0.0.1:1',
      'heal',
    ]);
    await expect(engine.cut('reset')).rejects.toThrow('no reset');
    expect(did()).toEqual([]);
  });

  it('needs no part that a protocol has not', async () => {
    const bare = { cut: undefined, heal: undefined } as unknown as Partial<ProtocolPart>;
    const { engine, did } = engineWith(bare);
    await engine.start();
    did();
    await engine.cut('drop');
    await engine.heal();
    expect([engine.cutEffect, ...did()]).toEqual([undefined]);
  });
});
