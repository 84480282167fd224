// Designs in which several stages of a role stand beside each other.

import { describe, expect, test } from 'vitest';
import { parseDesign } from '../../../harness/scenario/load.ts';
import { designText } from '../../support/designs.ts';
import { outcome } from '../../support/refusal.ts';

const TEXT = designText('dual-origin').text;
const PLACE = 'zone: z, operator: o, country: FR';

const refusal = (from: string, to: string, without = ''): string => {
  expect(TEXT).toContain(from);
  return outcome(() => parseDesign(TEXT.replace(from, to).replace(without, ''), 'd.yaml'));
};

describe('a design with several stages of a role', () => {
  test('says how its edge moves from one origin to the next', () => {
    const edge = parseDesign(TEXT, 'd.yaml').stages.find(({ role }) => role === 'edge');
    expect(edge).toMatchObject({ originFailover: { maxFails: 1, failTimeoutMs: 5_000 } });
  });

  test.each([
    [
      'with a second playout that no link joins',
      'origin-a:\n',
      `spare: { role: playout, ${PLACE} }\n  origin-a:\n`,
      /^1 problem[^]*d\.yaml:\d+:\d+ {2}stages\.spare: no link joins spare to the stages beside it/,
    ],
    [
      'with two playouts and no link from either',
      'origin-a:\n',
      `spare: { role: playout, ${PLACE} }\n  origin-a:\n`,
      /links: expected a link from each playout to transcoder: transcoder would take what playout and spare send/,
      '  connect-up: { from: playout, to: transcoder }\n',
    ],
    [
      'with an origin that no link joins while links join the other',
      '  connect-down-b: { from: transcoder, to: origin-b }\n',
      '',
      /no link joins origin-b to the stages beside it/,
    ],
    [
      'with two that steer',
      'origin-a:\n',
      `s: { role: steering, ${PLACE} }\n  t: { role: steering, ${PLACE} }\n  origin-a:\n`,
      /at most one stage with role: steering/,
    ],
    [
      'with a link to one that steers',
      'fetch-b: { from: origin-b, to: edge }',
      'fetch-b: { from: edge, to: origin-b }',
      /a link along playout -> transcoder -> origin -> edge/,
    ],
  ])('is refused %s', (_what, from, to, message, without = '') => {
    expect(refusal(from, to, without)).toMatch(message);
  });
});

describe('a design with several transcoders', () => {
  const PIPELINES = designText('two-pipelines').text;

  test.each([
    [
      'that are not in step with the clock',
      '    outputLocking: epoch\n',
      '',
      /stages\.transcoder-a: beside another transcoder: expected outputLocking: epoch/,
    ],
    [
      'one of which pauses',
      'outputLocking: epoch\n',
      'outputLocking: epoch\n    inputLossAction: pause\n',
      /stages\.transcoder-a: outputLocking: epoch and container: cmaf go with inputLossAction: emit/,
    ],
    [
      'that publish at the same origin',
      'publish-b: { from: transcoder-b, to: origin-b }',
      'publish-b: { from: transcoder-b, to: origin-a }',
      /links\.publish-b: origin-a takes what transcoder-a sends already: give each transcoder its own origin/,
    ],
    [
      'that publish at all origins, because no link says otherwise',
      /  publish-[^]*?\n  publish-.*\n/,
      '',
      /links: expected a link from each transcoder to its own origin/,
    ],
  ])('is refused with ones %s', (_what, from, to, message) => {
    expect(PIPELINES).toMatch(from);
    expect(() => parseDesign(PIPELINES.replace(from, to), 'd.yaml')).toThrow(message);
  });
});

describe('the shares of a stage that steers', () => {
  const EDGES = designText('multi-edge').text;
  const withShares = (shares: string) =>
    EDGES.replace('checkEvery: 1s # [C]', `checkEvery: 1s\n    shares: ${shares}`);

  test('are of its edges, and all of them together', () => {
    const { stages } = parseDesign(withShares('{ edge-a: 70%, edge-b: 30% }'), 'd.yaml');
    expect(stages.find(({ role }) => role === 'steering')).toMatchObject({
      shares: { 'edge-a': 0.7, 'edge-b': 0.3 },
    });
  });

  test.each([
    ['{ edge-a: 70%, edge-b: 20% }', /shares: expected shares of 100% together, got 90%/],
    [
      '{ edge-a: 70%, edge-c: 30% }',
      /shares\.edge-c: steering does not steer to edge-c; it steers to/,
    ],
    ['{ edge-a: 0.7, edge-b: 0.3 }', /expected a percentage such as 5%/],
    ['70%', /expected a share for each edge/],
  ])('%s is refused', (shares, says) => {
    expect(outcome(() => parseDesign(withShares(shares), 'd.yaml'))).toMatch(says);
  });
});
