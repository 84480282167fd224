import type { CutEffect } from '../../../harness/faults/cut.ts';
import { describe, expect, test } from 'vitest';
import { healFault, injectFault } from '../../../harness/run/toxics.ts';
import type { LinkFault } from '../../../harness/model/scenario.ts';
import { idleProxy } from '../../support/actionsWorld.ts';

const WHERE = { links: ['connect-up'], channels: ['one'] };
const cut = (effect: CutEffect): LinkFault => ({ kind: 'cut', effect, ...WHERE });
const latency: LinkFault = { kind: 'latency', delayMs: 200, jitterMs: 20, ...WHERE };
const bandwidth: LinkFault = { kind: 'bandwidth', rateKbps: 400, ...WHERE };

/** A proxy that keeps a record of what is on it; `broken` names the calls that fail. */
function proxyWith(broken: readonly string[] = []) {
  const toxics = new Map<string, string>();
  const state = { enabled: true, recreated: 0 };
  const fail = (call: string) => {
    if (broken.includes(call)) throw new Error(`${call} failed`);
  };
  const proxy = idleProxy('connect-up.one', {
    addToxic: async ({ name, type, stream, toxicity, attributes }) => {
      fail('addToxic');
      toxics.set(name, `${type} ${stream} ${toxicity} ${JSON.stringify(attributes)}`);
    },
    removeToxic: async (name) => {
      fail('removeToxic');
      if (!toxics.delete(name)) throw new Error(`no toxic ${name}`);
    },
    setEnabled: async (enabled) => {
      fail('setEnabled');
      state.enabled = enabled;
    },
    recreate: async () => {
      fail('recreate');
      toxics.clear();
      state.enabled = true;
      state.recreated++;
    },
  });
  return { proxy, toxics, state };
}

describe('injectFault', () => {
  test.each([
    [cut('hold'), 'bandwidth', '{"rate":0}'],
    [cut('drop'), 'timeout', '{"timeout":0}'],
    [cut('reset'), 'reset_peer', '{"timeout":0}'],
    [latency, 'latency', '{"latency":200,"jitter":20}'],
    [bandwidth, 'bandwidth', '{"rate":50}'],
    // No more passes than is said.
    [{ ...bandwidth, rateKbps: 23 }, 'bandwidth', '{"rate":2}'],
  ])('puts %o on both ways of the flow', async (fault, type, attributes) => {
    const { proxy, toxics } = proxyWith();
    await injectFault(fault, proxy, 'night: work');
    expect([...toxics]).toEqual([
      ['night-work-upstream', `${type} upstream 1 ${attributes}`],
      ['night-work-downstream', `${type} downstream 1 ${attributes}`],
    ]);
  });

  test('holds everything in a burst of loss, and lets go after it', async () => {
    const { proxy, toxics } = proxyWith();
    const burst: LinkFault = { kind: 'loss', share: 0.1, roundTripMs: 20, burstMs: 200, ...WHERE };
    await injectFault(burst, proxy, 'rain.2');
    expect([...toxics]).toEqual([
      ['rain-2-upstream', 'bandwidth upstream 1 {"rate":0}'],
      ['rain-2-downstream', 'bandwidth downstream 1 {"rate":0}'],
    ]);
    await healFault(burst, proxy, { id: 'rain.2', others: [] });
    expect(toxics.size).toBe(0);
  });

  test('switches the proxy off to refuse', async () => {
    const { proxy, toxics, state } = proxyWith();
    await injectFault(cut('refuse'), proxy, 'f');
    expect(state.enabled).toBe(false);
    expect(toxics.size).toBe(0);
  });

  test('never makes a narrow link a cut one', async () => {
    const { proxy, toxics } = proxyWith();
    await injectFault({ ...bandwidth, rateKbps: 1 }, proxy, 'f');
    expect(toxics.get('f-upstream')).toContain('{"rate":1}');
  });
});

describe('healFault', () => {
  test.each([cut('hold'), cut('drop'), cut('reset'), cut('refuse'), latency, bandwidth])(
    'takes %o off and leaves other faults on',
    async (fault) => {
      const { proxy, toxics, state } = proxyWith();
      await injectFault(latency, proxy, 'other');
      await injectFault(fault, proxy, 'f');
      expect(await healFault(fault, proxy, { id: 'f', others: [] })).toBe('removed');
      expect([...toxics.keys()]).toEqual(['other-upstream', 'other-downstream']);
      expect(state.enabled).toBe(true);
    },
  );

  test('makes the proxy anew when removing fails', async () => {
    const { proxy, toxics, state } = proxyWith(['removeToxic']);
    await injectFault(cut('drop'), proxy, 'f');
    expect(await healFault(cut('drop'), proxy, { id: 'f', others: [] })).toBe('recreated');
    expect(toxics.size).toBe(0);
    expect(state.recreated).toBe(1);
  });

  test('puts what is still in force on again when the proxy was made anew', async () => {
    const { proxy, toxics, state } = proxyWith(['removeToxic']);
    const others = [
      { id: 'slow', fault: latency as LinkFault },
      { id: 'shut', fault: cut('refuse') },
    ];
    for (const { id, fault } of others) await injectFault(fault, proxy, id);
    await injectFault(cut('drop'), proxy, 'f');
    expect(await healFault(cut('drop'), proxy, { id: 'f', others })).toBe('recreated');
    expect([...toxics.keys()]).toEqual(['slow-upstream', 'slow-downstream']);
    expect(state).toEqual({ enabled: false, recreated: 1 });
  });

  test('fails when another fault cannot be put on again: the rest would prove nothing', async () => {
    const { proxy } = proxyWith(['removeToxic', 'addToxic']);
    const others = [{ id: 'slow', fault: latency as LinkFault }];
    const healing = healFault(cut('drop'), proxy, { id: 'f', others });
    await expect(healing).rejects.toThrow('addToxic failed');
  });

  test('says what is still hurt when both ways fail', async () => {
    const { proxy } = proxyWith(['removeToxic', 'recreate']);
    await injectFault(cut('drop'), proxy, 'f');
    await expect(healFault(cut('drop'), proxy, { id: 'f', others: [] })).rejects.toMatchObject({
      code: 'HEAL_FAILED',
      target: 'connect-up.one',
      message: 'connect-up.one is still hurt: removeToxic failed; then recreate failed',
    });
  });
});
