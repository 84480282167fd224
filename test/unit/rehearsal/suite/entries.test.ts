// Tests what a suite chooses, from files on the disk.

import { mkdtempSync, rmSync, writeFileSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SuiteEngine } from '../../../../harness/rehearsal/suite/engines.ts';
import { planSuite, type SuiteWishes } from '../../../../harness/rehearsal/suite/entries.ts';
import { findScenarioFiles } from '../../../../harness/rehearsal/suite/files.ts';

let folder: string;
const file = (name: string) => join(folder, name);
const scenario = (name: string, more = '') => `
name: ${name}
title: About ${name}
kind: drill
design: single-access
viewers: { count: 2 }
faults: [{ name: cut, at: 1s, for: 10s, links: [connect-up], cut: hold }]
expect: [recovered == 100%]
${more}`;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ecran-noir-suite-'));
  mkdirSync(file('more'));
  writeFileSync(file('night.yaml'), scenario('night', 'tags: [nightly, slow]'));
  writeFileSync(file('more/day.yml'), scenario('day', 'variants: { short: { title: Short } }'));
  writeFileSync(file('more/design.yaml'), 'stages: {}');
  writeFileSync(file('broken.txt'), scenario('broken').replace('cut: hold', 'cut: hodl'));
  writeFileSync(file('twin.txt'), scenario('night'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const ENGINE: SuiteEngine = {
  repeatable: true,
  expectMs: ({ disruptMs }) => disruptMs,
  open: () => Promise.reject(new Error('nothing is played here')),
};
const wishes: SuiteWishes = {
  compress: 1,
  seed: undefined,
  viewers: undefined,
  variants: false,
  designs: [],
  players: [],
  repeat: 1,
  tags: [],
  grep: undefined,
  changed: undefined,
};
const keys = async (more: Partial<SuiteWishes> = {}, files = findScenarioFiles([folder])) =>
  (await planSuite(files, { ...wishes, ...more }, ENGINE)).map(({ key }) => key);

describe('the files of a suite', () => {
  it('are the scenarios of a folder or glob, each once, whatever lies beside them', () => {
    const names = (...paths: string[]) => findScenarioFiles(paths).map((path) => resolve(path));
    expect(names(folder)).toEqual([file('more/day.yml'), file('night.yaml')]);
    expect(names(`${folder}/*.yaml`, file('night.yaml'))).toEqual([file('night.yaml')]);
  });

  it('are asked for where a path has none', () => {
    expect(() => findScenarioFiles([file('nowhere')])).toThrow(/no scenario is there/);
  });
});

describe('the entries of a suite', () => {
  it('are chosen by tag, kind, name and what changed', async () => {
    expect(await keys()).toEqual(['day', 'night']);
    expect(await keys({ tags: ['nightly'] })).toEqual(['night']);
    expect(await keys({ tags: ['drill'] })).toEqual(['day', 'night']);
    expect(await keys({ grep: /about day/i })).toEqual(['day']);
    expect(await keys({ changed: new Set([file('night.yaml')]) })).toEqual(['night']);
    expect(await keys({ changed: new Set() })).toEqual([]);
  });

  it('change with the design that they are played on', async () => {
    const design = resolve('scenarios/designs/single-access.yaml');
    expect(await keys({ changed: new Set([design]) })).toEqual(['day', 'night']);
  });

  it('are a matrix of variants, designs and repeats', async () => {
    expect(
      await keys({
        variants: true,
        designs: ['single-access', 'stale-404'],
        repeat: 2,
        grep: /day/,
      }),
    ).toEqual([
      ...['day+short@single-access', 'day+short@single-access~2', 'day+short@stale-404'],
      ...['day+short@stale-404~2', 'day@single-access', 'day@single-access~2'],
      ...['day@stale-404', 'day@stale-404~2'],
    ]);
  });

  it('are played by each of some players', async () => {
    const [hls, videojs] = await planSuite(
      [file('night.yaml')],
      { ...wishes, players: ['hls.js', 'video.js'] },
      ENGINE,
    );
    expect([hls?.key, videojs?.key]).toEqual(['night=hls.js', 'night=video.js']);
    expect(videojs?.plan.scenario).toMatchObject({
      otherPlayer: 'video.js',
      viewers: { player: 'video.js' },
    });
  });

  it.each([
    ['vidoe.js', /no player of a browser is called vidoe\.js.*did you mean video\.js/],
    ['settopbox', /no player of a browser is called settopbox/],
    ['dash.js', /night\.yaml:\d+:\d+ .*dash\.js/],
  ])('are refused for the player %s', async (player, said) => {
    await expect(keys({ players: [player] }, [file('night.yaml')])).rejects.toThrow(said);
  });

  it('take the time that the engine says', async () => {
    const [entry] = await planSuite([file('night.yaml')], { ...wishes, compress: 2 }, ENGINE);
    expect(entry?.expectedMs).toBe(entry?.plan.disruptMs);
  });

  it('are played less compressed where their expectations hold no further', async () => {
    writeFileSync(file('timers.txt'), scenario('timers', 'compressAtMost: 4'));
    const files = [file('night.yaml'), file('timers.txt')];
    const timesAt = async (compress: number) =>
      (await planSuite(files, { ...wishes, compress }, ENGINE)).map(({ plan }) => plan.compress);
    expect([await timesAt(60), await timesAt(2)]).toEqual([
      [60, 4],
      [2, 2],
    ]);
  });

  it('tell the problems of every file before anything starts', async () => {
    const files = [file('broken.txt'), file('night.yaml'), file('missing.yaml')];
    await expect(keys({}, files)).rejects.toMatchObject({ code: 'SCENARIO_INVALID' });
    await expect(keys({}, files)).rejects.toThrow(/broken\.txt:7:\d+ [^]*missing\.yaml/);
  });

  it('are refused where two have one name', async () => {
    await expect(keys({}, [file('night.yaml'), file('twin.txt')])).rejects.toThrow(
      /two scenarios are called night: .*night\.yaml and .*twin\.txt/,
    );
  });
});
