// A scenario may come from a stranger: of a player's settings it can set those that the player
// declares, and none of them becomes code, a program or an address.

import Hls from 'hls.js';
import { describe, expect, test } from 'vitest';
import { configSchema } from '../../../harness/scenario/playerConfig.ts';
import { parseScenario } from '../../../harness/scenario/load.ts';
import { PLAYERS } from '../../../players/registry.ts';
import { designTexts } from '../../support/designs.ts';

const player = PLAYERS['hls.js'];

const DESIGNS = designTexts('single-access');

const head = `name: s
title: A cut
kind: drill
design: single-access
faults: [{ name: cut, at: 10s, for: 50s, links: [connect-up], cut: drop }]
expect: [recovered == 100%]
`;

const read = (viewers: string) => parseScenario(`${head}viewers: ${viewers}\n`, 's.yaml', DESIGNS);

describe('settings of a player', () => {
  test.each([
    [
      'enableWorker: true, workerPath: "data:text/javascript,fetch(1)"',
      's.yaml:7:54  viewers.config.workerPath: workerPath cannot be set by a scenario: it names a program',
    ],
    ['loader: "eval(1)"', 'loader cannot be set by a scenario: it takes code'],
    ['widevineLicenseUrl: "http://a/"', 'licences and their servers'],
    ['drmSystems: { "com.widevine.alpha": { licenseUrl: "http://a/" } }', 'config.drmSystems: '],
    ['cmcd: { eventTargets: [{ url: "http://a/" }] }', 'unknown key eventTargets'],
    ['cmcd: { contentId: "http://a/" }', 'without an address'],
    ['captionsTextTrack1Label: "javascript:alert(1)"', 'without an address'],
    ['fragLoadPolicy: { default: { shouldRetry: "1" } }', 'unknown key shouldRetry'],
    ['maxBuferLength: 3', 'unknown key maxBuferLength; did you mean maxBufferLength?'],
    ['nothingOfTheKind: 3', '… ('],
    ['maxBufferLength: "3"', 'config.maxBufferLength: expected a number from 0 to 86400, got "3"'],
    ['maxBufferLength: -1', 'expected a number from 0 to 86400, got -1'],
    ['maxBufferLength: .inf', 'expected a number from 0 to 86400'],
    ['startLevel: 1.5', 'expected a whole number from -1 to 100'],
    ['liveSyncMode: edges', 'got "edges"; did you mean edge?'],
    ['lowLatencyMode: 1', 'expected true or false, got 1'],
    ['fragLoadPolicy: { default: { maxLoadTimeMs: 9 } }', 'maxTimeToFirstByteMs: is missing'],
    [
      'liveSyncDurationCount: 3, liveSyncDuration: 6',
      'liveSyncDurationCount and liveSyncDuration cannot stand together',
    ],
    ['liveMaxLatencyDurationCount: 3', 'expected liveSyncDurationCount beside it, and smaller'],
    ['liveSyncDuration: 6, liveMaxLatencyDuration: 6', 'expected liveSyncDuration beside it'],
  ])('%s is refused', (config, says) => {
    expect(() => read(`{ config: { ${config} } }`)).toThrow(says);
    const groups = `[{ name: a }, { name: b, config: { ${config} } }]`;
    expect(() => read(groups)).toThrow('viewers[1].config');
  });

  test('of a variant are held against the same', () => {
    const variants = 'variants: { v: { viewers: { config: { workerPath: a.js } } } }';
    expect(() => parseScenario(`${head}${variants}\n`, 's.yaml', DESIGNS)).toThrow(
      'workerPath cannot',
    );
  });

  test('reach the player when it declares them', () => {
    const config = `liveSyncDuration: 6, liveMaxLatencyDuration: 20, cmcd: { useHeaders: true },
      fragLoadPolicy: { default: { maxTimeToFirstByteMs: 900, maxLoadTimeMs: 9000,
        timeoutRetry: ~, errorRetry: { maxNumRetry: 1, retryDelayMs: 0, maxRetryDelayMs: 0 } } }`;
    expect(read(`{ config: { ${config} } }`).viewers).toMatchObject({
      config: { liveSyncDuration: 6, fragLoadPolicy: { default: { timeoutRetry: null } } },
    });
  });
});

describe('what hls.js declares', () => {
  const defaults = Object.entries(Hls.DefaultConfig as unknown as Record<string, unknown>);
  const isRefused = (key: string) => Object.hasOwn(player.refused, key);

  test('is every key that the installed version has, and nothing twice', () => {
    const known = [...Object.keys(player.settings), ...Object.keys(player.refused)];
    expect(defaults.map(([key]) => key).filter((key) => !known.includes(key))).toEqual([]);
    expect(known.filter((key, i) => known.indexOf(key) !== i)).toEqual([]);
  });

  test('takes its own defaults, and refuses everything that is code', () => {
    const schema = configSchema(player);
    const plain = defaults.filter(([key, value]) => !isRefused(key) && isFinal(value));
    expect(plain.length).toBeGreaterThan(60);
    const alone = plain.filter(([key]) => !key.startsWith('live') && !/Policy$/.test(key));
    expect(schema.safeParse(Object.fromEntries(alone))).toMatchObject({ success: true });
    for (const [key, value] of defaults.filter(([, value]) => typeof value === 'function'))
      expect(schema.safeParse({ [key]: value }).success, key).toBe(false);
  });
});

/** Neither without end, nor left open. */
const isFinal = (value: unknown): boolean =>
  typeof value === 'number' ? Number.isFinite(value) : value !== undefined && value !== null;
