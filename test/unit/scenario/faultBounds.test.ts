// Where each kind of fault ends: the last value that is taken, the first that is refused, and its place.

import { describe, expect, test } from 'vitest';
import { parseScenario } from '../../../harness/scenario/load.ts';
import { designTexts } from '../../support/designs.ts';
import { drill } from '../../support/drill.ts';
import { outcome } from '../../support/refusal.ts';

const DESIGNS = designTexts('single-access', 'single-access-cmaf', 'dual-access-bgp', 'vpn-backup');

/** The problems of a fault of ten seconds, each with its place in the fault; `accepted` where there are none. */
const problems = (written: string, design: keyof typeof DESIGNS = 'single-access'): string => {
  const text = drill(`faults: [{ name: f, at: 0s, for: 10s, ${written} }]\n`, design);
  const message = outcome(() => parseScenario(text, 's.yaml', DESIGNS));
  return message.replaceAll(/^.*(?:faults\[0\]\.?|problems? in s\.yaml\n)/gm, '');
};

describe('a fault of a link', () => {
  const on = (written: string) => problems(`links: [connect-up], ${written}`);

  test('narrows from a wider bandwidth, and back to one', () => {
    const from = 'ramp: expected from: a wider bandwidth to shrink from, such as 2M';
    const slope = (more: string) => on(`bandwidth: 400k, ramp: { over: 5s${more} }`);
    expect([slope(''), slope(', from: 400k'), slope(', from: 401k')]).toEqual([
      from,
      from,
      'accepted',
    ]);
    const way = on('bandwidth: 400k, ramp: { over: 5s, from: 2M }, fall: { over: 5s, to: 400k }');
    expect(way).toBe('fall: expected to: a wider bandwidth to grow back to, such as 2M');
  });

  test('comes at most as much earlier as it is late', () => {
    expect(on('latency: { delay: 1s, jitter: 1s }')).toBe('accepted');
    expect(on('latency: { delay: 1s, jitter: 1001ms }')).toMatch(/^latency: expected a jitter of/);
  });

  test('may lose everything, but for in bursts', () => {
    expect(on('loss: { share: 100% }')).toBe('accepted');
    expect(on('loss: { share: 100%, burst: 1s }')).toMatch(/^loss: bursts need a share above 0%/);
  });

  test.each([
    ['bandwidth: lots', /^bandwidth: expected [^\n]*got "lots"$/],
    ['latency: { delay: long }', /^latency\.delay: expected [^\n]*got "long"$/],
    ['loss: { share: much }', /^loss\.share: expected [^\n]*got "much"$/],
    ['cut: maybe', /^cut: expected one of hold, drop, refuse, reset, got "maybe"$/],
  ])('that cannot be read is told alone: %s', (written, message) => {
    expect(on(written)).toMatch(message);
  });
});

describe('a fault of a path', () => {
  const on = (written: string) => problems(`paths: [leg-a], ${written}`, 'dual-access-bgp');
  const nothing = /^degraded: expected a loss above 0%, or a capacity below 100%/;
  const down = /^degraded: expected a loss below 100% and .* what passes nothing is state: down/;

  test.each([
    ['{}', nothing],
    ['{ loss: 0%, capacity: 100% }', nothing],
    ['{ loss: 100% }', down],
    ['{ capacity: 0% }', down],
    ['{ loss: 99%, capacity: 1% }', /^accepted$/],
  ])('degrades it, and neither leaves it as it is nor takes it away: %s', (degraded, message) => {
    expect(on(`degraded: ${degraded}`)).toMatch(message);
  });

  test.each([
    ['state: down', { kind: 'down' }],
    ['state: dark', { kind: 'dark' }],
    ['state: withdrawn', { kind: 'withdrawn' }],
    ['state: tested', { kind: 'tested' }],
    ['state: advertises-nothing', { kind: 'filtered', filter: 'advertises-nothing' }],
    ['state: drops-traffic', { kind: 'filtered', filter: 'drops-traffic' }],
    ['degraded: { loss: 1% }', { kind: 'degraded', lossShare: 0.01, capacityShare: 1 }],
  ])('is read: %s', (written, happens) => {
    const text = `faults: [{ name: f, at: 0s, for: 10s, paths: [leg-a], ${written} }]\n`;
    const { faults } = parseScenario(drill(text, 'dual-access-bgp'), 's.yaml', DESIGNS);
    expect(faults[0]?.fault).toEqual({ kind: 'path', paths: ['leg-a'], happens });
  });

  test('takes some of its ports or tunnels down', () => {
    const text = 'faults: [{ name: f, at: 0s, for: 1s, paths: [vpn], state: down, members: 1 }]\n';
    const { faults } = parseScenario(drill(text, 'vpn-backup'), 's.yaml', DESIGNS);
    expect(faults[0]?.fault).toMatchObject({ happens: { kind: 'down', members: 1 } });
  });
});

describe('a fault of a stage', () => {
  test.each([
    ['playout', 'timestampJump: 1s', 'accepted'],
    ['playout', 'timestampJump: -8h', 'accepted'],
    ['playout', 'timestampJump: 8h', 'accepted'],
    ['playout', 'timestampJump: 28800001ms', 'timestampJump: expected at most 8h either way'],
    ['playout', 'timestampJump: -999ms', 'timestampJump: expected at least 1s, or -1s for back'],
    ['transcoder', 'clockSkew: 1s', 'accepted'],
    ['transcoder', 'clockSkew: -1s', 'accepted'],
    ['transcoder', 'clockSkew: 999ms', 'clockSkew: expected at least 1s, or -1s for back'],
    ['playout', 'resolution: 160x90', 'accepted'],
    ['playout', 'resolution: 160x34', 'resolution: too small: nobody could read the frame clock'],
  ])('at %s, %s', (stage, written, message) => {
    expect(problems(`stages: [${stage}], ${written}`)).toBe(message);
  });

  test.each([
    ['playout', 'timestampJump: soon', /^timestampJump: expected [^\n]*got "soon"$/],
    ['playout', 'resolution: big', /^resolution: expected [^\n]*got "big"$/],
    ['transcoder', 'clockSkew: late', /^clockSkew: expected [^\n]*got "late"$/],
    ['transcoder', 'squeeze: { cpus: few }', /^squeeze\.cpus: expected [^\n]*got "few"$/],
    ['edge', 'http: { rung: best, status: 503 }', /^http\.rung: expected [^\n]*got "best"$/],
  ])('that cannot be read is told alone: at %s, %s', (stage, written, message) => {
    expect(problems(`stages: [${stage}], ${written}`)).toMatch(message);
  });

  test('is held against no design that cannot be read', () => {
    const text = DESIGNS['single-access'].text.replace(/^media:/m, 'mediums:');
    const broken = { 'single-access': { file: 'd.yaml', text } };
    const told = (written: string) =>
      outcome(() =>
        parseScenario(
          drill(`faults: [{ name: f, at: 0s, for: 10s, ${written} }]\n`),
          's.yaml',
          broken,
        ),
      );
    expect(told('stages: [playout], resolution: 160x90')).not.toContain('s.yaml:');
    expect(told('stages: [edge], http: { rung: 20, status: 503 }')).not.toContain('s.yaml:');
  });
});

describe('a wrong answer', () => {
  const at = (stage: string, written: string, design?: keyof typeof DESIGNS) =>
    problems(`stages: [${stage}], http: { ${written} }`, design);

  test.each([
    ['truncated: 99%', /^accepted$/],
    ['truncated: 100%', /^http\.truncated: expected a percentage below 100%/],
    ['corrupt: 100%', /^accepted$/],
    ['corrupt: 0%', /^http\.corrupt: /],
    ['of: segment, gap: 2', /^http\.gap: gap is of a media playlist: of playlist or any$/],
    [
      'of: multivariant, cycle: [{ for: 1s }, { for: 1s, wrong: stale }]',
      /^http\.cycle\[1\]\.wrong: stale is of a media playlist: of playlist or any$/,
    ],
    ['of: segment, cycle: [{ for: 1s }, { for: 1s, wrong: hang }]', /^accepted$/],
    [
      'cycle: [{ for: 1s }, { for: 1s, status: 503, slow: 1s }]',
      /^http\.cycle\[1\]: expected exactly one of .* got status and slow$/,
    ],
    ['cycle: [{ for: 1s }, { for: 1s }]', /^http\.cycle: every step of the cycle is healthy$/],
    ['cycle: [{ for: 9s, status: 503 }, { for: 1s }]', /^accepted$/],
    [
      'cycle: [{ for: 10s, status: 503 }, { for: 1s }]',
      /^http\.cycle\[1\]: expected a cycle that the fault is long enough for: this step never begins$/,
    ],
  ])('of an edge: %s', (written, message) => {
    expect(at('edge', written)).toMatch(message);
  });

  test.each([
    ['of: upload, status: 503', 'accepted'],
    ['of: upload, wrong: hang', 'accepted'],
    ['of: upload, slow: 1s', 'http.of: an upload can be answered with status or hang only'],
    ['of: upload, wrong: empty', 'http.of: an upload can be answered with status or hang only'],
    ['of: upload, status: 503, rung: 0', 'http.rung: rung does not go with of: upload'],
    ['of: upload, status: 503, every: 2', 'http.every: every does not go with of: upload'],
    ['of: upload, status: 503, ratio: 50%', 'http.ratio: ratio does not go with of: upload'],
  ])('to what an origin is put: %s', (written, message) => {
    expect(at('origin', written)).toBe(message);
  });

  test('to an upload is given by who is put to, and not by who asks', () => {
    expect(at('edge', 'of: upload, status: 503')).toBe(
      'http.of: nobody uploads to edge, which asks for what it serves: name an origin',
    );
  });

  test.each([
    ['corrupt: 10%', 'http.corrupt: corrupt needs a design with media.container: ts'],
    ['every: 2, status: 404', 'http.every: every needs a design with media.container: ts'],
    [
      'cycle: [{ for: 1s }, { for: 1s, corrupt: 10% }]',
      'http.cycle[1].corrupt: corrupt needs a design with media.container: ts',
    ],
    ['truncated: 10%', 'accepted'],
  ])('of fragmented MP4: %s', (written, message) => {
    expect(at('edge', written, 'single-access-cmaf')).toBe(message);
  });

  test('is of a rendition that there is; fragmented MP4 has its sound behind them', () => {
    const none = (last: number) =>
      `http.rung: the design has renditions 0 to ${last}: this one is never asked for`;
    const rung = (number: number, design?: keyof typeof DESIGNS) =>
      at('edge', `rung: ${number}, status: 404`, design);
    expect([rung(1), rung(2)]).toEqual(['accepted', none(1)]);
    expect([rung(2, 'single-access-cmaf'), rung(3, 'single-access-cmaf')]).toEqual([
      'accepted',
      none(2),
    ]);
  });

  test.each([
    ['of: playlist, wrong: no-discontinuity', /^accepted$/],
    ['of: playlist, gap: 2', /^accepted$/],
    ['of: playlist, wrong: sequence-reset', /^ramp: .*: sequence-reset would begin again with/],
  ])('grows in steps where a step does not begin it again: %s', (written, message) => {
    expect(problems(`stages: [edge], http: { ${written} }, ramp: { over: 5s }`)).toMatch(message);
  });
});
