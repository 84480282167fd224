// Each fault as it is written: what it is read as, what it does to a link, and the trace it leaves.

import { describe, expect, test } from 'vitest';
import { linkEvidence } from '../../../harness/faults/evidence.ts';
import { findKind, onTransport } from '../../../harness/faults/kinds.ts';
import type { Fault, LinkFault, Transport } from '../../../harness/model/scenario.ts';
import { parseScenario } from '../../../harness/scenario/load.ts';
import { designTexts } from '../../support/designs.ts';
import { drill } from '../../support/drill.ts';

const DESIGNS = designTexts('single-access-tv');

function read(written: string): Fault {
  const text = drill(
    `faults:\n  - { name: f, at: 0s, for: 60s, ${written} }\n`,
    'single-access-tv',
  );
  return parseScenario(text, 's.yaml', DESIGNS).faults[0]!.fault as Fault;
}
const onLink = (written: string, transport: Transport = 'tcp') =>
  read(`links: [${transport === 'udp' ? 'connect-tv' : 'connect-up'}], ${written}`) as LinkFault;
const toxicsOf = (fault: LinkFault, transport: Transport) => {
  const toxics = onTransport(fault, transport).toxics(fault);
  return typeof toxics === 'string'
    ? toxics
    : toxics.map(({ type, attributes }) => `${type} ${Object.values(attributes).join(' ')}`).join();
};

describe('on a link', () => {
  test.each<[Transport, string, string, string, object]>([
    ['tcp', 'cut: hold', 'hold', 'bandwidth 0', { kind: 'silence' }],
    ['tcp', 'cut: drop', 'drop', 'timeout 0', { kind: 'silence' }],
    ['tcp', 'cut: refuse', 'refuse', 'off', { kind: 'silence' }],
    ['tcp', 'cut: reset', 'reset', 'reset_peer 0', { kind: 'silence' }],
    [
      'tcp',
      'latency: { delay: 200ms, jitter: 20ms }',
      '200 ms ± 20 ms',
      'latency 200 20',
      { kind: 'delay' },
    ],
    ['tcp', 'bandwidth: 400k', '400 kbit/s', 'bandwidth 50', { kind: 'rate', limitKbps: 400 }],
    // The rate that TCP reaches at this loss and round trip (Mathis): 1.22 segments / (20 ms * sqrt(5 %)).
    [
      'tcp',
      'loss: { share: 5% }',
      '5% lost, 20 ms round trip',
      'latency 2 20,bandwidth 398',
      { kind: 'delay' },
    ],
    // A packet that is lost again, half of the time, waits for the time-out of 200 ms.
    [
      'tcp',
      'loss: { share: 50% }',
      '50% lost, 20 ms round trip',
      'latency 60 60,bandwidth 126',
      { kind: 'delay' },
    ],
    [
      'tcp',
      'loss: { share: 5%, burst: 200ms }',
      'everything lost for 200 ms',
      'bandwidth 0',
      { kind: 'gap' },
    ],
    [
      'tcp',
      'slice: { bytes: 100, delay: 20ms }',
      '100 bytes every 20 ms',
      'slicer 100 0 20000',
      { kind: 'pieces' },
    ],
    ['udp', 'cut: drop', 'drop', 'timeout 0', { kind: 'silence' }],
    ['udp', 'cut: refuse', 'refuse', 'off', { kind: 'silence' }],
    ['udp', 'bandwidth: 400k', '400 kbit/s', 'bandwidth 50', { kind: 'rate', limitKbps: 400 }],
    ['udp', 'loss: { share: 5% }', '5% lost', 'packet_loss 0.05', { lack: 'lost', share: 0.05 }],
    [
      'udp',
      'loss: { share: 50%, burst: 2s }',
      'everything lost for 2000 ms',
      'packet_loss 1',
      { lack: 'lost', share: 0.05 },
    ],
    [
      'udp',
      'duplicate: { share: 5% }',
      '5 % twice',
      'duplicate 0.05',
      { lack: 'twice', share: 0.05 },
    ],
    [
      'udp',
      'reorder: { share: 5%, by: 3 }',
      '5 % overtaken by 3',
      'reorder 0.05 3',
      { lack: 'late', share: 0.0475 },
    ],
  ])('of %s: %s', (transport, written, effect, toxics, trace) => {
    const fault = onLink(written, transport);
    expect(findKind(fault).effect(fault)).toBe(effect);
    expect(toxicsOf(fault, transport)).toBe(toxics);
    expect(linkEvidence(fault, transport).stream).toMatchObject(trace);
  });

  test.each([
    ['connect-up', 'cut: refuse, direction: forward', /direction: cut: refuse works on whole/],
    ['connect-up', 'cut: reset, direction: backward', /direction: cut: reset works on whole/],
    ['connect-tv', 'cut: hold', /cut: connect-tv is a UDP link, which has nothing to hold/],
    ['connect-tv', 'cut: reset', /which has nothing to reset/],
    ['connect-tv', 'slice: { bytes: 100 }', /connect-tv/],
    ['connect-up', 'reorder: { share: 5% }', /connect-up/],
  ])('%s is refused: %s', (link, written, message) => {
    expect(() => read(`links: [${link}], ${written}`)).toThrow(message);
  });

  test('may go one way where nothing is closed', () => {
    expect(onLink('cut: drop, direction: backward')).toMatchObject({ direction: 'backward' });
  });
});

describe('two on one link', () => {
  const WRITTEN = ['cut: hold', 'cut: drop', 'cut: refuse', 'cut: reset'];
  const OTHERS = [
    'bandwidth: 400k',
    'bandwidth: 200k',
    'latency: { delay: 1s }',
    'slice: { bytes: 9 }',
  ];
  const all = [...WRITTEN, ...OTHERS].map((written) => onLink(written));
  const matrix = (holds: (one: LinkFault, other: LinkFault) => boolean) =>
    all.map((one) => all.map((other) => (holds(one, other) ? 'x' : '.')).join(''));

  test('hide each other where no more gets through anyway, and comes no later', () => {
    expect(matrix((one, other) => findKind(one).hides?.(one, other) ?? false)).toEqual([
      'x...xxxx', // Bytes that are held come later; those that are lost do not.
      'xxxxxxxx',
      'xxxxxxxx',
      'xxxxxxxx',
      '....x...',
      '....xx..',
      '........',
      '........',
    ]);
  });

  test('go together, but for two that switch off the same proxy', () => {
    const refusing = matrix((one, other) => !(findKind(one).goesWith?.(one, other) ?? true));
    expect(refusing.join('\n')).toBe(`${'........\n'.repeat(2)}..x.....${'\n........'.repeat(5)}`);
  });
});

describe('in answers', () => {
  test.each([
    ['status: 503', { kind: 'status', status: 503 }],
    ['slow: 2s', { kind: 'slow', delayMs: 2000 }],
    ['truncated: 50%', { kind: 'truncated', share: 0.5 }],
    ['corrupt: 10%', { kind: 'corrupt', share: 0.1 }],
    ['of: playlist, gap: 3', { kind: 'gap', every: 3 }],
    ['of: playlist, wrong: stale', { kind: 'stale' }],
    ['of: playlist, wrong: empty', { kind: 'empty' }],
    ['of: playlist, wrong: sequence-reset', { kind: 'sequenceReset' }],
    ['of: playlist, wrong: no-discontinuity', { kind: 'noDiscontinuity' }],
    ['wrong: hang', { kind: 'hang' }],
  ])('%s', (written, answer) => {
    expect(read(`stages: [edge], http: { ${written} }`)).toMatchObject({ kind: 'http', answer });
  });

  test('one after the other, with healthy times between', () => {
    const steps = '[{ for: 5s, slow: 1s }, { for: 9s }, { for: 1s, wrong: hang }]';
    expect(read(`stages: [edge], http: { cycle: ${steps} }`)).toMatchObject({
      answer: {
        kind: 'cycle',
        steps: [
          { forMs: 5000, answer: { kind: 'slow', delayMs: 1000 } },
          { forMs: 9000 },
          { forMs: 1000, answer: { kind: 'hang' } },
        ],
      },
    });
  });

  test.each([
    ['status: 503, slow: 2s', /http: expected exactly one of .* got status and slow/],
    ['of: segment', /http: expected exactly one of .* got none/],
  ])('are refused as %s', (written, message) => {
    expect(() => read(`stages: [edge], http: { ${written} }`)).toThrow(message);
  });
});

test('a size is another one by its width or by its height', () => {
  const size = (written: string) => read(`stages: [playout], resolution: ${written}`);
  expect(size('320x90')).toMatchObject({ width: 320, height: 90 });
  expect(size('160x180')).toMatchObject({ width: 160, height: 180 });
  expect(() => size('320x180')).toThrow(/resolution: expected another size/);
});
