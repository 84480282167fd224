// A new player is one file and one line of the registry: a made-up one is named in a scenario and
// bundled into the page beside the real ones, and a real one is counted.

import { basename } from 'node:path';
import { describe, expect, it } from 'vitest';
import { viewersSchema } from '../../../harness/scenario/viewersSchema.ts';
import { bundlePage } from '../../../players/pageScript.ts';
import { findFleet, pagePlayers, PLAYERS, type KnownPlayers } from '../../../players/registry.ts';
import { productFiles } from './product.ts';

const players: KnownPlayers = {
  ...PLAYERS,
  'made-up': {
    carriage: 'ott',
    title: 'hands the address to the element',
    page: '../../test/repo/kinds/page/madeUpPlayer',
    package: 'hls.js',
    settings: {},
  },
};
const group = { count: 2, player: 'made-up' };

describe('a player that nobody knew before', () => {
  it('is named in a scenario once it is in the registry', () => {
    expect(viewersSchema(players).safeParse(group).success).toBe(true);
    expect(viewersSchema().safeParse(group).success).toBe(false);
    expect(findFleet(group.player, players)).toBe('wall');
  });

  it('is in the page that the browser loads, by its name', async () => {
    const script = await bundlePage(pagePlayers(['hls.js', 'made-up'], players));
    expect(script).toContain('"made-up": ');
    expect(script).toContain('elementGaveUp');
    expect(await bundlePage(pagePlayers(['hls.js']))).not.toContain('elementGaveUp');
  });

  it('must have its file', async () => {
    const missing = { ghost: { ...PLAYERS['hls.js'], page: 'ghostPlayer' } };
    await expect(bundlePage(missing)).rejects.toThrow('ghostPlayer');
  });
});

it('is named in two files of the product: its own and the registry', () => {
  const { page } = PLAYERS['hls.js'];
  const naming = productFiles()
    .filter(({ file, text }) => basename(file, '.ts') === page || text.includes(page))
    .map(({ file }) => file);
  expect(naming).toEqual(['players/page/hlsPlayer.ts', 'players/registry.ts']);
});
