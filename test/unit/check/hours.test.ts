// Rules held against a look at every hour of a week: what an hour lacks is found over that hour, and
// nothing is found over any other.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { check } from '../../../harness/check/check.ts';
import type { AnnouncedWindow, CheckInput } from '../../../harness/check/input.ts';
import type { WorkTarget } from '../../../harness/model/access.ts';
import type { Stage } from '../../../harness/model/scenario.ts';
import { connection, FAST } from '../routing/builders.ts';
import { accessOf, at, designOf, HOUR, inputOf, windowOf } from './builders.ts';

const WEEK_MS = at('2025-09-08T00:00:00Z');
const HOURS = 40;

const PATHS = [
  connection('a', 300, { session: FAST, device: 'one' }),
  connection('b', 200, { session: FAST, device: 'two' }),
  connection('c', 100, { session: FAST, device: 'two', operator: 'second carrier' }),
];
const { stages, ...rest } = designOf();
/** Two edges, so that a stage has another one that does the same. */
const DESIGN = {
  ...rest,
  stages: stages.flatMap((stage): readonly Stage[] =>
    stage.role === 'edge' ? [stage, { ...stage, name: 'edge-two', zone: 'far' }] : [stage],
  ),
};

const PATH_TARGETS: readonly WorkTarget[] = [
  { kind: 'path', name: 'a' },
  { kind: 'path', name: 'b' },
  { kind: 'path', name: 'c' },
  { kind: 'device', name: 'two' },
  { kind: 'operator', name: 'second carrier' },
];
const STAGE_TARGETS: readonly WorkTarget[] = [
  { kind: 'stage', name: 'edge' },
  { kind: 'stage', name: 'edge-two' },
  { kind: 'zone', name: 'far' },
  { kind: 'stage', name: 'transcoder' },
];

const pathsOf = ({ kind, name }: WorkTarget): readonly string[] =>
  PATHS.filter((path) =>
    kind === 'device'
      ? path.device === name
      : (kind === 'operator' ? path.operator : path.name) === name,
  ).map((path) => path.name);

type Drawn = Pick<AnnouncedWindow, 'targets' | 'weakened' | 'fromEpochMs' | 'toEpochMs' | 'drain'>;
const some = (targets: readonly WorkTarget[]) =>
  fc.subarray([...targets], { minLength: 1, maxLength: 2 });
const weakened = fc.array(
  fc.record({
    target: fc.constantFrom(...PATH_TARGETS),
    impact: fc.constantFrom('degraded' as const, 'reduced-redundancy' as const),
  }),
  { minLength: 1, maxLength: 2 },
);
const window = (what: fc.Arbitrary<Partial<Drawn>>): fc.Arbitrary<AnnouncedWindow> =>
  fc
    .tuple(what, fc.nat(HOURS - 10), fc.integer({ min: 1, max: 9 }), fc.boolean())
    .map(([parts, from, hours, isDrained]) =>
      windowOf('w', {
        fromEpochMs: WEEK_MS + from * HOUR,
        toEpochMs: WEEK_MS + (from + hours) * HOUR,
        drain: { style: isDrained ? 'graceful-shutdown' : 'none', leadMs: 0 },
        ...parts,
      }),
    );
const windowsOf = (...what: readonly fc.Arbitrary<Partial<Drawn>>[]) =>
  fc
    .array(window(fc.oneof(...what)), { minLength: 1, maxLength: 6 })
    .map((all) => all.map((one, i) => ({ ...one, name: `w${i}`, owner: `owner ${i % 2}` })));
const away = (targets: readonly WorkTarget[]) => some(targets).map((found) => ({ targets: found }));

/** For each hour what a rule finds over it, and the windows that it names. */
function foundIn(rule: string, changes: Partial<CheckInput>): readonly string[] {
  const input = inputOf({ accesses: [accessOf(PATHS)], design: DESIGN, ...changes });
  const findings = check(input).findings.filter((finding) => finding.rule === rule);
  return Array.from({ length: HOURS }, (_, hour) => {
    const own = findings.filter(({ from, to }) => {
      const moment = WEEK_MS + (hour + 0.5) * HOUR;
      return from !== undefined && to !== undefined && at(from) < moment && moment < at(to);
    });
    return own
      .map(
        ({ severity, targets }) =>
          `${severity} ${targets.filter((name) => /^w\d$/.test(name)).join(' ')}`,
      )
      .join();
  });
}

/** The same by looking at each hour alone, at the windows that last over it. */
const lookedAt = (
  windows: readonly AnnouncedWindow[],
  look: (running: readonly AnnouncedWindow[]) => string | undefined,
): readonly string[] =>
  Array.from({ length: HOURS }, (_, hour) => {
    const fromMs = WEEK_MS + hour * HOUR;
    const running = windows.filter((one) => one.fromEpochMs <= fromMs && fromMs < one.toEpochMs);
    return look(running) ?? '';
  });

const awayIn = (running: readonly AnnouncedWindow[]) =>
  new Set(running.flatMap(({ targets }) => targets.flatMap(pathsOf)));
const named = (running: readonly AnnouncedWindow[]) => running.map(({ name }) => name);
const severities = (hours: readonly string[]) => hours.map((text) => text.split(' ')[0] ?? '');
const RUNS = { numRuns: 60 };

describe('each hour of a week', () => {
  it('lacks a path where works take them all', () => {
    fc.assert(
      fc.property(windowsOf(away(PATH_TARGETS)), (windows) => {
        const hours = lookedAt(windows, (running) =>
          awayIn(running).size === PATHS.length ? `stop ${named(running).join(' ')}` : undefined,
        );
        const found = foundIn('no-path-left', { windows });
        expect(severities(found)).toEqual(severities(hours));
        for (const [hour, text] of hours.entries())
          expect(found[hour]?.split(' ')).toEqual(expect.arrayContaining(text.split(' ')));
      }),
      RUNS,
    );
  });

  it('lacks a stage where works take all that do the same, if a path is left', () => {
    fc.assert(
      fc.property(windowsOf(away(PATH_TARGETS), away(STAGE_TARGETS)), (windows) => {
        const hours = lookedAt(windows, (running) => {
          const gone = new Set(running.flatMap(({ targets }) => targets.map(({ name }) => name)));
          const edges = gone.has('edge') && (gone.has('edge-two') || gone.has('far'));
          const isBlack = gone.has('transcoder') || edges;
          return isBlack && awayIn(running).size < PATHS.length ? 'stop' : undefined;
        });
        expect(severities(foundIn('stage-away', { windows }))).toEqual(hours);
      }),
      RUNS,
    );
  });

  it('is as weak as the best path that is left', () => {
    const weak = weakened.map((targets) => ({ targets: [], weakened: targets }));
    fc.assert(
      fc.property(windowsOf(away(PATH_TARGETS), weak), (windows) => {
        const hours = lookedAt(windows, (running) => {
          const by = (impact: string, isWanted: (one: AnnouncedWindow) => boolean = () => true) =>
            new Set(
              running
                .filter(isWanted)
                .flatMap((one) => one.weakened ?? [])
                .filter((one) => one.impact === impact)
                .flatMap(({ target }) => pathsOf(target)),
            );
          const [degraded, spareless] = [by('degraded'), by('reduced-redundancy')];
          const left = PATHS.map(({ name }) => name).filter((name) => !awayIn(running).has(name));
          const [first] = left;
          if (first === undefined || degraded.size + spareless.size === 0) return undefined;
          if (left.every((name) => degraded.has(name))) return 'stop';
          if (left.every((name) => degraded.has(name) || spareless.has(name))) return 'warning';
          const stays = by('degraded', ({ drain }) => drain.style === 'none');
          return stays.has(first) ? 'warning' : 'note';
        });
        const found = foundIn('weakened-path', { windows });
        expect(severities(found)).toEqual(hours);
      }),
      RUNS,
    );
  });

  it('lies in each event that a window touches', () => {
    const span = fc.tuple(fc.nat(HOURS - 10), fc.integer({ min: 1, max: 9 }));
    fc.assert(
      fc.property(
        windowsOf(away(PATH_TARGETS)),
        span,
        fc.boolean(),
        (windows, [from, hours], freeze) => {
          const [fromEpochMs, toEpochMs] = [WEEK_MS + from * HOUR, WEEK_MS + (from + hours) * HOUR];
          const event = {
            name: 'final',
            source: 'plan.yaml:1',
            fromEpochMs,
            toEpochMs,
            kind: freeze ? ('freeze' as const) : ('event' as const),
          };
          const urgent = windows.map((one, i) => ({
            ...one,
            kind: i % 2 === 0 ? ('emergency' as const) : one.kind,
          }));
          const touched = lookedAt(urgent, (running) =>
            named(running).length === 0 ? undefined : named(running).toSorted().join(' '),
          ).map((text, hour) => (hour >= from && hour < from + hours ? text : ''));
          const found = foundIn('over-event', { windows: urgent, events: [event] });
          const names = found.map((text) => (text.match(/w\d/g) ?? []).toSorted().join(' '));
          expect(names).toEqual(touched);
          const isMild = (name: string) => freeze && Number(name.slice(1)) % 2 === 0;
          for (const [, severity, name] of found.join().matchAll(/(stop|warning) (w\d)/g))
            expect(severity).toBe(isMild(name!) ? 'warning' : 'stop');
        },
      ),
      RUNS,
    );
  });
});
