// Another player in the browsers of a scenario: groups that have none stay, and what the other
// player does not know is refused at its place.

import { expect, it } from 'vitest';
import { findDesigns, parseScenario } from '../../../harness/scenario/load.ts';

const written = (viewers: string, design = 'single-access-tv') => `name: night
title: A night
kind: drill
design: ${design}
viewers:
${viewers}
faults:
  - { name: cut, at: 10s, for: 20s, links: [connect-up], cut: hold }
expect: [recovered == 100%]
`;
const withPlayer = (text: string, player: string) =>
  parseScenario(text, 'night.yaml', findDesigns('night.yaml'), { player });

it('is in every group of browsers, and in no other', () => {
  const groups = `  - { name: a }\n  - { name: b, player: shaka }\n  - { name: tv, player: settopbox }`;
  const { viewers, otherPlayer } = withPlayer(written(groups), 'video.js');
  expect(viewers).toMatchObject([
    { name: 'a', player: 'video.js' },
    { name: 'b', player: 'video.js' },
    { name: 'tv', player: 'settopbox' },
  ]);
  expect(otherPlayer).toBe('video.js');
});

it('does not take settings of the player before it', () => {
  const group = '  config: { liveSyncDurationCount: 3 }';
  expect(() => withPlayer(written(group), 'shaka')).toThrow(/night\.yaml:6:\d+ .*liveSyncDuration/);
});

it('needs a browser', () => {
  const boxes = '  player: settopbox';
  expect(() => withPlayer(written(boxes), 'shaka')).toThrow(/night\.yaml has no viewers in a br/);
});
