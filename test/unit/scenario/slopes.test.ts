// Faults that grow to their full size and shrink back in steps: on links, in answers, on paths.

import { describe, expect, test } from 'vitest';
import { findKind } from '../../../harness/faults/kinds.ts';
import { parseScenario } from '../../../harness/scenario/load.ts';
import { plan } from '../../../harness/scenario/plan.ts';
import { designTexts } from '../../support/designs.ts';
import { drill } from '../../support/drill.ts';

const DESIGNS = designTexts('single-access', 'dual-access-bfd');

const read = (fault: string, design = 'single-access') =>
  parseScenario(
    drill(`faults:\n  - { name: f, at: 10s, for: 60s, ${fault} }\n`, design),
    's.yaml',
    DESIGNS,
  );

/** Every inject: when, and how large. */
const steps = (fault: string, design?: string) => {
  const { actions } = plan(read(fault, design), { compress: 1, seed: 1 });
  return actions
    .filter(({ does }) => does === 'inject')
    .map((action) => `${action.atMs / 1000} s: ${findKind(action.fault).effect(action.fault)}`);
};

const BOTH = 'ramp: { over: 20s, steps: 2 }, fall: { over: 20s, steps: 2 }';

describe('a fault grows and shrinks', () => {
  test.each([
    [
      'latency',
      `links: [connect-up], latency: { delay: 100ms, jitter: 10ms }, ${BOTH}`,
      ['10 s: 50 ms ± 5 ms', '20 s: 100 ms ± 10 ms', '60 s: 50 ms ± 5 ms'],
    ],
    [
      'loss',
      `links: [connect-up], loss: { share: 20% }, ${BOTH}`,
      [
        '10 s: 10% lost, 20 ms round trip',
        '20 s: 20% lost, 20 ms round trip',
        '60 s: 10% lost, 20 ms round trip',
      ],
    ],
    [
      'bandwidth, back to where it came from',
      'links: [connect-up], bandwidth: 400k, ramp: { over: 20s, steps: 2, from: 2M }, fall: { over: 20s, steps: 2 }',
      ['10 s: 1200 kbit/s', '20 s: 400 kbit/s', '60 s: 1200 kbit/s'],
    ],
    [
      'bandwidth, at once and back in steps',
      'links: [connect-up], bandwidth: 400k, fall: { over: 40s, steps: 4, to: 800k }',
      ['10 s: 400 kbit/s', '40 s: 500 kbit/s', '50 s: 600 kbit/s', '60 s: 700 kbit/s'],
    ],
  ])('%s', (_name, fault, expected) => {
    expect(steps(fault)).toEqual(expected);
  });

  test('by the share of requests that get a wrong answer', () => {
    const fault = `stages: [edge], http: { of: segment, ratio: 80%, status: 503 }, ${BOTH}`;
    const { actions } = plan(read(fault), { compress: 1, seed: 1 });
    expect(actions.filter(({ does }) => does === 'inject').map(({ expect }) => expect)).toEqual([
      'edge (one, two) answers wrongly to 40 % of segment requests: status 503',
      'edge (one, two) answers wrongly to 80 % of segment requests: status 503',
      'edge (one, two) answers wrongly to 40 % of segment requests: status 503',
    ]);
  });

  test('on a path, whatever its links make of it', () => {
    expect(
      steps(`paths: [leg-a], degraded: { loss: 40% }, ${BOTH}`, 'dual-access-bfd').map((text) =>
        text.replace(/, .*/, ''),
      ),
    ).toEqual(['10 s: 20% lost', '20 s: 40% lost', '60 s: 20% lost']);
  });
});

describe('of a slope is proven', () => {
  test.each([
    [`links: [connect-up], latency: { delay: 100ms }, ${BOTH}`, 'single-access'],
    [`paths: [leg-a], degraded: { loss: 40% }, ${BOTH}`, 'dual-access-bfd'],
  ])('the full size, and the end of the last step by it: %s', (fault, design) => {
    const { actions } = plan(read(fault, design), { compress: 1, seed: 1 });
    const asked = actions.filter(({ prove }) => prove !== false);
    expect(asked.map(({ id }) => id)).toEqual(['f#2:inject', 'f#3:heal']);
    expect(asked[1]?.fault).toEqual(asked[0]?.fault);
  });

  test('the last step itself where requests are asked for', () => {
    const fault = `stages: [edge], http: { ratio: 80%, status: 503 }, ${BOTH}`;
    const last = plan(read(fault), { compress: 1, seed: 1 }).actions.at(-1);
    expect(last?.fault).toMatchObject({ match: { ratio: 0.4 } });
  });
});

describe('a slope is refused with its line', () => {
  const no = /7:\d+ .*only bandwidth, http, latency, loss, degraded can grow and shrink in steps/;
  test.each([
    ['links: [connect-up], cut: hold, fall: { over: 5s }', no],
    ['links: [connect-up], slice: { bytes: 100 }, ramp: { over: 5s }', no],
    ['stages: [edge], stage: pause, fall: { over: 5s }', no],
    ['stages: [playout], content: black, ramp: { over: 5s }', no],
    [
      'links: [connect-up], bandwidth: 400k, fall: { over: 5s }',
      /7:\d+ .*fall: expected to: a wider bandwidth to grow back to/,
    ],
    [
      'links: [connect-up], bandwidth: 400k, ramp: { over: 5s, from: 2M }, fall: { over: 5s, to: 300k }',
      /fall: expected to: a wider/,
    ],
    [
      'links: [connect-up], latency: { delay: 1s }, ramp: { over: 40s }, fall: { over: 30s }',
      /fall: expected to begin after it has reached its full size/,
    ],
    [
      'links: [connect-up], latency: { delay: 1s }, fall: { over: 61s }',
      /fall: expected to begin after/,
    ],
    [
      'links: [connect-up], latency: { delay: 1s }, flap: { on: 5s, off: 5s }, fall: { over: 5s }',
      /a fault flaps or falls, not both/,
    ],
    [
      'stages: [origin], http: { of: upload, status: 503 }, ramp: { over: 5s }',
      /ramp: only a share of the requests .* an upload is answered all of it/,
    ],
    [
      'stages: [origin], http: { of: playlist, wrong: stale }, fall: { over: 5s }',
      /fall: only a share of the requests .* stale would begin again with each step/,
    ],
    [
      'stages: [origin], http: { cycle: [{ for: 1s }, { for: 1s, status: 503 }] }, ramp: { over: 5s }',
      /a cycle would begin again with each step/,
    ],
  ])('%s', (fault, message) => {
    expect(() => read(fault)).toThrow(message);
  });

  test.each(['paths: [leg-a], state: down', 'target: { device: router-a }, state: dark'])(
    'where a path has no size: %s',
    (fault) => {
      expect(() => read(`${fault}, ramp: { over: 5s }`, 'dual-access-bfd')).toThrow(no);
      expect(() => read(`${fault}, fall: { over: 5s }`, 'dual-access-bfd')).toThrow(no);
    },
  );
});
