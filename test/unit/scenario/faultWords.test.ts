// Each kind of fault in the words of plan and report, and in the numbers of a simulation.

import { describe, expect, it } from 'vitest';
import type { HttpFault } from '../../../harness/faults/http.ts';
import { findKind, findTraits, healedWords, injectedWords } from '../../../harness/faults/kinds.ts';
import { sizedPath } from '../../../harness/faults/path.ts';
import { isOnStages, type Fault, type LinkFault } from '../../../harness/model/scenario.ts';
import { parseScenario } from '../../../harness/scenario/load.ts';
import { designTexts } from '../../support/designs.ts';
import { drill } from '../../support/drill.ts';

const DESIGNS = designTexts('single-access-tv');

function read(written: string): Fault {
  const text = `faults:\n  - { name: f, at: 0s, for: 60s, ${written} }\n`;
  return parseScenario(drill(text, 'single-access-tv'), 's.yaml', DESIGNS).faults[0]!
    .fault as Fault;
}

const numbersOf = (fault: Fault): object =>
  isOnStages(fault) ? findKind(fault).numbers(fault) : findKind(fault).numbers(fault);

describe('a fault of a link', () => {
  it.each([
    ['connect-up', 'cut: refuse', 'cut', 'nothing passes', { passes: false }],
    ['connect-up', 'latency: { delay: 200ms }', 'delayed', 'is 200ms later', { delayMs: 200 }],
    ['connect-up', 'bandwidth: 400k', 'narrowed', 'at most 400 kbit/s', { rateKbps: 400 }],
    [
      'connect-up',
      'slice: { bytes: 100, delay: 20ms }',
      'chopped up',
      'passes 100 bytes at a time',
      { passes: true, piece: { bytes: 100, delayMs: 20 } },
    ],
    ['connect-up', 'loss: { share: 5% }', 'dropped packets on', '5 %', { lossShare: 0.05 }],
    ['connect-tv', 'duplicate: { share: 5% }', 'repeated packets on', 'twice', { passes: true }],
    ['connect-tv', 'reorder: { share: 5% }', 'reordered packets on', 'overtaken', { passes: true }],
  ])('on %s, %s', (link, written, verb, words, numbers) => {
    const fault = read(`links: [${link}], ${written}`);
    expect(findTraits(fault)).toMatchObject({ verb: { verb, told: true }, at: 'links' });
    expect(injectedWords(fault)).toContain(words);
    expect(healedWords(fault)).toBe(`everything passes ${link} (one, two) again`);
    expect(numbersOf(fault)).toMatchObject(numbers);
  });
});

describe('a fault of a stage', () => {
  it.each([
    ['transcoder', 'stage: kill', 'kill', { verb: 'killed' }, 'stages', { works: false }],
    ['transcoder', 'stage: restart', 'restart', { verb: 'restarted' }, 'stages', { works: false }],
    [
      'transcoder',
      'stage: disconnect',
      'disconnect',
      { verb: 'took', then: 'off the network' },
      'stages',
      { works: false },
    ],
    ['playout', 'content: black', 'black', { verb: 'blacked out' }, 'source', { picture: 'black' }],
    ['playout', 'content: frozen', 'frozen', { verb: 'froze' }, 'source', { picture: 'frozen' }],
    ['playout', 'content: silent', 'silent', { verb: 'silenced' }, 'source', { silent: true }],
    [
      'playout',
      'content: wrong-channel',
      'wrong-channel',
      { verb: 'put another channel on' },
      'source',
      { picture: 'other channel' },
    ],
    [
      'playout',
      'timestampJump: 1h',
      'timestamp-jump +3600 s',
      { verb: 'shifted the time stamps of', told: true },
      'stages',
      {},
    ],
    [
      'playout',
      'resolution: 160x90',
      'resolution 160x90',
      { verb: 'changed the picture size of', told: true },
      'stages',
      {},
    ],
    [
      'playout',
      'codec: mpeg2',
      'codec mpeg2',
      { verb: 'changed the codec of', told: true },
      'stages',
      {},
    ],
    [
      'edge',
      'http: { of: segment, wrong: hang }',
      'hang to segment',
      { verb: 'let', then: 'answer wrongly', told: true },
      'stages',
      {
        wrong: {
          match: { of: 'segment', rung: undefined, every: undefined, ratio: 1 },
          answer: { kind: 'hang' },
        },
      },
    ],
    ['origin', 'disk: full', 'full', { verb: 'filled the disk of' }, 'stages', { stores: false }],
    [
      'transcoder',
      'clockSkew: 2s',
      '+2 s',
      { verb: 'set the clock of', then: 'wrong', told: true },
      'stages',
      { dateErrorMs: 2000 },
    ],
    [
      'transcoder',
      'squeeze: { cpus: 0.5, memory: 300MB }',
      '0.5 cores, 300 MB',
      { verb: 'squeezed', told: true },
      'stages',
      { limits: { cpus: 0.5, memoryMb: 300 } },
    ],
  ])('on %s, %s', (stage, written, effect, verb, at, numbers) => {
    const fault = read(`stages: [${stage}], ${written}`);
    const traits = findTraits(fault);
    expect([traits.effect, traits.verb, traits.at]).toEqual([effect, verb, at]);
    expect(numbersOf(fault)).toEqual(numbers);
  });

  it('has a nature of its own where another channel or no life is on the way', () => {
    const nature = (written: string) => findTraits(read(written)).nature;
    expect(nature('stages: [playout], content: wrong-channel')).toBe('channel');
    expect(nature('stages: [playout], content: black')).toBeUndefined();
    expect(nature('stages: [transcoder], stage: stop')).toBe('life');
    expect(nature('stages: [edge], http: { status: 503 }')).toBe('answers');
    expect(nature('links: [connect-up], cut: drop')).toBe('cut');
  });
});

describe('wrong answers', () => {
  const wrong = (what: string) => read(`stages: [edge], http: { ${what} }`) as HttpFault;

  it.each([
    ['of: playlist, status: 503', 'to playlist requests: status 503'],
    ['of: any, wrong: hang', 'to all requests: none'],
    ['of: segment, slow: 3s', 'to segment requests: 3s late'],
    ['of: segment, wrong: empty', 'to segment requests: nothing in it'],
    ['of: segment, truncated: 50%', 'to segment requests: broken off after 50 %'],
    ['of: segment, corrupt: 2%', 'to segment requests: 2 % noise'],
    ['of: playlist, gap: 3', 'to playlist requests: one segment in 3 listed as a gap'],
    ['of: playlist, wrong: stale', 'to playlist requests: the same again and again'],
    ['of: playlist, wrong: sequence-reset', 'to playlist requests: segments counted from 0 again'],
    ['of: playlist, wrong: no-discontinuity', 'to playlist requests: no word of discontinuities'],
    [
      'of: any, cycle: [{ for: 5s, status: 503 }, { for: 5s }]',
      'to all requests: in turn status 503 for 5s, healthy for 5s',
    ],
    [
      'of: segment, rung: 0, ratio: 50%, status: 404',
      'to 50 % of segment requests of rung 0: status 404',
    ],
    ['of: segment, every: 3, status: 404', 'to segment requests for one segment in 3: status 404'],
  ])('%s', (written, words) => {
    expect(injectedWords(wrong(written))).toBe(`edge (one, two) answers wrongly ${words}`);
  });

  it('go together where they are asked for different things', () => {
    const all = ['any', 'playlist', 'segment'].map((of) => wrong(`of: ${of}, status: 404`));
    const upload = read('stages: [origin], http: { of: upload, status: 503 }') as HttpFault;
    const matrix = [...all, upload].map((one) =>
      [...all, upload].map((other) => (findKind(one).goesWith?.(one, other) ? 'x' : '.')).join(''),
    );
    expect(matrix).toEqual(['...x', '..xx', '.x.x', 'xxx.']);
  });
});

it('two cuts that switch a proxy off do not go together, others do', () => {
  const [refuse, drop] = ['refuse', 'drop'].map(
    (effect) => read(`links: [connect-up], cut: ${effect}`) as LinkFault,
  ) as [LinkFault, LinkFault];
  const goes = (one: LinkFault, other: LinkFault) => findKind(one).goesWith?.(one, other);
  expect([goes(refuse, refuse), goes(refuse, drop), goes(drop, refuse), goes(drop, drop)]).toEqual([
    false,
    true,
    true,
    true,
  ]);
});

it('a step of a slope takes a share of what a path loses', () => {
  const degraded: Parameters<typeof sizedPath>[0] = {
    kind: 'path',
    paths: ['a'],
    happens: { kind: 'degraded', lossShare: 0.4, capacityShare: 0.5 },
  };
  const { happens } = sizedPath(degraded, { share: 0.5, wideKbps: 0 });
  expect(happens).toEqual({ kind: 'degraded', lossShare: 0.2, capacityShare: 0.75 });
  const dark: typeof degraded = { ...degraded, happens: { kind: 'dark' } };
  expect(sizedPath(dark, { share: 0.5, wideKbps: 0 })).toBe(dark);
});
