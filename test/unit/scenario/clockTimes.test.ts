import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isoIn } from '../../../harness/kernel/zone.ts';
import type { Scenario } from '../../../harness/model/scenario.ts';
import { parseScenario } from '../../../harness/scenario/load.ts';
import { plan } from '../../../harness/scenario/plan.ts';
import { printPlan } from '../../../harness/scenario/printPlan.ts';
import { designTexts } from '../../support/designs.ts';
import { drill } from '../../support/drill.ts';
import { refusal } from '../../support/refusal.ts';

const designs = designTexts('single-access');
const HEAD = drill().replace('drill', 'window');
const CUT = 'links: [connect-up], cut: drop';

const read = (text: string): Scenario => parseScenario(HEAD + text, 's.yaml', designs);

/** One window a line, as flow mappings. */
const windows = (...entries: string[]): string =>
  `windows:\n${entries.map((entry, i) => `  - { name: w${i}, owner: me, ${entry} }\n`).join('')}`;

const PARIS = 'zone: Europe/Paris\n';

const refused = (text: string): string => refusal(() => read(text)).message;

describe('windows by the clock', () => {
  test('start when their time is, counted from the first work', () => {
    const text = windows(
      `work: { at: 2025-09-12T22:10, for: 1h, ${CUT} }`,
      `announced: { from: 2025-09-12T21:00, for: 4h }, work: { at: 2025-09-12T22:00, for: 5m, ${CUT} }`,
    );
    const { clock, zone, windows: read_ } = read(PARIS + text);
    expect({ clock, zone }).toEqual({ clock: '2025-09-12T22:00:00+02:00', zone: 'Europe/Paris' });
    expect(read_.map(({ work }) => work.atMs)).toEqual([600_000, 0]);
    expect(read_[1]).toMatchObject({ announcedFromMs: -3_600_000, announcedForMs: 14_400_000 });
  });

  test('start counted from the clock of the scenario where it has one', () => {
    const text = windows(`work: { at: 2025-09-12T22:10, for: 1h, ${CUT} }`);
    const scenario = read(`${PARIS}clock: 2025-09-12T22:00\n${text}`);
    expect(scenario.clock).toBe('2025-09-12T22:00:00+02:00');
    expect(scenario.windows[0]?.work.atMs).toBe(600_000);
  });

  test('are read by the clock of their owner, or with an offset of their own', () => {
    const text = windows(
      `work: { at: 2025-09-12T22:00, for: 1h, ${CUT} }`,
      `zone: UTC, work: { at: 2025-09-12T20:30, for: 1h, links: [connect-down], cut: hold }`,
      `work: { at: "2025-09-12T21:00:30Z", for: 1m, ${CUT} }`,
    );
    expect(read(PARIS + text).windows.map(({ work }) => work.atMs / 60_000)).toEqual([0, 30, 60.5]);
  });

  test('last until an end by the clock, over the night in which it changes', () => {
    const text = windows(
      `announced: { from: 2026-03-28T23:00, end: 2026-03-29T06:00, on: 2026-03-01T09:00 },` +
        ` work: { at: 2026-03-29T01:30, end: 2026-03-29T03:30, ${CUT} }`,
    );
    const [window] = read(PARIS + text).windows;
    expect(window?.work.forMs).toBe(3_600_000);
    expect(window).toMatchObject({ announcedForMs: 6 * 3_600_000 });
    expect(window?.announcedOn).toBe('2026-03-01T09:00:00+01:00');
  });

  test('stand beside relative ones, which count from the same start', () => {
    const text = windows(
      `work: { at: 2025-09-12T22:00, for: 1h, ${CUT} }`,
      `work: { at: 10m, end: 2025-09-12T22:30, links: [connect-down], cut: drop }`,
    );
    expect(read(PARIS + text).windows[1]?.work).toMatchObject({ atMs: 600_000, forMs: 1_200_000 });
  });

  test('show both times in the plan, with the date of another day', () => {
    const text = windows(`work: { at: 2026-03-28T23:30, for: 5h, ${CUT} }`);
    const scenario = read(PARIS + text);
    const printed = printPlan(plan(scenario, { compress: 60, seed: 1 }));
    expect(printed).toContain('time zero is 2026-03-28T23:30:00+01:00 (Europe/Paris)');
    expect(printed).toMatch(/\+0ms +│ \+0ms +│ 23:30:00 +│ w0:inject/);
    expect(printed).toMatch(/\+5m +│ \+5h +│ 2026-03-29 05:30:00 +│ w0:heal/);
  });

  test('show both times without a table where the terminal is too narrow for one', () => {
    const text = windows(`work: { at: 2026-03-28T23:30, for: 5h, ${CUT} }`);
    const printed = printPlan(plan(read(PARIS + text), { compress: 60, seed: 1 }), 50);
    expect(printed).toContain('+5m  +5h  2026-03-29 05:30:00  w0:heal\n    everything passes');
    expect(
      Math.max(
        ...printed
          .split('\n')
          .filter((l) => /[│─]/.test(l))
          .map((l) => l.length),
      ),
    ).toBe(50);
  });

  test('say the same as relative ones, whenever and wherever that is', () => {
    const zones = fc.constantFrom('Europe/Paris', 'UTC', 'America/New_York', 'Asia/Kolkata');
    const instant = fc.integer({ min: 1_600_000_000, max: 1_900_000_000 }).map((s) => s * 1000);
    fc.assert(
      fc.property(
        zones,
        instant,
        fc.nat(86_400),
        fc.integer({ min: 1, max: 86_400 }),
        (...drawn) => {
          const [zone, zeroMs, atS, forS] = drawn;
          const iso = (seconds: number) => isoIn(zeroMs + seconds * 1000, zone);
          const text = `clock: "${iso(0)}"\n${windows(
            `work: { at: "${iso(atS)}", end: "${iso(atS + forS)}", ${CUT} }`,
          )}`;
          const { work } = read(text).windows[0]!;
          expect(work).toMatchObject({ atMs: atS * 1000, forMs: forS * 1000 });
        },
      ),
      { numRuns: 50 },
    );
  });
});

describe('clock times that cannot be', () => {
  const work = (times: string) => windows(`work: { ${times}, ${CUT} }`);

  test.each([
    [
      'that are skipped',
      PARIS + work('at: 2026-03-29T02:30, for: 1h'),
      /2026-03-29T02:30 does not exist in Europe\/Paris: the clocks go forward/,
    ],
    [
      'that come twice',
      PARIS + work('at: 2025-10-26T02:30, for: 1h'),
      /happens twice .* \(\+02:00 or \+01:00\)/,
    ],
    [
      'without a zone',
      work('at: 2025-09-12T22:00, for: 1h'),
      /is a clock time without a time zone\. Say which clock/,
    ],
    [
      'that are none',
      PARIS + work('at: 2025-02-30T22:00, for: 1h'),
      /2025-02-30T22:00 is no clock time/,
    ],
    [
      'before the scenario begins',
      `${PARIS}clock: 2025-09-12T22:00\n${work('at: 2025-09-12T21:00, for: 1h')}`,
      /2025-09-12T21:00 is before 2025-09-12T22:00:00\+02:00, the clock of the scenario/,
    ],
    [
      'in another year',
      `${PARIS}clock: 2025-09-12T22:00\n${work('at: 2026-09-12T22:00, for: 1h')}`,
      /more than 30 days from/,
    ],
    [
      'that end before they begin',
      PARIS + work('at: 2025-09-12T22:00, end: 2025-09-12T21:00'),
      /work\.end: 2025-09-12T21:00 is not after its start/,
    ],
    [
      'with a length and an end',
      PARIS + work('at: 2025-09-12T22:00, for: 1h, end: 2025-09-12T23:00'),
      /work\.end: expected exactly one of for, end/,
    ],
    [
      'with neither',
      PARIS + work('at: 2025-09-12T22:00'),
      /expected exactly one of for, end, got none/,
    ],
    [
      'with an end and no clock',
      work('at: 10m, end: "2025-09-12T23:00+02:00"'),
      /an end by the clock goes with a start by the clock/,
    ],
    [
      'with an end that is a length',
      PARIS + work('at: 2025-09-12T22:00, end: 1h'),
      /work\.end: expected a time such as/,
    ],
    [
      'in a zone that is none',
      `zone: Europe/Pariss\n${work('at: 2025-09-12T22:00, for: 1h')}`,
      /s\.yaml:6:7 {2}zone: no time zone is called Europe\/Pariss/,
    ],
  ])('%s are refused with their line', (_, text, message) => {
    const said = refused(text);
    expect(said).toMatch(message);
    expect(said).toMatch(/^1 problem in s\.yaml\n {2}s\.yaml:\d+:\d+ /);
  });

  test('are refused where a variant says them', () => {
    const text = `${PARIS}${work('at: 2025-09-12T22:00, for: 1h')}variants:\n  late: { windows: { w0: { work: { at: 2026-03-29T02:30 } } } }\n`;
    expect(refused(text)).toMatch(
      /s\.yaml:10:\d+ {2}variants\.late\.windows\.w0\.work\.at: .* skipped/,
    );
  });

  test('work outside of what was announced is refused as with relative times', () => {
    const text = windows(
      `announced: { from: 2025-09-12T22:00, for: 1h }, work: { at: 2025-09-12T23:30, for: 1h, ${CUT} }`,
    );
    expect(refused(PARIS + text)).toContain('inside the announced interval');
  });
});

describe('faults by the clock', () => {
  const fault = (entry: string) => `faults:\n  - { name: f, ${entry}, ${CUT} }\n`;

  test('start, end and come again when their times are', () => {
    const text = fault(
      'at: 2025-09-12T22:10, end: 2025-09-12T22:40, every: 1h, until: 2025-09-13T00:30',
    );
    const scenario = read(`${PARIS}clock: 2025-09-12T22:00\n${text}`);
    expect(scenario.faults[0]).toMatchObject({
      start: { kind: 'at', at: { fromMs: 600_000, toMs: 600_000 } },
      length: { fromMs: 1_800_000, toMs: 1_800_000 },
      repeat: { untilMs: 9_000_000 },
    });
    const { actions } = plan(scenario, { compress: 1, seed: 1 });
    expect(actions.map(({ atMs }) => atMs / 60_000)).toEqual([10, 40, 70, 100, 130, 160]);
  });

  test('give the scenario its clock where nothing else does, the first of them', () => {
    const two = `${fault('at: 2025-09-12T22:10, for: 5m')}  - { name: g, at: 2025-09-12T22:00, for: 5m, ${CUT} }\n`;
    const scenario = read(PARIS + two);
    expect(scenario.clock).toBe('2025-09-12T22:00:00+02:00');
    expect(scenario.faults[0]?.start).toMatchObject({ at: { fromMs: 600_000 } });
  });

  test('are read by a clock of their own', () => {
    const text = fault('zone: UTC, at: 2025-09-12T20:30, for: 5m');
    const scenario = read(`${PARIS}clock: 2025-09-12T22:00\n${text}`);
    expect(scenario.faults[0]?.start).toMatchObject({ at: { fromMs: 1_800_000 } });
  });

  const CLOCK = `${PARIS}clock: 2025-09-12T22:00\n`;
  test.each([
    ['at: 2025-09-12T21:00, for: 5m', /faults\[0\].at: .* is before/],
    ['at: 2025-09-12T22:10, end: 2025-09-12T22:00', /faults\[0\].end: .* is not after its start/],
    ['at: 0s, for: 5m, end: 2025-09-12T23:00', /end: expected exactly one of for, end/],
    ['at: 0s', /expected exactly one of for, end, got none/],
    ['at: 1m..2m, end: 2025-09-12T23:00', /end: goes with one time of start/],
    ['after: g.end, end: 2025-09-12T23:00', /end: goes with a time of start/],
    ['at: 2025-09-12T22:10, end: 10m', /end: expected a time such as/],
    ['at: 0s, for: 5m, every: 1h, until: 2025-09-12T21:00', /until: .* is before/],
    ['zone: Mars/Here, at: 2025-09-12T22:10, for: 5m', /no time zone is called Mars\/Here/],
  ])('are refused with their line: %s', (entry, message) => {
    const g = `  - { name: g, at: 0s, for: 1s, ${CUT} }\n`;
    expect(refused(`${CLOCK}${fault(entry)}${g}`)).toMatch(message);
  });
});

describe('viewers by the clock', () => {
  const work = windows(`work: { at: 2025-09-12T22:00, for: 1h, ${CUT} }`);
  const groups = (entry: string) => `viewers:\n  - { name: g, count: 2, ${entry} }\n`;

  test('come and go when their times are, alone or drawn between two', () => {
    const entry =
      'joins: 2025-09-12T22:05, leaves: 2025-09-12T22:10..2025-09-12T22:20,' +
      ' returns: { from: 2025-09-12T22:30, to: "2025-09-12T20:40Z" }';
    const { viewers } = read(PARIS + groups(entry) + work);
    const minutes = (from: number, to = from) => ({ fromMs: from * 60_000, toMs: to * 60_000 });
    const drawn = { joins: minutes(5), leaves: minutes(10, 20), returns: minutes(30, 40) };
    expect(viewers).toMatchObject([drawn]);
    const one = read(`${PARIS}viewers: { leaves: { at: 2025-09-12T22:10 } }\n${work}`);
    expect(one.viewers).toMatchObject({ leaves: minutes(10) });
  });

  test('are shown in the plan with that time', () => {
    const scenario = read(PARIS + groups('leaves: 2025-09-12T22:10') + work);
    const printed = printPlan(plan(scenario, { compress: 60, seed: 1 }));
    expect(printed).toContain('  +10s  22:10:00  v1, v2: leave');
  });

  test.each([
    ['joins: 2025-09-12T21:00', /viewers\[0\]\.joins: .* is before/],
    ['joins: "22:05"', /viewers\[0\]\.joins: expected a time such as .*2025-09-12T22:05/],
    ['leaves: 2025-09-12T23:30', /viewers\[0\]\.leaves: leaves at 1h 30m, after the last fault/],
    ['leaves: { at: 2025-09-12T25:30 }', /viewers\[0\]\.leaves\.at: .* no clock time/],
    ['leaves: 2025-09-12T22:20..2025-09-12T22:10', /leaves: .*expected the shorter duration first/],
  ])('are refused with their line: %s', (entry, message) => {
    expect(refused(PARIS + groups(entry) + work)).toMatch(message);
  });

  test('say that they need a clock where the scenario has none', () => {
    const fault = `faults:\n  - { name: f, at: 0s, for: 5m, ${CUT} }\n`;
    const said = refused(PARIS + groups('leaves: 2025-09-12T22:10') + fault);
    expect(said).toMatch(/viewers\[0\]\.leaves: a time by the clock goes with clock: above/);
  });
});

test('a fault may be drawn between two times by the clock, of which the first counts', () => {
  const at = '2025-09-12T22:10..2025-09-12T22:20';
  const scenario = read(`${PARIS}faults:\n  - { name: f, at: ${at}, for: 5m, ${CUT} }\n`);
  expect(scenario.clock).toBe('2025-09-12T22:10:00+02:00');
  expect(scenario.faults[0]?.start).toEqual({ kind: 'at', at: { fromMs: 0, toMs: 600_000 } });
});
