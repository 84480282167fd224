import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { check } from '../../../harness/check/check.ts';
import { makeCheckInput } from '../../../harness/check/fromScenario.ts';
import { readCheckInput } from '../../../harness/check/readCheckInput.ts';
import type { CheckFinding } from '../../../harness/model/access.ts';
import { findDesigns, packagedScenarios, parseScenario } from '../../../harness/scenario/load.ts';
import { at } from './builders.ts';

const scenarios = packagedScenarios();
const designs = findDesigns(join(scenarios, 'incidents', 'x.yaml'));
const scenarioWith = (designName: string, ...lines: readonly string[]) =>
  parseScenario(
    [
      'name: drill',
      'title: Drill',
      'kind: drill',
      `design: ${designName}`,
      ...lines,
      'expect: [recovered == 100%]',
    ].join('\n'),
    'drill.yaml',
    designs,
  );
const found = (findings: readonly CheckFinding[], rule: string) =>
  findings.filter((finding) => finding.rule === rule);
const options = { nowEpochMs: at('2025-09-01T00:00:00Z') };

describe('the night of 12 September 2025, checked beforehand', () => {
  const file = join(scenarios, 'incidents', 'orange-2025-09-12.yaml');
  const scenario = parseScenario(readFileSync(file, 'utf8'), file, designs);
  const { verdict, findings } = check(
    makeCheckInput(scenario, { nowEpochMs: at('2026-01-15T00:00:00Z') }),
  );

  it('is a no-go: no path is left from 22:00 to 02:00, in both directions', () => {
    expect(verdict).toBe('no-go');
    const spans = found(findings, 'no-path-left').map(({ from, to }) => [from, to]);
    expect(spans.length).toBeGreaterThan(0);
    for (const span of spans)
      expect(span).toEqual(['2025-09-12T22:00+02:00', '2025-09-13T02:00+02:00']);
  });

  it('says at which hour it would have cost a fraction', () => {
    const [peak] = found(findings, 'audience-peak');
    expect(peak?.severity).toBe('stop');
    expect(peak?.hint).toMatch(/^Starting at 0[23]:00/);
  });

  it('is not asked whether it is past: it is a re-enactment', () => {
    expect(found(findings, 'window-in-past')).toEqual([]);
  });
});

describe('a scenario', () => {
  const clock = "clock: '2025-09-10T03:00:00+02:00'";
  const window = (...work: readonly string[]) => [
    'windows:',
    '  - name: planned',
    '    owner: access provider',
    "    announced: { from: -30m, for: 4h, on: '2025-08-20T09:00:00+02:00' }",
    ...(work.some((word) => word.startsWith('paths'))
      ? ['    drain: { style: graceful-shutdown, lead: 10m }']
      : []),
    `    work: { at: 0s, for: 2h, ${work.join(', ')} }`,
  ];

  it('puts its windows on the clock its disrupt phase stands for', () => {
    const input = makeCheckInput(
      scenarioWith('dual-access-bgp', clock, ...window('paths: [leg-a]', 'state: down')),
      options,
    );
    expect(input.windows[0]).toMatchObject({
      name: 'planned',
      kind: 'planned',
      targets: [{ kind: 'path', name: 'leg-a' }],
      fromEpochMs: at('2025-09-10T00:30:00Z'),
      toEpochMs: at('2025-09-10T04:30:00Z'),
      noticedAtEpochMs: at('2025-08-20T07:00:00Z'),
      drain: { style: 'graceful-shutdown', leadMs: 600_000 },
      clock: { text: '2025-09-10T02:30+02:00' },
    });
    expect(found(check(input).findings, 'no-path-left')).toEqual([]);
    expect(found(check(input).findings, 'clock-confusion')).toEqual([]);
  });

  it('whose work takes a link away takes all of its paths', () => {
    const input = makeCheckInput(
      scenarioWith('dual-access-bgp', clock, ...window('links: [connect-up]', 'cut: drop')),
      options,
    );
    expect(input.windows[0]?.targets.map(({ name }) => name)).toEqual(['leg-a', 'leg-b']);
    expect(found(check(input).findings, 'no-path-left')).toHaveLength(1);
  });

  it('whose work takes a stage away leaves no way past it, whatever is done to it', () => {
    for (const does of ['stop', 'restart', 'disconnect']) {
      const work = window('stages: [origin]', `stage: ${does}`);
      const input = makeCheckInput(scenarioWith('dual-access-bgp', clock, ...work), options);
      expect(input.windows[0]?.targets).toEqual([{ kind: 'stage', name: 'origin' }]);
      expect(found(check(input).findings, 'stage-away')).toHaveLength(1);
    }
    const squeezed = window('stages: [origin]', 'squeeze: { cpus: 0.1 }');
    const input = makeCheckInput(scenarioWith('dual-access-bgp', clock, ...squeezed), options);
    expect(found(check(input).findings, 'stage-away')).toEqual([]);
  });

  it('with a filter on the backup has no path left during work on the other', () => {
    const faults = [
      'faults:',
      '  - { name: wrong-filter, at: 0s, for: 1h, paths: [leg-b], state: advertises-nothing }',
    ];
    const input = makeCheckInput(
      scenarioWith('dual-access-bgp', clock, ...window('paths: [leg-a]', 'state: down'), ...faults),
      options,
    );
    expect(found(check(input).findings, 'no-path-left')[0]?.text).toContain(
      'leg-b advertises nothing',
    );
  });

  it('with a failover test among its faults has it judged as one', () => {
    const faults = [
      'faults:',
      '  - { name: test, at: 10m, for: 1h, paths: [leg-b], state: tested }',
    ];
    const input = makeCheckInput(
      scenarioWith('dual-access-bgp', clock, ...window('paths: [leg-a]', 'state: down'), ...faults),
      options,
    );
    expect(found(check(input).findings, 'failover-test-in-window')).toHaveLength(1);
  });

  it('with windows and no clock is refused', () => {
    const scenario = scenarioWith('dual-access-bgp', ...window('paths: [leg-a]', 'state: down'));
    expect(() => makeCheckInput(scenario, options)).toThrow(/has windows and no clock/);
  });

  it('is refused with a time zone that is none', () => {
    const texts = { text: '', file: 'x.yaml', designs: {}, calendars: {}, nowEpochMs: 0 };
    expect(() => readCheckInput({ ...texts, zone: 'Paris' })).toThrow(
      'no time zone is called Paris',
    );
  });

  it('is judged in the variant and on the design that were asked for', () => {
    const text = readFileSync(join(scenarios, 'incidents', 'orange-2025-09-12.yaml'), 'utf8');
    const texts = { text, file: 'orange.yaml', designs, calendars: {}, nowEpochMs: undefined };
    const verdictOf = (variant: string) =>
      check(readCheckInput({ ...texts, choice: { variant } })).verdict;
    expect(verdictOf('on-time')).toBe('no-go');
    expect(verdictOf('two-links')).toBe('go');
  });
});
