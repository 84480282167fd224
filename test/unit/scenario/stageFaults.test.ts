// Tests what can be said of stages in a scenario, and what is refused, with its line.

import { describe, expect, test } from 'vitest';
import { requireDoable } from '../../../harness/faults/runtimeNeeds.ts';
import { parseDesign, parseScenario } from '../../../harness/scenario/load.ts';
import { plan } from '../../../harness/scenario/plan.ts';
import { designText } from '../../support/designs.ts';
import { drill } from '../../support/drill.ts';

const single = designText('single-access');

const read = (fault: string) =>
  parseScenario(drill(`faults:\n  - { name: f, at: 0s, for: 10s, ${fault} }\n`), 's.yaml', {
    'single-access': single,
  });

const planned = (fault: string) => plan(read(fault), { compress: 1, seed: 1 });

describe('of stages can be said', () => {
  test.each([
    [
      'stages: [transcoder], stage: restart',
      { kind: 'stage', does: 'restart' },
      'transcoder (one, two) is shut down and started again at once',
    ],
    [
      'stages: [origin], stage: disconnect',
      { kind: 'stage', does: 'disconnect' },
      'origin (one, two) is off the network, nothing gets an answer (containers only)',
    ],
    [
      'stages: [transcoder], squeeze: { cpus: 0.2, memory: 512MB }',
      { kind: 'squeeze', limits: { cpus: 0.2, memoryMb: 512 } },
      'transcoder (one, two) has 0.2 of a processor and 512 MB of memory (containers only)',
    ],
    [
      'stages: [playout], timestampJump: -1h',
      { kind: 'content', shows: 'timestamp-jump', byMs: -3_600_000 },
      'playout (one, two) sends time stamps 1h back',
    ],
    [
      'stages: [playout], resolution: 160x90',
      { kind: 'content', shows: 'resolution', width: 160, height: 90 },
      'playout (one, two) sends the programme in 160x90',
    ],
    [
      'stages: [playout], codec: mpeg2',
      { kind: 'content', shows: 'codec', codec: 'mpeg2' },
      'playout (one, two) sends the programme in another codec, mpeg2',
    ],
    [
      'stages: [transcoder], clockSkew: 5s',
      { kind: 'clock-skew', byMs: 5000 },
      'transcoder (one, two) writes dates that are 5s fast',
    ],
    [
      'stages: [origin], disk: full',
      { kind: 'full-disk' },
      'origin (one, two) can store nothing: uploads are answered 507',
    ],
  ])('%s', (said, fault, expected) => {
    const { actions } = planned(said);
    expect(actions[0]?.fault).toMatchObject(fault);
    expect(actions.map(({ does }) => does)).toEqual(['inject', 'heal']);
    expect(actions[0]?.expect).toContain(expected);
    expect(actions[1]?.expect).not.toBe('');
  });
});

describe('is refused with its line', () => {
  test.each([
    ['stages: [edge], disk: full', /7:\d+ .*disk goes wrong at origin, edge has the role edge/],
    ['stages: [playout], clockSkew: 5s', /7:\d+ .*clockSkew goes wrong at transcoder/],
    ['stages: [origin], timestampJump: 5s', /7:\d+ .*timestampJump goes wrong at playout/],
    ['stages: [origin], resolution: 160x90', /resolution goes wrong at playout/],
    ['stages: [playout], codec: av1', /7:\d+ .*expected one of mpeg2, got "av1"/],
    ['stages: [playout], timestampJump: 0s', /7:\d+ .*expected at least 1s, or -1s for back/],
    ['stages: [playout], resolution: 160x91', /expected a picture size with even sides/],
    ['stages: [playout], resolution: 9998x9998', /expected a picture size of at most 4096 a side/],
    ['stages: [playout], resolution: 320x180', /expected another size than the design has/],
    ['stages: [origin], squeeze: {}', /7:\d+ .*squeeze: expected cpus, memory, or both/],
    ['stages: [origin], squeeze: { cpus: 0 }', /expected at least 0.01 of a core, got 0/],
    ['stages: [origin], squeeze: { memory: 1MB }', /expected at least 16MB/],
    ['stages: [origin], squeeze: { disk: 1 }', /unknown key disk/],
    [
      'stages: [playout], codec: mpeg2, content: black',
      /exactly one of clockSkew, content, .* got content and codec/,
    ],
    ['links: [connect-up], disk: full', /disk does not go with links/],
    ['stages: [origin], stage: reboot', /expected one of kill, stop, restart, pause, disconnect/],
    [
      'stages: [transcoder], clockSkew: 5s, ramp: { over: 5s }',
      /only bandwidth, http, latency, loss, degraded can grow and shrink in steps/,
    ],
  ])('%s', (said, message) => {
    expect(() => read(said)).toThrow(message);
  });

  test.each(['timestampJump: 5s', 'resolution: 160x90', 'codec: mpeg2'])(
    '%s for less than another encoder needs to be seen',
    (said) => {
      const text = (length: string) =>
        drill(
          `faults:\n  - { name: f, at: 0s, for: ${length}, stages: [playout], ${said} }\n`,
          'd',
        );
      const parsed = (length: string) => () => parseScenario(text(length), 's.yaml', { d: single });
      expect(parsed('1500ms')).toThrow(/7:\d+ .*for: .* expected at least 2s/);
      expect(parsed('2s')).not.toThrow();
    },
  );

  test('two changes of one contribution at the same time', () => {
    const both = [
      'stages: [playout], codec: mpeg2 }',
      '  - { name: g, at: 5s, for: 9s, stages: [playout], resolution: 160x90',
    ].join('\n');
    expect(() => planned(both)).toThrow(/same stage at the same time/);
  });

  test('a squeeze that leaves a stage as much as its design gives it', () => {
    const text = single.text.replace(
      'role: transcoder',
      'role: transcoder\n    resources: { cpus: 0.5, memory: 1GB }',
    );
    const withLimits = (squeeze: string) => () =>
      parseScenario(
        drill(
          `faults:\n  - { name: f, at: 0s, for: 1s, stages: [transcoder], squeeze: ${squeeze} }\n`,
          'd',
        ),
        's.yaml',
        { d: { file: 'd.yaml', text } },
      );
    expect(withLimits('{ cpus: 0.5 }')).toThrow(/transcoder has no more than 0.5 cpus/);
    expect(withLimits('{ memory: 2GB }')).toThrow(/transcoder has no more than 1024 MB/);
    expect(withLimits('{ cpus: 0.2, memory: 512MB }')).not.toThrow();
  });
});

describe('a runtime that cannot do it', () => {
  const processes = { kind: 'processes', reason: 'no engine answers', canLimit: false } as const;
  const rootless = { kind: 'containers', reason: 'asked for', canLimit: false } as const;

  test.each(['stage: pause', 'squeeze: { cpus: 0.2 }'])(
    'because its engine has no control groups says so: %s',
    (what) => {
      const plan = planned(`stages: [transcoder], ${what}`);
      expect(() => requireDoable(plan, rootless)).toThrow(
        expect.objectContaining({
          code: 'TOOL_UNFIT',
          message: expect.stringMatching(/^f: the containers runtime \(asked for\) cannot /),
          hint: expect.stringContaining('control groups'),
        }),
      );
    },
  );

  test.each([processes, rootless])('refuses a design with limits: %o', (runtime) => {
    const plan = planned('stages: [transcoder], stage: kill');
    const { scenario } = plan;
    const stages = scenario.design.stages.map((stage) => ({ ...stage, resources: { cpus: 1 } }));
    const limited = { ...plan, scenario: { ...scenario, design: { ...scenario.design, stages } } };
    expect(() => requireDoable(limited, runtime)).toThrow(/^stage playout: .* cannot limit/);
    expect(() => requireDoable(plan, runtime)).not.toThrow();
  });

  test.each(['stage: disconnect', 'squeeze: { cpus: 0.2 }'])(
    'says so before anything starts: %s',
    (what) => {
      const { actions, ...rest } = planned(`stages: [transcoder], ${what}`);
      const refused = () => requireDoable({ ...rest, actions }, processes);
      expect(refused).toThrow(/f: the processes runtime \(no engine answers\) cannot/);
      expect(refused).toThrow(
        expect.objectContaining({
          code: 'TOOL_UNFIT',
          hint: expect.stringContaining('--runtime containers'),
        }),
      );
      expect(() =>
        requireDoable(
          { ...rest, actions },
          { kind: 'containers', reason: 'asked for', canLimit: true },
        ),
      ).not.toThrow();
    },
  );

  test.each(['stage: restart', 'stage: pause', 'clockSkew: 5s'])('does the rest: %s', (what) => {
    expect(() => requireDoable(planned(`stages: [transcoder], ${what}`), processes)).not.toThrow();
  });
});

describe('a transcoder that is started without an input', () => {
  const transcoder = (lines: string) => {
    const text = single.text.replace('role: transcoder', `role: transcoder\n    ${lines}`);
    return parseDesign(text, 'd.yaml').stages.find(({ role }) => role === 'transcoder');
  };

  test('waits when nothing is said, and fails as long as the design says', () => {
    expect(transcoder('')).not.toHaveProperty('startWithoutInput');
    expect(transcoder('onStartWithoutInput: wait')).not.toHaveProperty('startWithoutInput');
    expect(transcoder('onStartWithoutInput: fail')).toMatchObject({
      startWithoutInput: { probeMs: 10_000, againMs: 60_000 },
    });
    expect(
      transcoder('onStartWithoutInput: fail\n    probe: { for: 2s, again: 5s }'),
    ).toMatchObject({ startWithoutInput: { probeMs: 2000, againMs: 5000 } });
  });

  test('probes only where it may fail', () => {
    expect(() => transcoder('probe: { for: 2s }')).toThrow(
      /probe: goes with onStartWithoutInput: fail/,
    );
  });
});
