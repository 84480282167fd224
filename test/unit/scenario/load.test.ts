import { describe, expect, test } from 'vitest';
import { loadScenario, parseDesign, parseScenario } from '../../../harness/scenario/load.ts';
import { designText } from '../../support/designs.ts';
import { refusal } from '../../support/refusal.ts';

const SINGLE_ACCESS = designText('single-access');
const DESIGNS = { 'single-access': SINGLE_ACCESS };

const MINIMAL = `
name: minimal
title: The least that can be said
kind: drill
design: single-access
expect: [recovered == 100%]
`;

const read = (text: string) => parseScenario(text, 's.yaml', DESIGNS);

/** The message of the error that reading this text ends with. */
function errorOf(parse: () => unknown): string {
  const { code, message } = refusal(parse);
  expect(code).toBe('SCENARIO_INVALID');
  return message;
}
const refused = (text: string): string => errorOf(() => read(text));

describe('a scenario', () => {
  test('is filled with defaults', () => {
    const scenario = read(MINIMAL);
    expect(scenario.viewers).toEqual({
      count: 6,
      player: 'hls.js',
      policy: { onFatal: 'reload', delayMs: 5000, jitterMs: 5000 },
      config: {},
    });
    expect(scenario.recover.withinMs).toBe(60_000);
    expect(scenario.faults).toEqual([]);
    expect(scenario.file).toBe('s.yaml');
  });

  test('takes all channels of the design where it names none', () => {
    const text = `${MINIMAL}
windows:
  - name: work
    owner: somebody
    work: { at: 1m, for: PT10M, links: [connect-up], cut: hold }
    overrun: 90s
    restore: { pace: 1m }
`;
    const [window] = read(text).windows;
    expect(window?.work.fault).toEqual({
      kind: 'cut',
      effect: 'hold',
      links: ['connect-up'],
      channels: ['one', 'two'],
    });
    expect(window).toMatchObject({
      announcedFromMs: 60_000,
      announcedForMs: 600_000,
      overrunMs: 90_000,
      restore: { order: ['one', 'two'], paceMs: 60_000 },
    });
  });

  test('takes a design written inline', () => {
    const inline = SINGLE_ACCESS.text.replaceAll('\n', '\n  ');
    const scenario = read(MINIMAL.replace('single-access', `\n  ${inline}`));
    expect(scenario.design).toEqual(parseDesign(SINGLE_ACCESS.text, 'single-access.yaml'));
  });

  test('keeps a playlist for half a segment at the edge when nothing is said', () => {
    const text = SINGLE_ACCESS.text.replace(/playlistTtl: .*/, '').replace('2s #', '4s #');
    const edge = parseDesign(text, 'd.yaml').stages.find((stage) => stage.role === 'edge');
    expect(edge).toMatchObject({ playlistTtlMs: 2000 });
  });
});

describe('errors', () => {
  test('all come at once, in the order of the file, each with line, column and path', () => {
    const message = refused(`name: Bad Name
title: x
kind: incidnt
desing: foo
design: single-access
viewers: { count: 0, policy: { onFatal: relaod } }
windows:
  - name: w
    owner: me
    work: { at: 10m, for: 0s, cut: hold, links: [connect-upp] }
    overun: 8m
faults:
  - { name: w, at: 0s, for: 5 minutes, links: [connect-up], cut: holdd }
expect:
  - p95(blackScren) <= 2s
`);
    expect(message.split('\n').filter((line) => line.startsWith('  s.yaml'))).toEqual([
      '  s.yaml:1:7  name: expected a name of small letters, digits and single dashes, got "Bad Name"',
      '  s.yaml:3:7  kind: expected one of incident, window, drill, got "incidnt"; did you mean incident?',
      '  s.yaml:4:1  desing: unknown key desing; did you mean design?',
      '  s.yaml:6:19  viewers.count: expected at least 1 viewer: a run without viewers measures nothing, got 0',
      '  s.yaml:6:41  viewers.policy.onFatal: expected one of none, startLoad, reload, fallback, channel, got "relaod"; did you mean reload?',
      '  s.yaml:10:27  windows[0].work.for: expected a duration above zero, got "0s"',
      '  s.yaml:10:50  windows[0].work.links[0]: no link is called connect-upp; there are connect-up, connect-down; did you mean connect-up?',
      '  s.yaml:11:5  windows[0].overun: unknown key overun; did you mean overrun?',
      '  s.yaml:13:13  faults[0].name: w names another window or fault already',
      '  s.yaml:13:29  faults[0].for: expected a duration such as 40m, 900ms, 1h30m or PT40M, or two as 5m..10m, got "5 minutes"',
      '  s.yaml:13:66  faults[0].cut: expected one of hold, drop, refuse, reset, got "holdd"; did you mean hold?',
      expect.stringMatching(/^ {2}s\.yaml:15:5 {2}expect\[0\]: expected one of .*blackScreen\?$/),
    ]);
    expect(message).toMatch(/^12 problems in s\.yaml\n/);
    expect(message).toContain('\n      p95(blackScren) <= 2s\n          ^');
  });

  test.each([
    ['what is missing', 'title: A\n', '', /s\.yaml:\d+:1 {2}title: is missing: expected text/],
    [
      'an unknown design',
      'single-access',
      'dual-access',
      /design: no design is called dual-access/,
    ],
    ['broken YAML', 'kind: drill', 'kind: [drill', /s\.yaml:\d+:\d+ {2}/],
    ['a key written twice', 'kind: drill', 'kind: drill\nkind: drill', /unique/],
    [
      'a guardrail that no run could ever break',
      'kind:',
      'guardrails: [p95(latency) > 30s]\nkind:',
      /guardrails\[0\]: latency is known when a run is over, .*watched are .*blackScreen.*silent/,
    ],
    ['no expectations', '[recovered == 100%]', '[]', /at least one expectation/],
    ['a clock that is a day', 'kind:', 'clock: 2025-09-12\nkind:', /2025-09-12T22:00\+02:00/],
    ['a clock of nowhere', 'kind:', 'clock: 2025-09-12T22:00\nkind:', /without a time zone/],
  ])('name %s', (_what, from, to, message) => {
    const text = MINIMAL.replace('The least that can be said', 'A');
    expect(text).toContain(from);
    expect(refused(text.replace(from, to))).toMatch(message);
  });

  test.each([
    ['no kind of fault', '', /exactly one of bandwidth, cut, duplicate, latency.*got none/],
    ['two kinds', 'cut: hold, bandwidth: 100k', /got bandwidth and cut/],
    [
      'an unknown channel',
      'cut: hold, channels: [three]',
      /no channel is called three; there are one, two/,
    ],
    ['a channel twice', 'cut: hold, channels: [one, one]', /channel one is there twice/],
    ['no channel', 'cut: hold, channels: []', /at least one channel/],
    ['no bandwidth at all', 'bandwidth: 0k', /at least 8k/],
  ])('refuse a fault with %s', (_what, what, message) => {
    const fault = `{ name: f, at: 0s, for: 1s, links: [connect-up], ${what} }`;
    expect(refused(`${MINIMAL}faults: [${fault}]`)).toMatch(message);
  });

  test('refuse work that was planned outside of what was announced', () => {
    const window = `{ name: w, owner: o, announced: { from: -15m, for: 20m },
      work: { at: 0s, for: 10m, links: [connect-up], cut: hold } }`;
    expect(refused(`${MINIMAL}windows: [${window}]`)).toMatch(/inside the announced interval/);
  });

  test('refuse a file that is empty, a list, or not there', async () => {
    expect(refused('')).toMatch(/s\.yaml:1:1 {2}the file is empty/);
    expect(refused('- a')).toMatch(/expected a mapping, got - a/);
    await expect(loadScenario('no/such/file.yaml')).rejects.toMatchObject({
      code: 'SCENARIO_INVALID',
      message: 'cannot read no/such/file.yaml: there is no such file',
    });
  });

  test('in the design are told with the file of the design', () => {
    const designs = {
      'single-access': { file: 'd.yaml', text: SINGLE_ACCESS.text.replace('fps: 25', 'fps: 900') },
    };
    const message = errorOf(() => parseScenario(MINIMAL, 's.yaml', designs));
    expect(message).toMatch(/d\.yaml:\d+:\d+ {2}media\.fps: expected a whole number from 5 to 60/);
  });
});

test('a stage may be given a share of the machine', () => {
  const from = /role: transcoder/;
  const design = (resources: string) =>
    SINGLE_ACCESS.text.replace(from, `role: transcoder\n    resources: ${resources}`);
  const { stages } = parseDesign(design('{ cpus: 0.5, memory: 1.5GB }'), 'd.yaml');
  expect(stages.find(({ role }) => role === 'transcoder')?.resources).toEqual({
    cpus: 0.5,
    memoryMb: 1536,
  });
  expect(stages.find(({ role }) => role === 'edge')).not.toHaveProperty('resources');
  expect(errorOf(() => parseDesign(design('{ memory: 512 }'), 'd.yaml'))).toMatch(
    /512MB or 1\.5GB/,
  );
  expect(errorOf(() => parseDesign(design('{ cpus: 0 }'), 'd.yaml'))).toMatch(/0\.01 of a core/);
});

test.each([
  ['film.mp4', 'designs/film.mp4'],
  ['../films/film.mp4', 'films/film.mp4'],
  ['/films/film.mp4', '/films/film.mp4'],
])('a programme %s of designs/d.yaml is %s', (file, path) => {
  const role = `role: playout\n    source: { file: ${file} }\n`;
  const text = SINGLE_ACCESS.text.replace('role: playout\n', role);
  const { stages } = parseDesign(text, 'designs/d.yaml');
  expect(stages).toContainEqual(expect.objectContaining({ source: { kind: 'file', path } }));
});

describe('a design is refused', () => {
  const refusedDesign = (from: string | RegExp, to: string) =>
    errorOf(() => parseDesign(SINGLE_ACCESS.text.replace(from, to), 'd.yaml'));

  test.each([
    ['without a stage of each role', /  edge:\n[^]*(?=links:)/, '', /one stage with role: edge/],
    [
      'with an unknown role',
      /role: edge/,
      'role: cache',
      /role: cells, playout, portal, transcoder, inserter, multicast, origin/,
    ],
    ['with a link to nowhere', /to: transcoder/, 'to: transcodr', /did you mean transcoder/],
    ['with a link that jumps', /to: transcoder/, 'to: origin', /playout -> origin/],
    ['with segments of broken pictures', 'segment: 2s', 'segment: 2.01s', /50.25 at 25 a second/],
    ['with odd pictures', 'picture: 320x180', 'picture: 321x180', /even sides/],
    [
      'with an address as its programme',
      'role: playout\n',
      'role: playout\n    source: { file: "http://127.0.0.1/film.mp4" }\n',
      /no address is fetched/,
    ],
    ['with a key of another role', 'playlistTtl', 'whenStale', /unknown key whenStale/],
    ['with a bad name of a stage', /  edge:\n/, '  Edge:\n', /Edge: expected a name of small/],
  ])('%s', (_what, from, to, message) => {
    expect(refusedDesign(from, to)).toMatch(message);
  });
});
