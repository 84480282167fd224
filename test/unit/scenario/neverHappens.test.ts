// Holds that what could never happen is refused: parts of a fault that it is too short for, turns that
// do not come, a recovery that the phase has no time for.

import { describe, expect, test } from 'vitest';
import { parseScenario } from '../../../harness/scenario/load.ts';
import { designTexts } from '../../support/designs.ts';
import { drill } from '../../support/drill.ts';

const shipped = designTexts('single-access', 'dual-access-bgp', 'vpn-backup');
const { file, text: dual } = shipped['dual-access-bgp'];
const { text: single } = shipped['single-access'];
const DESIGNS = {
  ...shipped,
  'no-demand': { file, text: dual.replace(/demand: .*/, '') },
  'one-channel': { file, text: single.replace(/channels: .*/, 'channels: [one]') },
};
const HEAD = drill();
const CUT = 'links: [connect-up], cut: hold';
const fault = (entry: string) => `${HEAD}faults:\n  - { name: f, at: 0s, ${entry} }\n`;
const after = (entry: string) => `${fault(`for: 10s, ${CUT}`)}  - { name: g, after: ${entry} }\n`;

const read = (text: string) => parseScenario(text, 's.yaml', DESIGNS);

describe('what never happens', () => {
  test.each([
    [fault(`for: 30s, flap: { on: 40s, off: 5s }, ${CUT}`), /flap: .*it would never be off/],
    [fault(`for: 20s..60s, flap: { on: 20s, off: 15s }, ${CUT}`), /flap: .*never be off/],
    [fault(`for: 30s, flap: { on: 10s, off: 20s }, ${CUT}`), /flap: .*it would be on once/],
    [fault(`for: 10s, every: 20s, times: 1, ${CUT}`), /times: expected at least 2/],
    [fault(`for: 10s, every: 30s, until: 20s, ${CUT}`), /until: .*it would come once/],
    [
      after(`f.end + 5s, for: 10s, every: 30s, until: 44999ms, ${CUT}`),
      /faults\[1\]\.until: comes first at 15s, and again after until: make until later/,
    ],
    [
      fault('for: 10s, links: [connect-up], loss: { share: 10%, burst: 10s }'),
      /loss\.burst: expected bursts shorter than the fault/,
    ],
    [
      fault(
        'for: 1m, flap: { on: 2s, off: 2s }, links: [connect-up], loss: { share: 9%, burst: 3s }',
      ),
      /loss\.burst: expected bursts shorter than the fault/,
    ],
    [
      fault('for: 1m, flap: { on: 1s, off: 9s }, stages: [playout], codec: mpeg2'),
      /codec starts another encoder/,
    ],
    [
      fault(
        'for: 10s, stages: [edge], http: { cycle: [{ for: 4s }, { for: 6s, status: 404 }, { for: 1s }] }',
      ),
      /http\.cycle\[2\]: .*this step never begins/,
    ],
    [
      fault('for: 10s, links: [connect-up], latency: { delay: 1s }, ramp: { over: 4ms, steps: 5 }'),
      /ramp: expected steps of at least a millisecond/,
    ],
    [
      fault(`for: 10s, ${CUT}`) + 'steady: { hold: 10s }\nrecover: { within: 9s }\n',
      /recover\.within: expected at least the hold of steady, 10s/,
    ],
  ])('%s', (text, message) => {
    expect(() => read(text)).toThrow(message);
  });

  test.each([
    fault(`for: 30s, flap: { on: 10s, off: 10s }, ${CUT}`),
    fault(`for: 30s, flap: { on: 10s, off: 19s }, ${CUT}`),
    fault(`for: 10s, every: 20s, until: 20s, ${CUT}`),
    after(`f.end + 5s, for: 10s, every: 30s, until: 45s, ${CUT}`),
    after(`f.end + 5s..6s, for: 10s, every: 30s, until: 45s, ${CUT}`),
    fault('for: 10s, stages: [edge], http: { cycle: [{ for: 4s }, { for: 60s, status: 404 }] }'),
    fault(`for: 10s, ${CUT}`) + 'steady: { hold: 10s }\nrecover: { within: 10s }\n',
  ])('what may happen is taken: %s', (text) => {
    expect(read(text).name).toBe('s');
  });

  test('a time that is too long is told, and not what would follow from it', () => {
    const latency = 'links: [connect-up], latency: { delay: 30d }';
    expect(() => read(fault(`for: 10s, ${latency}`))).toThrow(/^1 problem .*\n.* at most 1m, got/);
    const steady = `${fault(`for: 10s, ${CUT}`)}steady: { hold: 50s, within: 2h }\n`;
    expect(() => read(steady)).toThrow(/^1 problem .*\n.* at most 1h, got/);
  });

  test('work that overruns is as long as it is really', () => {
    const http = 'http: { cycle: [{ for: 40s }, { for: 40s, status: 404 }] }';
    const window = (rest: string) =>
      `${HEAD}windows:\n  - { name: w, owner: me, ${rest}, work: { at: 0s, for: 30s, stages: [edge], ${http} } }\n`;
    expect(read(window('overrun: 1m')).windows).toHaveLength(1);
    expect(() => read(window('overrun: 5s'))).toThrow(/this step never begins/);
  });
});

describe('what changes nothing', () => {
  const routed = (design: string, entry: string) =>
    fault(`for: 10s, ${entry}`).replace('single-access', design);
  const window = (rest: string) =>
    `${HEAD}windows:\n  - { name: w, owner: me, ${rest}, work: { at: 20m, for: 30s, ${CUT} } }\n`;
  const zoned = (at: string, zone: string) =>
    `${HEAD}zone: ${zone}\nfaults: [{ name: f, at: '${at}', for: 10s, ${CUT} }]\n`;

  test.each([
    [
      routed('dual-access-bgp', 'paths: [leg-a], state: down, members: 1'),
      /7:\d+ +faults\[0\]\.members: leg-a is one line: leave members out/,
    ],
    [
      routed('vpn-backup', 'paths: [vpn], state: down, members: 9'),
      /members: expected at most the 1 of vpn/,
    ],
    [
      routed('vpn-backup', 'paths: [vpn], state: dark, members: 1'),
      /members: goes with state: down/,
    ],
    [
      routed('no-demand', 'target: { device: router-a }, degraded: { capacity: 1% }'),
      /degraded\.capacity: access connect has no demand/,
    ],
    [
      fault('for: 10s, stages: [origin], channels: [one], stage: kill'),
      /channels: origin carries all channels together/,
    ],
    [
      window('restore: { order: [two] }'),
      /windows\[0\]\.restore\.order: without a pace all come back at once: say pace, or leave/,
    ],
    [window('restore: { order: random }'), /restore\.order: without a pace/],
    [
      window('restore: { pace: 2m }').replace(CUT, 'stages: [edge], stage: kill'),
      /restore\.pace: a path or a stage comes back as a whole: a pace goes with work on links/,
    ],
    [
      window('restore: { order: [two] }').replace(CUT, 'stages: [edge], stage: kill'),
      /restore\.order: a path or a stage comes back as a whole: leave order out/,
    ],
    [
      drill('viewers: { zipf: 1.2 }', 'one-channel'),
      /viewers\.zipf: single-access has one channel: leave zipf out/,
    ],
    [
      zoned('2025-07-14T20:00', 'CET'),
      /faults\[0\]\.at: .* CET in summer can be meant as UTC\+1 or UTC\+2: write the time/,
    ],
  ])('is refused: %s', (text, message) => {
    expect(() => read(text)).toThrow(message);
  });

  test.each([
    routed('vpn-backup', 'paths: [vpn], state: down, members: 1'),
    routed('no-demand', 'paths: [leg-a], degraded: { loss: 1% }'),
    fault('for: 10s, stages: [origin], channels: [one], http: { of: any, status: 503 }'),
    fault('for: 10s, stages: [transcoder], channels: [one], stage: kill'),
    window('drain: { style: none }'),
    window('drain: { style: withdraw }'),
    window('restore: { order: [two], pace: 2m }'),
    window('restore: { order: random, pace: 0s }'),
    window('restore: { pace: 2m }'),
    zoned('2025-01-14T20:00', 'CET'),
    zoned('2025-07-14T20:00+01:00', 'CET'),
  ])('and what does is taken: %s', (text) => {
    expect(read(text).name).toBe('s');
  });
});
