import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sumCutMs } from '../../../harness/model/cutTime.ts';
import { occurrenceId, type Plan, type PlannedAction } from '../../../harness/model/plan.ts';
import type { Scenario } from '../../../harness/model/scenario.ts';
import { parseScenario } from '../../../harness/scenario/load.ts';
import { plan } from '../../../harness/scenario/plan.ts';
import { printPlan } from '../../../harness/scenario/printPlan.ts';
import { designTexts } from '../../support/designs.ts';
import { drill } from '../../support/drill.ts';

const designs = designTexts('single-access');
const read = (text: string): Scenario => parseScenario(drill(text), 's.yaml', designs);
const planned = (text: string, options = { compress: 1, seed: 1 }): Plan =>
  plan(read(text), options);

/** On a design with a link that carries all channels together. */
function onWan(text: string): Plan {
  const wan = `${designs['single-access'].text.trimEnd()}\n  wan: { from: origin, to: edge }\n`;
  const scenario = parseScenario(drill(text), 's.yaml', {
    'single-access': { text: wan, file: 'with-wan.yaml' },
  });
  return plan(scenario, { compress: 1, seed: 1 });
}

/** `+90s work:heal:one` */
const shown = ({ actions }: Plan): string[] =>
  actions.map(({ atMs, id }) => `+${atMs / 1000}s ${id}`);
const faults = (...entries: string[]): string =>
  `faults:\n${entries.map((entry) => `  - { ${entry} }\n`).join('')}`;
const CUT = 'links: [connect-up], cut: hold';

const WORK = `
windows:
  - name: work
    owner: somebody
    work: { at: 1m, for: 10m, links: [connect-up, connect-down], cut: drop }
    overrun: 2m
    restore: { order: [two], pace: 1m }
`;

describe('a window', () => {
  test('takes everything away at once, overruns, and gives channels back in steps', () => {
    const { actions, cutMs, disruptMs } = planned(WORK);
    expect(shown(planned(WORK))).toEqual([
      '+60s work:inject',
      '+780s work:heal:two',
      '+840s work:heal:one',
    ]);
    expect(actions.map(({ fault }) => fault.channels)).toEqual([['one', 'two'], ['two'], ['one']]);
    expect(disruptMs).toBe(840_000);
    expect(cutMs).toBe(780_000);
  });

  test('gives a link that all channels share back with the last of them', () => {
    const text = WORK.replace('[connect-up, connect-down]', '[connect-up, wan]');
    const { actions } = onWan(text);
    expect(actions.map(({ id, atMs, fault }) => [id, atMs / 1000, fault.links])).toEqual([
      ['work:inject', 60, ['connect-up', 'wan']],
      ['work:heal:two', 780, ['connect-up']],
      ['work:heal:one', 840, ['connect-up']],
      ['work:heal', 840, ['wan']],
    ]);
    expect(actions.at(-1)?.fault.channels).toEqual(['one', 'two']);
    expect(shown(onWan(text.replace('connect-up, ', '')))).toEqual([
      '+60s work:inject',
      '+840s work:heal',
    ]);
  });

  test('cannot take a link that all channels share away from one of them', () => {
    const text = WORK.replace('[connect-up, connect-down]', '[wan], channels: [one]');
    expect(() => onWan(text)).toThrow(
      /s\.yaml:\d+:\d+ {2}windows\[0\]\.work\.channels: wan carries all channels together/,
    );
  });

  test('gives everything back at once at a pace of nothing', () => {
    expect(shown(planned(WORK.replace('pace: 1m', 'pace: 0s')))).toEqual([
      '+60s work:inject',
      '+780s work:heal',
    ]);
  });

  test('that is rolled back ends when the rollback does', () => {
    const text = WORK.replace('overrun: 2m', 'rollback: { after: 4m, takes: 1m }');
    expect(shown(planned(text))[1]).toBe('+360s work:heal:two');
  });

  test('draws the order of channels from the seed', () => {
    const text = WORK.replace('[two]', 'random');
    const orders = new Set(
      Array.from({ length: 20 }, (_, seed) => shown(planned(text, { compress: 1, seed })).join()),
    );
    expect(orders.size).toBe(2);
  });
});

describe('compress', () => {
  test('divides the times of the scenario, and not the deadline to recover', () => {
    const compressed = planned(WORK, { compress: 60, seed: 1 });
    expect(shown(compressed)).toEqual([
      '+1s work:inject',
      '+13s work:heal:two',
      '+14s work:heal:one',
    ]);
    expect(compressed.actions.map(({ scenarioAtMs }) => scenarioAtMs)).toEqual([
      60_000, 780_000, 840_000,
    ]);
    expect(compressed.recoverWithinMs).toBe(60_000);
  });

  test('never lets a heal catch up with its inject', () => {
    const compressed = planned(faults(`name: f, at: 1m, for: 1ms, ${CUT}`), {
      compress: 3600,
      seed: 1,
    });
    expect(compressed.actions.map(({ atMs, does }) => [atMs, does])).toEqual([
      [17, 'inject'],
      [18, 'heal'],
    ]);
  });
});

describe('the timeline', () => {
  test('starts a fault after another one or after a window', () => {
    const text =
      WORK +
      faults(
        `name: b, after: a.end + 30s, for: 1m, ${CUT}`,
        `name: a, after: work.overrun, for: 1m, ${CUT}`,
        `name: c, after: b.start, for: 1s, ${CUT}`,
      );
    expect(shown(planned(text)).filter((line) => line.endsWith('inject'))).toEqual([
      '+60s work:inject',
      '+660s a:inject',
      '+750s b:inject',
      '+750s c:inject',
    ]);
  });

  test('repeats a fault until, or so many times', () => {
    const until = planned(faults(`name: f, at: 1m, for: 10s, every: 1m, until: 3m, ${CUT}`));
    expect(shown(until)).toEqual([
      '+60s f:inject',
      '+70s f:heal',
      '+120s f#2:inject',
      '+130s f#2:heal',
      '+180s f#3:inject',
      '+190s f#3:heal',
    ]);
    const times = planned(faults(`name: f, at: 0s, for: 10s, every: 1m, times: 2, ${CUT}`));
    expect(times.actions.length).toBe(4);
    expect(new Set(times.actions.map(({ of }) => of))).toEqual(new Set(['f']));
  });

  test('draws what is a range from the seed: the same again, another with another', () => {
    const text = faults(`name: f, at: 1m..9m, for: 10s..50s, ${CUT}`);
    const at = (seed: number) => planned(text, { compress: 1, seed }).actions.map((a) => a.atMs);
    expect(at(7)).toEqual(at(7));
    expect(at(7)).not.toEqual(at(8));
    for (let seed = 0; seed < 50; seed++) {
      const [from = NaN, to = NaN] = at(seed);
      expect(from).toBeGreaterThanOrEqual(60_000);
      expect(from).toBeLessThanOrEqual(540_000);
      expect(to - from).toBeGreaterThanOrEqual(10_000);
      expect(to - from).toBeLessThanOrEqual(50_000);
    }
  });

  test('does not move one fault because another was added', () => {
    const one = `name: f, at: 1m..9m, for: 10s, ${CUT}`;
    const alone = planned(faults(one)).actions.find(({ id }) => id === 'f:inject');
    const beside = planned(faults(`name: a, at: 1m..9m, for: 10s, ${CUT}`, one));
    expect(beside.actions.find(({ id }) => id === 'f:inject')?.atMs).toBe(alone?.atMs);
  });

  test('flaps: on and off in turn, proven at its first inject and its last heal', () => {
    const { actions } = planned(
      faults(`name: f, at: 0s, for: 25s, flap: { on: 5s, off: 5s }, ${CUT}`),
    );
    expect(actions.map(({ atMs, does, prove }) => [atMs / 1000, does, prove ?? true])).toEqual([
      [0, 'inject', true],
      [5, 'heal', false],
      [10, 'inject', false],
      [15, 'heal', false],
      [20, 'inject', false],
      [25, 'heal', true],
    ]);
  });

  test('ramps: in equal steps to the full size, then stays', () => {
    const { actions } = planned(
      faults(
        'name: f, at: 0s, for: 1m, ramp: { over: 20s, steps: 2 }, links: [connect-up], latency: { delay: 100ms }',
      ),
    );
    const steps = actions.map(({ atMs, does, fault }) => [
      atMs / 1000,
      does,
      fault.kind === 'latency' && fault.delayMs,
    ]);
    expect(steps).toEqual([
      [0, 'inject', 50],
      [10, 'heal', 50],
      [10, 'inject', 100],
      [60, 'heal', 100],
    ]);
  });

  test('shrinks a bandwidth from where it was said to start', () => {
    const { actions } = planned(
      faults(
        'name: f, at: 0s, for: 1m, ramp: { over: 20s, steps: 2, from: 1M }, links: [connect-up], bandwidth: 400k',
      ),
    );
    expect(
      actions
        .filter(({ does }) => does === 'inject')
        .map(({ fault }) => fault.kind === 'bandwidth' && fault.rateKbps),
    ).toEqual([700, 400]);
  });
});

describe('the timeline is refused when', () => {
  test.each([
    ['something waits for itself', 'name: f, after: f.end', /f waits for f: a circle/],
    ['it waits for nothing known', 'name: f, after: g.end', /no window or fault is called g/],
    ['it waits for a fault to overrun', 'name: f, after: x.overrun', /only windows overrun/],
    ['it has no start', 'name: f', /exactly one of at, after, got none/],
    ['it has two starts', 'name: f, at: 0s, after: x.end', /got at and after/],
    ['it has no end', 'name: f, at: 0s, every: 1m', /until or times/],
    ['it overlaps itself', 'name: f, at: 0s, every: 5s, times: 2', /start again before it ended/],
    ['until stands alone', 'name: f, at: 0s, until: 5m', /until: goes with every/],
    [
      'a cut ramps',
      'name: f, at: 0s, ramp: { over: 1s }',
      /only bandwidth, http, latency, loss, degraded can grow and shrink/,
    ],
    ['a range is upside down', 'name: f, at: 5m..1m', /shorter duration first/],
  ])('%s', (_what, entry, message) => {
    const other = `name: x, at: 0s, for: 1s, ${CUT}`;
    expect(() => read(faults(`${entry}, for: 10s, ${CUT}`, other))).toThrow(message);
  });

  test('a circle goes through several', () => {
    const text = faults(
      `name: a, after: b.end, for: 1s, ${CUT}`,
      `name: b, after: c.end, for: 1s, ${CUT}`,
      `name: c, after: a.end, for: 1s, ${CUT}`,
    );
    expect(() => read(text)).toThrow(/a waits for b waits for c waits for a: a circle/);
  });

  test('a fault comes too often to read', () => {
    const text = faults(`name: f, at: 0s, for: 1s, every: 2s, until: 1d, ${CUT}`);
    expect(() => planned(text)).toThrow(/comes more than 500 times/);
  });

  test('two faults switch the same proxy off at once', () => {
    const refuse = 'links: [connect-up], cut: refuse';
    const text = faults(
      `name: a, at: 0s, for: 10s, ${refuse}`,
      `name: b, at: 5s, for: 10s, ${refuse}`,
    );
    expect(() => planned(text)).toThrow(/a and b are in force on the same link at the same time/);
  });
});

const seconds = (min: number, max: number) => fc.integer({ min, max }).map((s) => `${s}s`);
const randomFault = fc
  .record({
    at: seconds(0, 600),
    length: fc.integer({ min: 6, max: 300 }),
    extra: fc.constantFrom('', ', flap: { on: 3s, off: 2s }', ', every: 301s, times: 3'),
    channels: fc.constantFrom('', ', channels: [two]'),
    what: fc.constantFrom(
      'cut: hold',
      'cut: drop',
      'cut: reset',
      'bandwidth: 100k',
      'latency: { delay: 50ms }',
      'loss: { share: 5% }',
      'slice: { bytes: 100 }',
    ),
  })
  .map(
    ({ at, length, extra, channels, what }) =>
      (name: string) =>
        `name: ${name}, at: ${at}, for: ${length}s${extra}, links: [connect-up]${channels}, ${what}`,
  );
const randomScenario = fc
  .array(randomFault, { minLength: 1, maxLength: 5 })
  .map((entries) => read(WORK + faults(...entries.map((entry, i) => entry(`f${i}`)))));

describe('whatever the scenario', () => {
  const options = fc.record({
    compress: fc.integer({ min: 1, max: 300 }),
    seed: fc.nat(),
  });

  test('actions are sorted, have names of their own, and every inject is undone later, once', () => {
    fc.assert(
      fc.property(randomScenario, options, (scenario, { compress, seed }) => {
        const { actions, disruptMs } = plan(scenario, { compress, seed });
        const times = actions.map(({ atMs }) => atMs);
        expect(times).toEqual(times.toSorted((a, b) => a - b));
        expect(new Set(actions.map(({ id }) => id)).size).toBe(actions.length);
        expect(disruptMs).toBe(times.at(-1));
        for (const inject of actions.filter(({ does }) => does === 'inject')) {
          const heals = actions.filter(
            (a) => a.does === 'heal' && occurrenceId(a) === occurrenceId(inject),
          );
          expect(heals.flatMap(({ fault }) => fault.channels).toSorted()).toEqual(
            [...inject.fault.channels].toSorted(),
          );
          for (const heal of heals) {
            expect(heal.fault.links).toEqual(inject.fault.links);
            expect(heal.atMs).toBeGreaterThan(inject.atMs);
          }
        }
        expect(hurtAfter(actions)).toEqual([]);
        // Compressing k times divides every time by k, within a millisecond.
        const full = plan(scenario, { compress: 1, seed }).actions;
        const fullAtMs = new Map(full.map((a) => [a.id, a.atMs]));
        expect(actions.length).toBe(full.length);
        for (const { id, atMs } of actions)
          expect(Math.abs(atMs - (fullAtMs.get(id) ?? NaN) / compress)).toBeLessThanOrEqual(1);
      }),
      { numRuns: 60 },
    );
  });

  test('the cut is as long as what is in force of it, overlaps counted once', () => {
    fc.assert(
      fc.property(randomScenario, (scenario) => {
        const { actions, cutMs } = plan(scenario, { compress: 1000, seed: 1 });
        const last = actions.at(-1)?.atMs ?? 0;
        let countedMs = 0;
        for (let atMs = 0; atMs < last; atMs++) {
          const until = actions.filter((a) => a.atMs <= atMs && a.fault.kind === 'cut');
          if (hurtAfter(until).length > 0) countedMs++;
        }
        expect(cutMs).toBe(countedMs);
      }),
      { numRuns: 20 },
    );
  });
});

/** `occurrence link channel` of what was injected and not healed. */
function hurtAfter(actions: readonly PlannedAction[]): string[] {
  const hurt = new Set<string>();
  for (const action of actions)
    for (const link of action.fault.links)
      for (const channel of action.fault.channels) {
        const place = `${occurrenceId(action)} ${link} ${channel}`;
        if (action.does === 'inject') hurt.add(place);
        else hurt.delete(place);
      }
  return [...hurt];
}

describe('the length of the cut', () => {
  const cut = (rest: string) =>
    faults(`name: f, at: 1m, for: 20s, links: [connect-up], cut: drop, ${rest}`);

  test.each(['direction: forward', 'direction: backward', 'channels: [one]'])(
    'is that of a cut with %s too, as it is in the report',
    (rest) => {
      const made = planned(cut(rest));
      expect(made.cutMs).toBe(20_000);
      const [inject, heal] = made.actions;
      const results = [{ kind: 'cut' as const, fromMs: inject!.atMs, toMs: heal!.atMs }];
      expect(sumCutMs(results)).toBe(made.cutMs);
    },
  );
});

describe('printPlan', () => {
  test('shows played, scenario and wall-clock time of each action, and what is expected', () => {
    const scenario = read(`clock: 2025-09-12T22:15:00+02:00\n${WORK}`);
    const text = printPlan(plan(scenario, { compress: 60, seed: 5 }));
    expect(text).toContain('compressed 60 times: cut for 13s as played, 13m in the scenario');
    expect(text).toMatch(
      /\+13s +│ \+13m +│ 22:28:00 +│ work:heal:two +│ everything passes connect-up and connect-down \(two\) again/,
    );
    expect(text).toContain('  recovered == 100%');
    expect(text).toContain('seed 5');
  });

  test('says where the expectations hold no further', () => {
    const scenario = read(`compressAtMost: 15\n${WORK}`);
    const printed = (compress: number) => printPlan(plan(scenario, { compress, seed: 5 }));
    expect(printed(15)).not.toContain('hold up to');
    expect(printed(60)).toContain('its expectations hold up to --compress 15');
  });

  test('knows days: the clock goes past midnight and over a half-hour offset', () => {
    const scenario = read(`clock: 2025-09-12T23:59:30-03:30\n${WORK}`);
    expect(printPlan(plan(scenario, { compress: 1, seed: 1 }))).toContain(
      '│ 2025-09-13 00:00:30 │',
    );
  });

  test.each([72, 80, 100])('fits a terminal of %i columns, and loses no word in it', (columns) => {
    const made = plan(read(WORK), { compress: 1, seed: 1 });
    const lines = printPlan(made, columns).split('\n');
    const cells = lines.filter((line) => line.startsWith('│')).map((line) => line.split('│'));
    const widest = Math.max(...lines.filter((line) => /^[│┌├└]/.test(line)).map((l) => l.length));
    expect(widest).toBeLessThanOrEqual(columns);
    const words = cells.map((row) => row.at(-2)?.trim()).join(' ');
    for (const { expect: text } of made.actions) expect(words).toContain(text);
  });

  test('says when nothing happens', () => {
    expect(printPlan(planned(''))).toContain('no actions: nothing is disturbed');
  });
});

describe('a fault on stages', () => {
  test('names them, and no link', () => {
    const { actions, cutMs } = planned(
      faults('name: f, at: 1m, for: 10s, stages: [transcoder], channels: [one], stage: kill'),
    );
    expect(actions.map(({ id, expect: what }) => [id, what])).toEqual([
      ['f:inject', 'transcoder (one) dies'],
      ['f:heal', 'transcoder (one) works again'],
    ]);
    expect(actions[0]?.fault).toEqual({
      kind: 'stage',
      does: 'kill',
      stages: ['transcoder'],
      channels: ['one'],
      links: [],
    });
    expect(cutMs).toBe(0);
  });

  test.each([
    ['stages: [transcodr], stage: kill', /no stage is called transcodr.*did you mean transcoder/],
    ['stages: [edge], content: black', /content goes wrong at playout, edge has the role edge/],
    ['stages: [playout], cut: hold', /cut does not go with stages/],
    ['stages: [playout]', /exactly one of clockSkew, content, .*, http, stage, squeeze, got none/],
    ['stages: [playout], http: { status: 404 }', /http goes wrong at origin or edge, playout/],
    ['stages: [edge], http: { of: segment }', /exactly one of status, slow, .*got none/],
    ['stages: [edge], http: { status: 404, slow: 1s }', /got status and slow/],
    ['stages: [origin], http: { of: upload, slow: 1s }', /status or hang only/],
    ['stages: [origin], http: { of: upload, status: 507, ratio: 50% }', /ratio does not go with/],
    ['stages: [edge], http: { of: segment, gap: 3 }', /gap is of a media playlist/],
    ['stages: [edge], http: { of: multivariant, wrong: stale }', /stale is of a media playlist/],
    ['stages: [edge], http: { cycle: [{ for: 9s }] }', /at least two steps/],
    ['stages: [edge], http: { cycle: [{ for: 9s }, { for: 1s }] }', /every step .* is healthy/],
    [
      'stages: [edge], http: { cycle: [{ for: 9s }, { for: 1s, slow: 1s, status: 500 }] }',
      /exactly one of status, slow, .*, got status and slow/,
    ],
    [
      'stages: [edge], http: { of: segment, cycle: [{ for: 9s }, { for: 1s, wrong: stale }] }',
      /stale is of a media playlist/,
    ],
    [
      'stages: [origin], http: { of: upload, cycle: [{ for: 9s }, { for: 1s, status: 507 }] }',
      /status or hang only/,
    ],
    ['links: [connect-up], stage: kill', /stage does not go with links/],
  ])('is refused: %s', (what, message) => {
    expect(() => read(faults(`name: f, at: 0s, for: 1s, ${what}`))).toThrow(message);
  });

  test('says which answers are wrong, and how', () => {
    const { actions } = planned(
      faults(
        'name: f, at: 1m, for: 10s, stages: [edge], http: { of: segment, rung: 1, ratio: 50%, status: 503 }',
      ),
    );
    expect(actions.map(({ expect: what }) => what)).toEqual([
      'edge (one, two) answers wrongly to 50 % of segment requests of rung 1: status 503',
      'edge (one, two) answers well again',
    ]);
  });

  test('says what comes in turn, in its own time but for the delays of components', () => {
    const cycle = '[{ for: 45s }, { for: 10s, slow: 2s }, { for: 5s, wrong: hang }]';
    const text = faults(
      `name: f, at: 0s, for: 10m, stages: [edge], http: { of: playlist, cycle: ${cycle} }`,
    );
    const [inject] = planned(text, { compress: 10, seed: 1 }).actions;
    expect(inject?.expect).toBe(
      'edge (one, two) answers wrongly to playlist requests: in turn healthy for 4.5s, 2s late for 1s, none for 500ms',
    );
    expect(inject?.fault).toMatchObject({
      answer: {
        kind: 'cycle',
        steps: [
          { forMs: 4500 },
          { forMs: 1000, answer: { kind: 'slow', delayMs: 2000 } },
          { forMs: 500, answer: { kind: 'hang' } },
        ],
      },
    });
  });

  test('is refused beside another that the same stage would have to do', () => {
    const other = 'stages: [edge], http: { status: 503 }';
    const text = faults(`name: a, at: 0s, for: 9s, ${other}`, `name: b, at: 5s, for: 9s, ${other}`);
    expect(() => planned(text)).toThrow(/a and b are in force on the same stage/);
  });

  test.each([
    ['segment', 'playlist', true],
    ['playlist', 'multivariant', true],
    ['any', 'upload', true],
    ['upload', 'upload', false],
    ['segment', 'segment', false],
    ['any', 'playlist', false],
  ])('or goes beside it, where other requests are meant: %s and %s', (a, b, together) => {
    const wrong = (of: string) => `stages: [origin], http: { of: ${of}, status: 503 }`;
    const text = faults(
      `name: a, at: 0s, for: 9s, ${wrong(a)}`,
      `name: b, at: 5s, for: 9s, ${wrong(b)}`,
    );
    if (together) expect(planned(text).actions).toHaveLength(4);
    else expect(() => planned(text)).toThrow(/a and b are in force on the same stage/);
  });
});
