// Everyday use of the command line: a first scenario, what there is, readers that go away, signals.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { capText } from '../../support/cap.ts';
import { ecranNoir, MAIN } from '../../support/cli.ts';
import { folderForEach } from '../../support/folders.ts';

const NIGHT = `${process.cwd()}/scenarios/incidents/orange-2025-09-12.yaml`;

let folder: string;
folderForEach((path) => (folder = path));

const here = (...args: string[]) => ecranNoir(args, { cwd: folder });

describe('the command line', () => {
  it('by itself is help', async () => {
    expect(await here()).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('Commands:'),
    });
  });

  it('writes a first scenario and design, which are right, and never over others', async () => {
    const args = ['init', '--name', 'friday', '--design', 'dual-access-bfd', '--for', '40m'];
    expect(await here(...args)).toMatchObject({ exitCode: 0 });
    const checked = await here('validate', 'friday.yaml', 'designs/friday-design.yaml');
    expect(checked).toMatchObject({ exitCode: 0 });
    expect(checked.stdout.match(/^ok /gm)).toHaveLength(2);
    expect(await here(...args)).toMatchObject({ exitCode: 64 });
    expect((await here('list', 'designs')).stdout).toContain('friday-design');
  });

  it('validates an alert by the CAP file beside a scenario', async () => {
    writeFileSync(join(folder, 'a.xml'), capText());
    const text = `name: a\ntitle: A\nkind: drill\ndesign: single-access\nclock: 2025-09-12T22:15:00+02:00
viewers: { count: 1, area: '76540' }\nalerts: [{ cap: a.xml, carriage: cloud }]\nexpect: [alertReach == 100%]\n`;
    writeFileSync(join(folder, 'cap.yaml'), text);
    expect(await here('validate', 'cap.yaml')).toMatchObject({ exitCode: 0 });
    writeFileSync(join(folder, 'a.xml'), capText({ expires: '2025-09-12T22:20:00+02:00' }));
    expect((await here('validate', 'cap.yaml')).stderr).toContain('info[0].expires');
  });

  it('lists what there is, also as JSON', async () => {
    const { stdout } = await here('list', '--json');
    const listed = JSON.parse(stdout) as Record<string, { name: string; title: string }[]>;
    expect(Object.keys(listed)).toEqual(['scenarios', 'designs', 'players', 'faults']);
    for (const { title } of Object.values(listed).flat()) expect(title).not.toBe('');
  });

  it('opens the newest report, or says that there is none', async () => {
    expect(await here('open', '--print')).toMatchObject({ exitCode: 64 });
    mkdirSync(join(folder, 'runs', 'a', 'latest'), { recursive: true });
    writeFileSync(join(folder, 'runs', 'a', 'latest', 'report.html'), '<p>');
    expect((await here('open', '--print')).stdout).toMatch(/runs\/a\/latest\/report\.html$/);
  });

  it('says what compare can compare when it is not told', async () => {
    const { exitCode, stderr } = await here('compare', NIGHT);
    expect(exitCode).toBe(64);
    expect(stderr).toMatch(/dual-access-bfd.*variants: on-time/s);
  });

  it('refuses numbers that are none, and options that are there twice', async () => {
    for (const args of [
      ['--seed', 'foo'],
      ['--compress', 'abc'],
      ['--viewers', 'x'],
      ['--design', 'a', '--design', 'b'],
    ])
      expect(await here('plan', NIGHT, ...args)).toMatchObject({ exitCode: 64 });
  });

  it.each([
    ['scalar', 'hello'],
    ['utf-16 without a mark', Buffer.from('a: 1', 'utf16le')],
    ['binary', Uint8Array.from({ length: 64 }, (_, i) => i * 4)],
  ])('validate refuses a file that is %s', async (_what, content) => {
    writeFileSync(join(folder, 'x.yaml'), content);
    expect(await here('validate', 'x.yaml')).toMatchObject({ exitCode: 64 });
  });
});

describe('what is accepted and said', () => {
  it('validate tells of laws and countries that nobody knows', async () => {
    const design = readFileSync('scenarios/designs/single-access.yaml', 'utf8');
    const text = design.replace('country: FR', 'country: UK\n    law: [Atlantis]');
    writeFileSync(join(folder, 'odd.yaml'), text);
    const { exitCode, stdout } = await here('validate', 'odd.yaml');
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^ok .*\n {3}note: no country has the law Atlantis.*\n {3}note: .*UK/);
  });
});

describe('who reads and who asks may go', () => {
  const start = (args: readonly string[]) =>
    spawn(process.execPath, [MAIN, ...args], { cwd: folder, stdio: 'pipe' });

  it('a reader that goes away changes no exit code', async () => {
    const child = start(['plan', NIGHT, '--json']);
    child.stdout.destroy();
    expect(await once(child, 'exit')).toEqual([0, null]);
  });

  it('doctor, interrupted, ends with 130', async () => {
    const child = start(['doctor']);
    let said = '';
    const answered = setInterval(() => child.kill('SIGINT'), 100);
    child.stderr.on('data', (data: Buffer) => {
      said += data.toString();
      clearInterval(answered);
    });
    const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
    clearInterval(answered);
    // Before it listens, the signal ends it as it ends everything.
    expect([code ?? signal]).toContainEqual(code === null ? 'SIGINT' : 130);
    expect(said).not.toContain('our own bug');
  });

  it('toxiproxy ends with its standard input when asked to', async () => {
    const child = start(['toxiproxy', '--port', '0', '--exit-with-stdin']);
    child.stdin.end();
    expect(await once(child, 'exit')).toEqual([0, null]);
  });
});
