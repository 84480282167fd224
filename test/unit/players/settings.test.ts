// Holds what players declare against what the installed versions have.

import { readFileSync } from 'node:fs';
import { createContext, Script } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { configSchema } from '../../../harness/scenario/playerConfig.ts';
import { pagePlayers, PLAYERS, type KnownPlayer } from '../../../players/registry.ts';
import { findVersions } from '../../../players/installed.ts';
import type { Settings } from '../../../players/settings/setting.ts';

type Values = Readonly<Record<string, unknown>>;

const isMapping = (value: unknown): value is Values =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Paths of the numbers and flags that a configuration has and the settings do not. */
const undeclared = (values: Values, settings: Settings, refused: readonly string[]): string[] =>
  Object.entries(values).flatMap(([key, value]) => {
    const setting = settings[key];
    if (refused.includes(key)) return [];
    if (!isMapping(value)) return setting || !/^(number|boolean)$/.test(typeof value) ? [] : [key];
    const inside = setting?.kind === 'group' ? setting.settings : {};
    return undeclared(value, inside, refused).map((path) => `${key}.${path}`);
  });

/** The part of a configuration that can stand in a file. */
const plain = (values: Values): Values =>
  Object.fromEntries(
    Object.entries(values).flatMap(([key, value]) => {
      if (isMapping(value))
        return Object.keys(plain(value)).length > 0 ? [[key, plain(value)]] : [];
      return typeof value === 'boolean' || Number.isFinite(value) ? [[key, value]] : [];
    }),
  );

describe('shaka-player', () => {
  const { settings, refused } = PLAYERS.shaka;
  const text = readFileSync('node_modules/shaka-player/dist/shaka-player.compiled.js', 'utf8');
  const own = {
    setTimeout,
    clearTimeout,
    console,
    URL,
    navigator: { userAgent: '', platform: '', vendor: '' },
    document: { createElement: () => ({}) },
  };
  const context = createContext(own);
  Object.assign(context, { self: context, window: context });
  new Script(text).runInContext(context);
  const { shaka } = context as unknown as {
    shaka: { util: { PlayerConfiguration: { createDefault(): Values } } };
  };
  const defaults = shaka.util.PlayerConfiguration.createDefault();

  test('every key is declared or refused', () => {
    const known = [...Object.keys(settings), ...Object.keys(refused)];
    expect(Object.keys(defaults).toSorted()).toEqual(known.toSorted());
    // Formats that the wall does not play, keys of rights and addresses.
    expect(undeclared(defaults, settings, [...Object.keys(refused), 'msf', 'cmcd'])).toEqual([
      'networking.forceHTTP',
      'networking.forceHTTPS',
    ]);
  });

  test('takes its own defaults', () => {
    const { manifest, streaming, abr, restrictions } = defaults;
    const { msf, ...played } = plain(manifest as Values);
    expect(msf).toBeDefined();
    const given = { manifest: played, ...plain({ streaming, abr, restrictions }) };
    expect(configSchema(PLAYERS.shaka).safeParse(given)).toMatchObject({
      success: true,
    });
  });

  test.each([
    [{ manifest: { dash: { clockSyncUri: 'http://a/' } } }, 'clockSyncUri'],
    [{ drm: { servers: {} } }, 'licences'],
    [{ mediaSource: { transmuxWorkerUrl: 'data:,' } }, 'transmuxWorkerUrl'],
    [{ streaming: { failureCallback: 'x' } }, 'failureCallback'],
    [{ abrFactory: 'x' }, 'takes code'],
  ])('%j is refused', (config, says) => {
    const refusal = configSchema(PLAYERS.shaka).safeParse(config);
    expect(JSON.stringify(refusal.error?.issues)).toContain(says);
  });
});

describe('dash.js', () => {
  const { settings, refused } = PLAYERS['dash.js'];
  const element = { style: {}, canPlayType: () => '' };
  const own = { setTimeout, clearTimeout, URL, location: { href: 'http://a/' } };
  const context = createContext({
    ...own,
    navigator: { userAgent: '' },
    addEventListener: () => undefined,
    getComputedStyle: () => ({}),
    document: { createElement: () => element, documentElement: element },
  });
  Object.assign(context, { self: context, window: context });
  new Script(
    readFileSync('node_modules/dashjs/dist/modern/umd/dash.all.min.js', 'utf8'),
  ).runInContext(context);
  const { dashjs } = context as unknown as {
    dashjs: { MediaPlayer(): { create(): { getSettings(): { streaming: Values } } } };
  };
  const defaults = dashjs.MediaPlayer().create().getSettings();
  const { streaming } = settings as unknown as Record<'streaming', Pick<KnownPlayer, 'settings'>> &
    Record<'streaming', { readonly refused: object }>;

  test('every key is declared or refused', () => {
    const known = [...Object.keys(settings), ...Object.keys(refused)];
    expect(Object.keys(defaults).toSorted()).toEqual(known.toSorted());
    const inside = [...Object.keys(streaming.settings), ...Object.keys(streaming.refused)];
    expect(Object.keys(defaults.streaming).toSorted()).toEqual(inside.toSorted());
    const rights = ['license', 'licenseCertificate'];
    const without = [...Object.keys(streaming.refused), ...rights];
    expect(undeclared(defaults.streaming, streaming.settings, without)).toEqual([]);
  });
});

describe('video.js', () => {
  const folder = 'node_modules/@videojs/http-streaming';
  const source = readFileSync(`${folder}/dist/videojs-http-streaming.es.js`, 'utf8');
  const { settings, refused } = PLAYERS['video.js'];
  const known = [...Object.keys(settings), ...Object.keys(refused)];

  test('every option of its streaming engine is declared or refused', () => {
    const listed = /\['withCredentials', ([^\]]*)\]\.forEach\(option/.exec(source)?.[1] ?? '';
    const read = [...listed.matchAll(/'(\w+)'/g)].map(([, key]) => key!);
    expect(read.length).toBeGreaterThan(15);
    expect(read.filter((key) => !known.includes(key))).toEqual([]);
  });

  test('none is declared that it does not read', () => {
    expect(known.filter((key) => !source.includes(key))).toEqual([]);
  });
});

describe('packages of players', () => {
  test('have their versions, which the first lines of a record name', () => {
    const { version } = JSON.parse(
      readFileSync('node_modules/shaka-player/package.json', 'utf8'),
    ) as { version: string };
    expect(findVersions(pagePlayers(['shaka', 'hls.js', 'nobody']))).toEqual({
      shaka: version,
      'hls.js': expect.stringMatching(/^1\.7\./) as string,
    });
  });

  test('that are missing are asked for by name', () => {
    const missing = { ...PLAYERS.shaka, package: 'nobody-made-this' };
    expect(() => findVersions({ shaka: PLAYERS.shaka, tele: missing })).toThrow(
      'not installed: the player tele',
    );
  });

  test('are pinned, so that a figure belongs to one version', () => {
    const { dependencies, optionalDependencies } = JSON.parse(
      readFileSync('package.json', 'utf8'),
    ) as Record<'dependencies' | 'optionalDependencies', Record<string, string>>;
    for (const one of Object.values(pagePlayers(Object.keys(PLAYERS))))
      expect({ ...dependencies, ...optionalDependencies }[one.package]).toMatch(/^[\d.]+$/);
  });
});
