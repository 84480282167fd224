// The interface of a stage over its lives, by an engine that answers what it is told.

import { describe, expect, it } from 'vitest';
import { watchInterface } from '../../../harness/runtime/containers/interfaceCount.ts';

const OWN = { own: 'in-fr0', others: 1 };
const counters = (bytes: number) => ({
  rx_bytes: bytes,
  rx_packets: 1,
  tx_bytes: 2 * bytes,
  tx_packets: 2,
});

/** Answers the interfaces of the moment. */
function engineWith(first: Readonly<Record<string, object>>) {
  const engine = {
    now: first as Readonly<Record<string, object>> | undefined,
    stats: () => Promise.resolve({ networks: engine.now }),
  };
  return engine;
}
const watch = (engine: object, places: typeof OWN | { own: undefined; others: 0 } = OWN) =>
  watchInterface({ api: engine as never, isKeptIn: () => kept.now }, places);

const kept = { now: true };

describe('the interface of a stage', () => {
  it('is closed while every life of it was kept in', async () => {
    const engine = engineWith({ 'in-fr0': counters(100) });
    const frames = watch(engine);
    kept.now = false;
    expect((await frames.count()).closed).toBe(false);
    await frames.endLife();
    kept.now = true;
    frames.beginLife();
    expect((await frames.count()).closed).toBe(false);
    expect((await watch(engine).count()).closed).toBe(true);
  });

  it('is that of its country, whatever passed that of viewers', async () => {
    const engine = engineWith({ 'in-fr0': counters(100), eth0: counters(9_000) });
    expect(await watch(engine).count()).toEqual({
      received: { bytes: 100, frames: 1 },
      sent: { bytes: 200, frames: 2 },
      closed: true,
    });
  });

  it('is summed over lives that faults end', async () => {
    const engine = engineWith({ 'in-fr0': counters(100) });
    const frames = watch(engine);
    await frames.endLife();
    engine.now = undefined;
    expect((await frames.count()).received.bytes).toBe(100);
    frames.beginLife();
    engine.now = { 'in-fr0': counters(5) };
    expect(await frames.count()).toEqual({
      received: { bytes: 105, frames: 2 },
      sent: { bytes: 210, frames: 4 },
      closed: true,
    });
  });

  it('tells not all after a life that nobody read to its end, for ever', async () => {
    const engine = engineWith({ 'in-fr0': counters(100) });
    const frames = watch(engine);
    frames.beginLife();
    await frames.endLife();
    expect((await frames.count()).doubt).toBe('the stage ended before it was read');
  });

  it.each([
    ['gone with its container', undefined, /could not be read .*in-fr0/],
    ['of another name', { eth0: counters(1) }, /could not be read .*in-fr0/],
    [
      'beside one of a stranger',
      { 'in-fr0': counters(1), eth0: counters(1), eth1: counters(0) },
      /a network that is none of the run/,
    ],
  ])('is in doubt: %s', async (_, networks, doubt) => {
    const engine = engineWith({});
    engine.now = networks;
    expect((await watch(engine).count()).doubt).toMatch(doubt);
  });

  it('is in doubt where all share one network, or the engine fails', async () => {
    const engine = engineWith({ eth0: counters(1) });
    const shared = await watch(engine, { own: undefined, others: 0 }).count();
    expect(shared.doubt).toMatch(/all stages share one network/);
    const failing = { stats: () => Promise.reject(new Error('no such container')) };
    expect((await watch(failing).count()).doubt).toMatch(/no such container/);
  });
});
