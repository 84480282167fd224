// CAP 1.2 files: each mistake is one clear error, and what we take the schema of the standard takes.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readCap } from '../../../harness/scenario/cap.ts';
import { parseScenario } from '../../../harness/scenario/load.ts';
import { openScenario } from '../../../harness/scenario/openScenario.ts';
import { capText, isValidCap, type CapWish } from '../../support/cap.ts';
import { designTexts } from '../../support/designs.ts';
import { drill } from '../../support/drill.ts';
import { folderForAll } from '../../support/folders.ts';
import { refusal } from '../../support/refusal.ts';

const problemsOf = (text: string) =>
  readCap(text, 'a.xml').problems.map(
    ({ line, column, path, message }) => `${line}:${column} ${path} ${message}`,
  );

describe('a CAP message', () => {
  it('is read', () => {
    const { message, problems } = readCap(capText(), 'a.xml');
    expect(problems).toEqual([]);
    expect(message).toMatchObject({ identifier: 'fr-76-0001', status: 'Actual' });
    expect(isValidCap(capText())).toBe(true);
  });

  /** Refused by us and by the schema of the standard, with the same file. */
  const bad: readonly (readonly [string, CapWish, RegExp])[] = [
    [
      'namespace',
      { namespace: 'urn:oasis:names:tc:emergency:cap:1.1' },
      /expected the namespace .*cap:1\.2, got/,
    ],
    ['date', { sent: '12/09/2025' }, /^3:76 sent expected a date and time with its offset/],
    ['day that is none', { sent: '2025-02-30T22:25:00+02:00' }, /sent expected a date/],
    ['severity', { severity: 'Huge' }, /info\[0\]\.severity expected one of Extreme/],
    ['status', { status: 'Real' }, /status expected one of Actual/],
    ['order', { head: '<note>n</note><code>c</code>' }, /code stands too late/],
    ['unknown element', { head: '<colour>red</colour>' }, /colour unknown key colour/],
    ['prototype', { head: '<__proto__>a</__proto__>' }, /__proto__ cannot be used/],
    ['doubled element', { head: '<note>a</note><note>b</note>' }, /note is there already/],
    ['depth', { head: `${'<a>'.repeat(9000)}${'</a>'.repeat(9000)}` }, /at most 100 levels/],
    ['missing element', { info: '<info><category>Safety</category></info>' }, /event is missing/],
    ['no category', { info: '<info><event>e</event></info>' }, /category is missing/],
    ['brokenness', { headline: 'a <b' }, /no well-formed XML/],
  ];
  it.each(bad)('with a wrong %s is refused, as by the standard', (_, wish, message) => {
    const text = capText(wish);
    expect(problemsOf(text).join('\n')).toMatch(message);
    expect(isValidCap(text)).toBe(false);
  });

  /** The schema takes these: what it cannot say stands in the text of the standard, or is ours. */
  const stricter: readonly (readonly [string, CapWish, RegExp])[] = [
    [
      'expires before it takes effect',
      { expires: '2025-09-12T22:20:00+02:00' },
      /info\[0\]\.expires .* is not after/,
    ],
    ['updates nothing', { msgType: 'Update' }, /is missing: references; Update says/],
    ['cancels nothing', { msgType: 'Cancel' }, /is missing: references; Cancel says/],
    [
      'refers to no message',
      { msgType: 'Update', head: '<references>that one</references>' },
      /expected sender,identifier,sent/,
    ],
    ['answers another system', { msgType: 'Ack' }, /expected Alert, Update or Cancel/],
    ['is a draft', { status: 'Draft' }, /Draft is not for screens/],
    [
      'is an exercise marked as actual',
      { event: 'Exercice national' },
      /is Actual, and the message calls itself an exercise/,
    ],
    [
      'has an identifier with a space',
      { identifier: 'fr 76' },
      /identifier expected a name without spaces/,
    ],
    ['has 5 MB of text', { headline: 'a'.repeat(5_000_000) }, /at most 2 million characters/],
    ['has too long a text', { headline: 'a'.repeat(6_000) }, /at most 5000 characters/],
    [
      'has control characters',
      { headline: 'a&#x85;b' },
      /headline expected text without control characters/,
    ],
  ];
  it.each(stricter)('that %s is refused', (_, wish, message) => {
    expect(problemsOf(capText(wish)).join('\n')).toMatch(message);
  });

  it.each([
    ['entities', '<!DOCTYPE alert [<!ENTITY x "y">]>\n', '&x;'],
    ['a document type', '<!DOCTYPE alert SYSTEM "http://example.org/a.dtd">\n', 'h'],
  ])('with %s is refused before anything is read', (_, before, headline) => {
    expect(problemsOf(capText({ before, headline }))).toEqual([
      expect.stringContaining('document types and entities are refused'),
    ]);
  });

  it('tells one mistake of each element', () => {
    const text = capText({ status: 'Real', severity: 'Huge', sent: 'now' });
    expect(problemsOf(text)).toHaveLength(3);
  });
});

const SCENARIO = `
name: by-cap
title: An alert by a CAP file
kind: drill
design: single-access
clock: 2025-09-12T22:15:00+02:00
viewers: { count: 1, area: '76540' }
alerts:
  - { cap: FILES, carriage: cloud }
expect: [recovered == 100%]
`;
const DESIGNS = designTexts('single-access');

function readScenario(files: Readonly<Record<string, string>>, said = SCENARIO) {
  const text = said.replace('FILES', `[${Object.keys(files).join(', ')}]`);
  return parseScenario(text, 's.yaml', DESIGNS, { readFile: (name) => files[name] ?? '' });
}

const refused = (files: Readonly<Record<string, string>>, said?: string): string =>
  refusal(() => readScenario(files, said)).message;

const REFERENCES =
  '<references>prefecture@example.fr,fr-76-0001,2025-09-12T22:25:00+02:00</references>';
const update = {
  identifier: 'fr-76-0002',
  msgType: 'Update',
  head: REFERENCES,
  headline: 'Sortez',
};
const later = { sent: '2025-09-12T22:32:00+02:00' };

describe('a scenario with CAP files', () => {
  it('has the alert at its times, with its update and its end', () => {
    const cancel = { identifier: 'fr-76-0003', msgType: 'Cancel', head: REFERENCES };
    const { alerts } = readScenario({
      'a.xml': capText(),
      'b.xml': capText({ ...update, ...later }),
      'c.xml': capText({ ...cancel, sent: '2025-09-12T22:45:00+02:00', info: '' }),
    });
    expect(alerts).toEqual([
      {
        id: 'fr-76-0001',
        areas: ['Rouen', '76540'],
        severity: 'extreme',
        text: 'Restez chez vous',
        exercise: false,
        carriages: ['cloud'],
        atMs: 600_000,
        updates: [{ atMs: 17 * 60_000, text: 'Sortez' }],
        endMs: 30 * 60_000,
      },
    ]);
  });

  it.each([
    [
      'a message played again',
      { ...update, sent: '2025-09-12T22:20:00+02:00' },
      /an old message that is played again/,
    ],
    [
      'a message twice',
      { ...update, ...later, identifier: 'fr-76-0001' },
      /two messages of prefecture@example\.fr are called/,
    ],
    ['the alert itself again', {}, /two messages of prefecture@example\.fr are called/],
    [
      'a foreign reference',
      { ...update, ...later, head: REFERENCES.replace('0001', '0009') },
      /names none of the messages/,
    ],
    [
      'an exercise that updates an alert',
      { ...update, ...later, status: 'Exercise' },
      /of different status/,
    ],
  ])('refuses %s', (_, second, message) => {
    expect(refused({ 'a.xml': capText(), 'b.xml': capText(second) })).toMatch(message);
  });

  it('refuses a list of no files', () => {
    expect(refused({})).toMatch(/alerts\[0\]\.cap: expected the name of a file, or a list/);
  });

  it('points into the CAP file and at the scenario', () => {
    expect(refused({ 'a.xml': capText({ severity: 'Huge' }) })).toMatch(
      /a\.xml:6:5 {2}info\[0\]\.severity: expected one of/,
    );
    expect(refused({ 'a.xml': capText({ sent: '2024-09-12T22:25:00+02:00' }) })).toMatch(
      /is before 2025-09-12T22:15:00\+02:00, the clock/,
    );
    const said = SCENARIO.replace('carriage: cloud', 'carriage: cloud, exercise: true');
    expect(refused({ 'a.xml': capText() }, said)).toMatch(/s\.yaml:9:\d+ .*has status Actual/);
  });
});

describe('a scenario that a search opens', () => {
  const folder = folderForAll();

  it.each([
    ['beside it', 'alert.xml'],
    ['by its whole path', join(folder, 'alert.xml')],
  ])('has the alert of a file %s', async (_, cap) => {
    writeFileSync(join(folder, 'alert.xml'), capText());
    const file = join(folder, 's.yaml');
    const alerts = `alerts: [{ cap: ${cap}, carriage: playout }]\n`;
    const rest = 'clock: 2025-09-12T22:20:00+02:00\nviewers: { area: Rouen }\n';
    writeFileSync(file, drill(alerts + rest, 'alerted-tv'));
    const { read, source } = await openScenario(file, {});
    const { scenario } = read(source.data as Parameters<typeof read>[0]);
    expect(scenario?.alerts).toMatchObject([{ id: 'fr-76-0001', exercise: false }]);
  });
});
