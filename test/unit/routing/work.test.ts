// Tests the events that announced work on an access becomes.

import { describe, expect, it } from 'vitest';
import type { WorkTarget } from '../../../harness/model/access.ts';
import { eventsOfWork, pathsAt, type PathWork } from '../../../harness/routing/work.ts';
import { connection } from './builders.ts';

const A = connection('a', 200, { operator: 'north', country: 'FR' });
const B = connection('b', 100, { operator: 'south', country: 'DE', location: A.location });
const access = { paths: [A, B] };

describe('a target of work', () => {
  it.each<[WorkTarget['kind'], string, readonly string[]]>([
    ['path', 'a', ['a']],
    ['device', 'device-b', ['b']],
    ['location', 'location-a', ['a', 'b']],
    ['operator', 'south', ['b']],
    ['country', 'FR', ['a']],
    ['path', 'device-b', []],
    ['stage', 'a', []],
    ['zone', 'a', []],
  ])('%s %s stands for %j', (kind, name, paths) => {
    expect(pathsAt(access, [{ kind, name }]).map((path) => path.name)).toEqual(paths);
  });

  it('counts a path once, in the order of the access', () => {
    const targets: WorkTarget[] = [
      { kind: 'path', name: 'b' },
      { kind: 'device', name: 'device-b' },
      { kind: 'operator', name: 'north' },
    ];
    expect(pathsAt(access, targets)).toEqual([A, B]);
  });
});

describe('work from 100 to 400', () => {
  const events = (changes: Partial<PathWork>) =>
    eventsOfWork(
      {
        of: 'window',
        kind: 'work',
        targets: [{ kind: 'path', name: 'a' }],
        fromMs: 100,
        toMs: 400,
        drain: { style: 'none', leadMs: 30 },
        ...changes,
      },
      access,
    ).map(({ kind, atMs, ...more }) => {
      expect(more).toMatchObject({ path: 'a', of: 'window' });
      return [
        kind,
        atMs,
        ...('style' in more ? [more.style] : []),
        ...('forMs' in more ? [more.forMs] : []),
      ];
    });
  const drain = { style: 'prepend', leadMs: 30 } as const;

  it.each<[string, Partial<PathWork>, readonly unknown[]]>([
    [
      'takes the path away and gives it back',
      {},
      [
        ['down', 100],
        ['restored', 400],
      ],
    ],
    [
      'is drained before',
      { drain },
      [
        ['drain', 70, 'prepend'],
        ['down', 100],
        ['restored', 400],
      ],
    ],
    [
      'may only drain',
      { kind: 'drain', drain },
      [
        ['drain', 70, 'prepend'],
        ['restored', 400],
      ],
    ],
    [
      'may be a test of the failover',
      { kind: 'failover-test', drain },
      [
        ['drain', 70, 'prepend'],
        ['failover-test', 100, 300],
        ['restored', 400],
      ],
    ],
    ['on no path does nothing', { targets: [{ kind: 'stage', name: 'a' }] }, []],
  ])('%s', (_title, changes, expected) => {
    expect(events(changes)).toEqual(expected);
  });
});
