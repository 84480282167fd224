import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createStartProbe } from '../../../harness/pipeline/transcoder/startProbe.ts';

const SETTINGS = { probeMs: 1000, againMs: 5000 };

test('a channel that waits takes the first picture whenever it comes', () => {
  const probe = createStartProbe(undefined, 0);
  expect(probe.tick(1_000_000)).toBeUndefined();
  expect(probe.picture()).toBe(true);
});

test('a picture within the probe starts the channel for good', () => {
  const probe = createStartProbe(SETTINGS, 0);
  expect(probe.tick(900)).toBeUndefined();
  expect(probe.picture()).toBe(true);
  expect(probe.tick(100_000)).toBeUndefined();
  expect(probe.picture()).toBe(true);
});

test('without one it does not run, whatever arrives, until it is started once more', () => {
  const probe = createStartProbe(SETTINGS, 0);
  expect(probe.tick(1000)).toBe('failed');
  expect(probe.picture()).toBe(false);
  expect(probe.tick(5900)).toBeUndefined();
  expect(probe.tick(6000)).toBe('started');
  expect(probe.picture()).toBe(true);
});

test('and fails again for as long as nothing comes', () => {
  const probe = createStartProbe(SETTINGS, 0);
  const said = Array.from({ length: 200 }, (_, i) => probe.tick(i * 100)).filter(Boolean);
  expect(said).toEqual(['failed', 'started', 'failed', 'started', 'failed', 'started', 'failed']);
});

test('never takes a picture between a failure and the next start', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 3000 })), (steps) => {
      const probe = createStartProbe(SETTINGS, 0);
      let atMs = 0;
      let failed = false;
      for (const step of steps) {
        atMs += step;
        const changed = probe.tick(atMs);
        if (changed) failed = changed === 'failed';
        if (failed) expect(probe.picture()).toBe(false);
      }
    }),
  );
});
