// Files as mistakes, editors and other programs make them: each is read, or refused by one clear error.

import { execFileSync } from 'node:child_process';
import { readFileSync, globSync, mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadScenario, parseScenario } from '../../../harness/scenario/load.ts';
import { plan } from '../../../harness/scenario/plan.ts';
import { readText } from '../../../harness/scenario/readText.ts';
import { folderForAll } from '../../support/folders.ts';
import { refusal } from '../../support/refusal.ts';

const designs = Object.fromEntries(
  globSync('scenarios/designs/*.yaml').map((file) => [
    basename(file, '.yaml'),
    { file, text: readFileSync(file, 'utf8') },
  ]),
);
const HEAD = 'name: minimal\ntitle: A cut\nkind: drill\ndesign: single-access\n';
const EXPECT = 'expect: [recovered == 100%]\n';
const CUT = '{ name: cut, at: 10s, for: 1m, links: [connect-up], cut: drop }';

const read = (text: string) => parseScenario(text, 's.yaml', designs);

function refused(text: string): string {
  const { exitCode, message } = refusal(() => read(text));
  expect(exitCode).toBe(64);
  return message;
}

const withFault = (fault: string): string =>
  `${HEAD}${EXPECT}faults: [{ name: cut, at: 10s, for: 1m, ${fault} }]\n`;
const expecting = (line: string): string => `${HEAD}faults: [${CUT}]\nexpect: ['${line}']\n`;

describe('YAML', () => {
  test('with a slip in a line is told of the first in it', () => {
    const text = `${HEAD}${EXPECT}faults: [{ name: a[b], at: 10s, for: 1m }]\ntitle: "x" y "z"\n`;
    const places = refused(text).match(/s\.yaml:\d+/g);
    expect(places).toEqual([...new Set(places)]);
    expect(places).toContain('s.yaml:6');
  });

  test.each([
    [
      'an alias inside what it stands for',
      `${HEAD}${EXPECT}sources: &a { x: *a }`,
      /\*a is inside/,
    ],
    ['an alias of nothing', `${HEAD}${EXPECT}assumptions: *x`, /no &x comes before/],
    ['a tag that makes bytes', HEAD.replace('A cut', '!!binary aGVsbG8=') + EXPECT, /!!binary/],
    ['a tag of somebody', HEAD.replace('A cut', '!mine x') + EXPECT, /!mine: tags are not used/],
    ['a second document', `${HEAD}${EXPECT}---\n${HEAD}`, /s\.yaml:6:1 {2}expected one document/],
    [
      'deep nesting',
      `${HEAD}${EXPECT}viewers: { config: { a: ${'['.repeat(150)}${']'.repeat(150)} } }`,
      /100 levels/,
    ],
    ['very deep nesting', `${HEAD.replace('A cut', '['.repeat(9000))}`, /100 levels/],
    [
      'a key twice',
      `${HEAD}${EXPECT}seed: 1\nseed: 2`,
      /seed is there already: keys must be unique/,
    ],
    [
      'a prototype',
      `${HEAD}${EXPECT}viewers: { __proto__: { count: 3 } }`,
      /__proto__ cannot be used/,
    ],
    ['the words of YAML 1.1', `%YAML 1.1\n---\n${HEAD}${EXPECT}`, /expected YAML 1\.2/],
    [
      'a number that is kept as another',
      `${HEAD}${EXPECT}sources: { .inf: x }`,
      /expected a word as key/,
    ],
    ['nothing as key', `${HEAD}${EXPECT}sources: { ~: x }`, /expected a word as key/],
    ['a list as key', `${HEAD}${EXPECT}? [a]\n: b`, /expected a word as key/],
    ['a merge of no mapping', `${HEAD}${EXPECT}viewers: { <<: 3 }`, /alias of a mapping after <</],
  ])('%s is refused', (_what, text, message) => {
    expect(refused(text)).toMatch(message);
    expect(refused(text)).not.toMatch(/call stack|parseAllDocuments/i);
  });

  test('merge keys put another mapping in, and a mistake in it has its place', () => {
    const text = `${HEAD}${EXPECT}faults:\n  - &one ${CUT}\n  - { <<: *one, name: second, at: 2m }\n`;
    expect(read(text).faults.map(({ name }) => name)).toEqual(['cut', 'second']);
    const message = refused(text.replace('cut: drop', 'cut: dropp'));
    expect(message).toMatch(/^1 problem in s\.yaml\n {2}s\.yaml:7:\d+ {2}faults\[0\]\.cut/);
  });

  test('what is shown is what was written', () => {
    expect(refused(HEAD.replace('minimal', '"a\\nb"') + EXPECT)).toContain(String.raw`got "a\nb"`);
    expect(refused(`${HEAD}${EXPECT}seed: 9007199254740993`)).toContain('got 9007199254740993');
    expect(refused(withFault('links: [connect-up], cut: .inf'))).toContain('got .inf');
    expect(refused(HEAD.replace('A cut', '') + EXPECT)).toContain(
      'title: expected text, got nothing',
    );
  });

  test('nothing that a terminal obeys gets into a scenario or a message', () => {
    const message = refused(HEAD.replace('A cut', '"\\e[31mred\\e]0;x\\a"') + EXPECT);
    expect(message).toContain('expected text without control characters');

    expect(message).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
    expect(refused(`${HEAD}${EXPECT}"\\e[2J": 1`)).toContain('unknown key \\u001b[2J');
  });
});

describe('nonsense is refused', () => {
  test.each([
    ['links: [connect-up], bandwidth: 99999999999999999999M', /at most 100000M/],
    ['links: [connect-up], latency: { delay: 30d }', /at most 1m/],
    ['links: [connect-up], cut: drop, every: 99999999999999999h', /at most 30d/],
    ['links: [connect-up], latency: { delay: 10ms, jitter: 20ms }', /jitter of at most the delay/],
    ['links: [connect-up], loss: { share: 0% }', /above 0%/],
    ['stages: [edge], http: { corrupt: 0% }', /above 0%/],
  ])('%s', (fault, message) => {
    expect(refused(withFault(fault))).toMatch(message);
  });

  test.each([
    ['at: 999999999999h', /at: expected a duration of at most 30d/],
    ['at: 1m..999999999999h', /at: expected a duration of at most 30d/],
    ['after: cut.end + 999999999999h', /after: expected a duration of at most 30d/],
    ['after: cut.end + 31d', /after: expected a duration of at most 30d/],
  ])('%s', (start, message) => {
    const late = `{ name: late, ${start}, for: 1m, links: [connect-up], cut: drop }`;
    expect(refused(`${HEAD}${EXPECT}faults: [${CUT}, ${late}]\n`)).toMatch(message);
  });

  test.each([
    ['recovered >= 0%', /always holds/],
    ['recovered <= 100%', /always holds/],
    ['recovered > 100%', /never hold/],
    ['max(blackScreen) >= 0s', /always holds/],
    ['max(blackScreen) < 0s', /never hold/],
    ['min(blackScreen) >= 99999999999% of cut', /at most 100000% of cut/],
    ['max(interruptions) <= 99999999999999999999', /at most 1000000/],
    ['max(interruptions) == 1.5', /is never 1.5/],
    ['max(blackScreen) ≤ 2s', /write <= for ≤/],
    ['recovered = 100%', /write == for =/],
  ])('%s', (line, message) => {
    expect(refused(expecting(line))).toMatch(message);
  });

  test('a share of the cut where nothing is cut', () => {
    const text = `${HEAD}faults: [{ name: slow, at: 1s, for: 1m, links: [connect-up], latency: { delay: 1s } }]\nexpect: [max(blackScreen) <= 80% of cut]\n`;
    expect(refused(text)).toMatch(/expect\[0\]: nothing is cut/);
  });

  test.each([
    ['viewers: { count: 9007199254740991 }', /100 million/],
    ['steady: { hold: 60s, within: 1s }', /could never be reached/],
    ["clock: '0000-01-01T00:00:00Z'", /year from 1970/],
  ])('%s', (line, message) => {
    expect(refused(`${HEAD}${EXPECT}${line}`)).toMatch(message);
  });
});

describe('a design that is not asked for', () => {
  const text = `${HEAD}faults: [${CUT}]\n${EXPECT}variants:\n  legs:\n    design: dual-access-bfd\n    faults: { cut: { links: null, cut: null, paths: [leg-a], state: down } }\n`;

  test('need not fit a variant that is not asked for', () => {
    expect(parseScenario(text, 's.yaml', designs, { design: 'stale-404' }).design.name).toBe(
      'stale-404',
    );
    const both = { design: 'stale-404', variant: 'legs' };
    expect(() => parseScenario(text, 's.yaml', designs, both)).toThrow(/no path is called leg-a/);
  });

  test('the night can be played on every design with its links', async () => {
    const file = 'scenarios/incidents/orange-2025-09-12.yaml';
    expect((await loadScenario(file, { design: 'stale-404' })).design.name).toBe('stale-404');
  });
});

describe('many', () => {
  test('mistakes are counted, and the first hundred shown', () => {
    const faults = Array.from(
      { length: 500 },
      (_, n) => `  - { name: f${n}, at: soon, for: 1m, links: [connect-up], cut: drop }`,
    );
    const message = refused(`${HEAD}${EXPECT}faults:\n${faults.join('\n')}\n`);
    expect(message).toMatch(/^500 problems in s\.yaml\n/);
    expect(message).toMatch(/… and 400 more$/);
    expect(message.split('\n')).toHaveLength(102);
  });

  test.each([
    ['objects, one a line', '{"a":{"b":[1,2]},"c":"d"}\n', 40_000, /s\.yaml:2:1 {2}Unexpected/],
    ['aliases of nothing', '- *x\n', 130_000, /^130\s?000 problems/],
  ])('%s are told, and end', (_what, line, count, message) => {
    expect(refused(line.repeat(count))).toMatch(message);
  });

  test('faults that wait for one another, in a row or in a circle', () => {
    const chain = (first: string) =>
      `${HEAD}${EXPECT}faults:\n${Array.from({ length: 300 }, (_, n) => `  - { name: f${n}, ${n === 0 ? first : `after: f${n - 1}.end`}, for: 1s, links: [connect-up], cut: drop }`).join('\n')}`;
    expect(plan(read(chain('at: 0s')), { compress: 1, seed: 1 }).disruptMs).toBe(300_000);
    expect(refused(chain('after: f299.end'))).toContain('waits for … waits for f0: a circle');
  });

  test('what shows only in the timeline has its place, in every variant, with all the rest', () => {
    const often =
      '{ name: often, at: 0s, for: 1s, every: 2s, until: 3h, links: [connect-up], cut: drop }';
    const text = `${HEAD}${EXPECT}faults:\n  - ${CUT}\n  - ${often}\n`;
    expect(refused(text)).toMatch(/s\.yaml:8:5 {2}faults\[1\]: often comes/);
    expect(refused(`${text}variants: { x: { title: '' } }`)).toMatch(/^2 problems/);
  });
});

describe('a file', () => {
  const folder = folderForAll();
  const written = (name: string, content: string | Uint8Array): string => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };

  test.each([
    ['utf-8 with a mark', Buffer.from(`\uFEFF${HEAD}`)],
    ['lines that end with carriage returns alone', Buffer.from(HEAD.replaceAll('\n', '\r'))],
    ['utf-16, little end first', Buffer.from(`\uFEFF${HEAD}`, 'utf16le')],
    ['utf-16, big end first', Buffer.from(`\uFEFF${HEAD}`, 'utf16le').swap16()],
  ])('is read as %s', (name, bytes) => {
    expect(readText(written(name, bytes))).toBe(HEAD);
  });

  test.each([
    ['bytes', Uint8Array.of(0x61, 0xff, 0x3a), /no UTF-8 text/],
    ['zeros', 'a\0b', /zero bytes/],
  ])('of %s is refused', (name, content, message) => {
    expect(() => readText(written(name, content))).toThrow(message);
  });

  test('that is none is refused in words', () => {
    mkdirSync(join(folder, 'folder.yaml'));
    expect(() => readText(join(folder, 'folder.yaml'))).toThrow(/it is a folder/);
    expect(() => readText(join(folder, 'none.yaml'))).toThrow(/there is no such file/);
    expect(() => readText('/dev/zero')).toThrow(/larger than 32 MB/);
  });

  test('that is a pipe of which nobody holds the other end is not waited for', () => {
    const pipe = join(folder, 'pipe.yaml');
    execFileSync('mkfifo', [pipe]);
    expect(() => readText(pipe)).toThrow(/nobody writes into/);
  });
});
