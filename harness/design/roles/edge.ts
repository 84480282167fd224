// The cache in front of the viewers.

import { count, duration, flag, mapping, span } from '../../fields/fields.ts';
import type { EdgeStage } from '../../model/scenario.ts';
import { role } from '../role.ts';

const originFailover = mapping(
  'The way an edge with several origins moves from the first that is linked to the next.',
  {
    maxFails: count('Failures after which an origin is left alone.', 1, 100).default(1),
    failTimeout: span('… and for how long, in whole seconds.')
      .refine((ms) => ms % 1000 === 0, { error: 'expected whole seconds' })
      .prefault('10s'),
  },
);

const keys = {
  playlistTtl: duration(
    'The time that a playlist is kept; half a segment when not said.',
  ).optional(),
  segmentTtl: duration('The time that a segment is kept.').prefault('60s'),
  errorTtl: duration('The time that an error answer of the origin is kept; 0 = not.').prefault(
    '0s',
  ),
  staleIfError: flag('Serve an expired object when the origin fails.').default(false),
  collapse: flag('One request to the origin for many viewers.').default(true),
  originTimeout: span('The time that the origin may take to answer.', '1h').prefault('5s'),
  originFailover: originFailover.optional(),
};

export const edge = role<EdgeStage, typeof keys>({
  role: 'edge',
  word: 'The cache in front of the viewers.',
  about: 'The cache in front of the viewers.',
  // One edge behind another makes a shield of the one before.
  follows: ['origin', 'edge'],
  connects: 'itself',
  inputs: 'each stage',
  transports: ['tcp'],
  carriesPicture: true,
  carriesFrames: false,
  perChannel: false,
  servesViewers: true,
  count: [1, Infinity],
  program: 'edge',
  memoryMb: 1536,
  commands: ['http'],
  tells: ['requests', 'bytesIn', 'bytesOut', 'programmeCounter'],
  keys,
  read: (entry, { segmentMs }) => ({
    playlistTtlMs: entry.playlistTtl ?? Math.round(segmentMs / 2),
    segmentTtlMs: entry.segmentTtl,
    errorTtlMs: entry.errorTtl,
    staleIfError: entry.staleIfError,
    collapse: entry.collapse,
    originTimeoutMs: entry.originTimeout,
    ...(entry.originFailover
      ? {
          originFailover: {
            maxFails: entry.originFailover.maxFails,
            failTimeoutMs: entry.originFailover.failTimeout,
          },
        }
      : {}),
  }),
  playlistMs: ({ playlistTtlMs }) => playlistTtlMs,
  check: ({ stage, inputs }) =>
    stage.originFailover && inputs === 1
      ? [{ key: 'originFailover', message: 'goes with several links to it: there is one origin' }]
      : [],
});
