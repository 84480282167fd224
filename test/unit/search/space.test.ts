// Tests the space of a search: what knobs set, which designs are alike, and what is refused.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { KNOBS } from '../../../harness/scenario/knobs.ts';
import { openScenario } from '../../../harness/scenario/openScenario.ts';
import {
  build,
  sumCosts,
  distinctDesigns,
  readSpace,
  chooseWords,
  type Built,
} from '../../../harness/search/space.ts';
import { folderForAll } from '../../support/folders.ts';

const folder = folderForAll();

const FAULT = '{ name: cut, at: 2s, for: 10s, links: [connect-down], cut: drop }';

async function opened(knobs: string, { fault = FAULT, design = 'single-access' } = {}) {
  const file = join(folder, 'one.yaml');
  writeFileSync(
    file,
    `name: one
title: A search
kind: drill
design: ${design}
faults: [${fault}]
expect: [recovered == 100%]
search:
  limits: [p99(blackScreen) < 5s]
  knobs: ${knobs}
`,
  );
  const read = await openScenario(file, {});
  return { read, space: readSpace(read) };
}

const nothingRefused = () => [];

describe('knobs', () => {
  test.each([
    ['segment', '6s', ({ design }) => design.media.segmentMs, 6_000],
    ['holdBack', '5', ({ viewers }) => viewers, { config: { liveSyncDurationCount: 5 } }],
    ['whenStale', '503', ({ design }) => design.stages, [{}, {}, { whenStale: '503' }, {}]],
    ['errorTtl', '2s', ({ design }) => design.stages, [{}, {}, {}, { errorTtlMs: 2_000 }]],
    ['collapse', 'false', ({ design }) => design.stages, [{}, {}, {}, { collapse: false }]],
    [
      'fill',
      'slate',
      ({ design }) => design.stages,
      [{}, { inputLoss: { then: 'slate' } }, {}, {}],
    ],
    ['jitter', '1m', ({ viewers }) => viewers, { policy: { delayMs: 5_000, jitterMs: 60_000 } }],
    ['design', 'stale-404', ({ design }) => design.name, 'stale-404'],
  ] as [string, string, (scenario: Built['scenario']) => unknown, unknown][])(
    '%s: %s is set where it is written',
    async (name, word, read, expected) => {
      const { read: file } = await opened('{}');
      const built = build(file, { [name]: word }) as Built;
      expect(read(built.scenario)).toEqual(
        typeof expected === 'object' ? expect.anything() : expected,
      );
      expect({ at: read(built.scenario) }).toMatchObject({ at: expected });
    },
  );

  test('paths and BFD are those of every access', async () => {
    const { read } = await opened('{}', { design: 'dual-access-bfd' });
    const pathsWith = (words: Record<string, string>) =>
      (build(read, words) as Built).scenario.design.accesses![0]!.paths;
    expect(pathsWith({ paths: 'leg-b' }).map(({ name }) => name)).toEqual(['leg-b']);
    expect(pathsWith({ bfd: 'off' }).every((path) => !('bfd' in path && path.bfd))).toBe(true);
    expect(build(read, { paths: 'leg-c' })).toMatchObject({ problems: [{}] });
  });

  test('each has a line about it', () => {
    for (const { about } of Object.values(KNOBS)) expect(about).toMatch(/\.$/);
  });
});

test('a space is every combination; costs add up; the cheapest of those alike is one design', async () => {
  const { read, space } = await opened(
    '{ segment: { 2s: 3, 4s: 0.1 }, onFatal: { none: 0, reload: 1 }, jitter: { 5s: 0.2, 10s: 0 } }',
  );
  expect(space.size).toBe(8);
  const { designs, sum } = distinctDesigns(read, space, nothingRefused);
  // An application that does nothing has no jitter.
  expect(designs).toHaveLength(6);
  expect(designs.map((one) => sumCosts(space, one))).toEqual([3, 4.2, 4, 0.1, 1.3, 1.1]);
  expect(chooseWords(space, designs[0]!)).toEqual({
    segment: '2s',
    onFatal: 'none',
    jitter: '10s',
  });
  const another = await opened('{ segment: { 2s: 3, 4s: 0.2 }, onFatal: { none: 0, reload: 1 } }');
  const again = await opened('{ segment: { 2s: 3, 4s: 0.1 }, onFatal: { none: 0, reload: 1 } }');
  const sumOf = (one: typeof again) => distinctDesigns(one.read, one.space, nothingRefused).sum;
  expect(new Set([sum, sumOf(another), sumOf(again)]).size).toBe(3);
  expect(sumOf(again)).toBe(sumOf(again));
});

describe('refused, at its place in the file', () => {
  test.each([
    ['an unknown knob', '{ segmnt: [2s] }', /unknown key segmnt; did you mean segment/],
    ['a knob without a value', '{ segment: [] }', /expected at least one value/],
    ['a cost without end', '{ segment: { 2s: 1e308 } }', /expected a cost from 0 to/],
    ['a negative cost', '{ segment: { 2s: -1 } }', /expected a cost from 0 to/],
    ['a value twice', '{ segment: [2s, 2s] }', /a value is there twice/],
  ])('%s', async (_, knobs, message) => {
    await expect(opened(knobs)).rejects.toThrow(message);
  });

  test.each([
    [
      'a value that the design does not take',
      '{ segment: [2s, 0s] }',
      /knobs\.segment.*above zero/,
    ],
    ['a negative capacity', '{ capacity: [-5] }', /expected requests a second above 0/],
    ['a knob that acts on nothing', '{ bfd: [off, 300ms] }', /bfd.*nothing in the design takes it/],
    [
      'two that contradict each other',
      '{ holdBack: [3, 6], playlist: [6, 12] }',
      /playlist\.6: contradicts holdBack: 6; .*fewer than the 6 segments of a playlist/,
    ],
  ])('%s', async (_, knobs, message) => {
    const { read, space } = await opened(knobs);
    expect(() => distinctDesigns(read, space, nothingRefused)).toThrow(message);
  });

  test('what agents cannot play, by the value that asks for it', async () => {
    const { read, space } = await opened('{ design: [single-access, stale-404] }');
    const refuse = (scenario: Built['scenario']) =>
      scenario.design.name === 'stale-404' ? [{ path: ['design'], message: 'two origins' }] : [];
    expect(() => distinctDesigns(read, space, refuse)).toThrow(
      /knobs\.design\.stale-404: design: two origins/,
    );
  });

  test('a limit that cannot be read', async () => {
    const { read } = await opened('{}');
    expect(() => readSpace(read, ['p99(blackscreen) < 5s'])).toThrow(
      /expected one of .*blackScreen/,
    );
  });
});
