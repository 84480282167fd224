// The YAML shape of what goes wrong: faults on the timeline and maintenance windows.

import { z } from 'zod';
import { DRAIN_STYLES } from '../model/access.ts';
import { clockTime, moment, signedMoment, zone } from './clockFields.ts';
import {
  after,
  choice,
  count,
  cpus,
  drawn,
  duration,
  memoryMb,
  name,
  offset,
  rateKbps,
  share,
  shareAboveZero,
  size,
  span,
  text,
} from './fields.ts';

const names = (description: string, of: string) =>
  z
    .array(name(`Name of a ${of}.`), { error: `expected a list of ${of} names` })
    .min(1, { error: `expected at least one ${of}, or nothing at all` })
    .describe(description);

/** The keys for the place of a fault; exactly one of these. */
export const PLACE_KEYS = ['links', 'stages', 'paths', 'target'] as const;
/** The keys of a fault on links; exactly one of these. */
export const LINK_KEYS = ['cut', 'latency', 'bandwidth', 'loss', 'slice'] as const;
/** The keys of a fault on stages; exactly one of these. */
export const STAGE_KEYS = [
  ...(['stage', 'squeeze', 'content', 'timestampJump', 'resolution', 'codec'] as const),
  ...(['clockSkew', 'disk', 'http'] as const),
] as const;
/** The keys of a fault on paths of an access; exactly one of these. */
export const PATH_KEYS = ['state', 'degraded'] as const;
/** Kinds of things that stand for every path that has them. */
export const TARGET_KEYS = ['device', 'location', 'operator', 'country'] as const;

const answerFields = {
  status: count('Answer with this status.', 400, 599).optional(),
  slow: span('Answer this much later.', '1h').optional(),
  truncated: share('Break off after this share of the answer.')
    .refine((value) => value < 1, { error: 'expected a percentage below 100%' })
    .optional(),
  corrupt: shareAboveZero('Fill this share of the transport packets with noise.').optional(),
  gap: count('List segments whose number is a multiple of this as gaps.', 1, 1000).optional(),
  wrong: choice('hang: no answer; stale: the same answer again and again; and so on.', [
    'hang',
    'stale',
    'empty',
    'sequence-reset',
    'no-discontinuity',
  ]).optional(),
};

const step = z
  .strictObject({ for: span('How long this step lasts.'), ...answerFields })
  .describe('A step of a cycle: healthy, or with exactly one wrong answer.');

const http = z
  .strictObject({
    of: choice('Which requests: upload is what the transcoder puts.', [
      'multivariant',
      'playlist',
      'segment',
      'any',
      'upload',
    ]).default('any'),
    rung: count('Only this rendition, counted from 0.', 0, 20).optional(),
    every: count('Only segments whose number is a multiple of this.', 1, 1000).optional(),
    ratio: shareAboveZero('Only this share of the requests.').prefault('100%'),
    ...answerFields,
    cycle: z
      .array(step, { error: 'expected a list of steps' })
      .min(2, { error: 'expected at least two steps' })
      .max(20, { error: 'expected at most 20 steps' })
      .optional()
      .describe('Steps one after another and again from the first, for as long as it lasts.'),
  })
  .optional()
  .describe(
    'Wrong answers of an origin or an edge: exactly one of status, slow, truncated, corrupt, gap, wrong, cycle.',
  );

/** The wrong answers of a step, by the key they are written with; at most one of these. */
export const STEP_KEYS = ['status', 'slow', 'truncated', 'corrupt', 'gap', 'wrong'] as const;
/** The wrong answers, by the key they are written with; exactly one of these. */
export const ANSWER_KEYS = [...STEP_KEYS, 'cycle'] as const;

const faultFields = {
  links: names('The links it acts on.', 'link').optional(),
  channels: names('Channels whose flow it acts on; all when not said.', 'channel').optional(),
  direction: choice('One way only: forward runs from the from of the link to its to.', [
    'forward',
    'backward',
  ]).optional(),
  cut: choice(
    'Cut the link. hold keeps bytes back, drop loses them, refuse closes the door, reset breaks connections.',
    ['hold', 'drop', 'refuse', 'reset'],
  ).optional(),
  latency: z
    .strictObject({
      delay: span('Added to every byte, each way.', '1m'),
      jitter: duration('At most this much more or less.', '1m').prefault('0s'),
    })
    .refine(({ delay, jitter }) => jitter <= delay, {
      error: 'expected a jitter of at most the delay: nothing comes before it was sent',
    })
    .optional()
    .describe('Delay what passes.'),
  bandwidth: rateKbps('Let no more than this through, each way.').optional(),
  loss: z
    .strictObject({
      share: shareAboveZero('Share of packets that are lost.'),
      burst: span(
        'They are lost together: all of them for about so long, drawn from the seed, then none.',
        '1m',
      ).optional(),
      roundTrip: span(
        'Round trip of the real link, which sets how dear a lost packet is.',
        '10s',
      ).prefault('20ms'),
    })
    .refine(({ share: lost, burst }) => burst === undefined || (lost > 0 && lost < 1), {
      error: 'bursts need a share above 0% and below 100%',
    })
    .optional()
    .describe('Packet loss as TCP shows it: bytes come late, and fewer at a time.'),
  slice: z
    .strictObject({
      bytes: count('Size of a piece.', 1, 65_536),
      delay: duration('Wait after each piece.', '10s').prefault('1ms'),
    })
    .optional()
    .describe('Pass bytes in small pieces.'),
  stages: names('The stages it acts on.', 'stage').optional(),
  stage: choice(
    'What becomes of the stages: kill is a crash, stop an operator, restart stops and starts them again at once, pause stops their time, disconnect takes them off the network (containers only).',
    ['kill', 'stop', 'restart', 'pause', 'disconnect'],
  ).optional(),
  squeeze: z
    .strictObject({
      cpus: cpus('Processor cores that are left; 0.2 is a fifth of one.').optional(),
      memory: memoryMb('Memory that is left; a stage that needs more is ended.').optional(),
    })
    .optional()
    .describe('Less of the machine than the design gives them (containers only).'),
  content: choice('What playout sends instead of the programme.', [
    'black',
    'frozen',
    'silent',
    'wrong-channel',
  ]).optional(),
  timestampJump: offset(
    'The time stamps of what playout sends jump by this; -1h sends them back.',
  ).optional(),
  resolution: size('Playout sends the programme in this size instead.').optional(),
  codec: choice('Playout sends the programme by this codec instead of H.264.', [
    'mpeg2',
  ]).optional(),
  clockSkew: offset(
    'The clock that a transcoder dates its segments by is this much fast; -1h is slow.',
  ).optional(),
  disk: choice('full: an origin stores nothing any more, and says 507.', ['full']).optional(),
  http,
  paths: names('The paths of an access that it acts on.', 'path').optional(),
  target: z
    .strictObject({
      device: text('Every path on this device.').optional(),
      location: text('Every path at this location.').optional(),
      operator: text('Every path of this operator.').optional(),
      country: text('Every path in this country.').optional(),
    })
    .optional()
    .describe('Every path that has this: exactly one of device, location, operator, country.'),
  state: choice(
    'What becomes of the paths: down (timers must notice), dark (loss of light), withdrawn (routes taken back), tested (a failover test), or a filter that shows when the path is needed.',
    ['down', 'dark', 'withdrawn', 'tested', 'advertises-nothing', 'drops-traffic'],
  ).optional(),
  members: count(
    'How many ports of a lag or tunnels of a vpn go down; all when not said.',
    1,
    50,
  ).optional(),
  degraded: z
    .strictObject({
      loss: share('Share of packets lost, while routing notices nothing.').prefault('0%'),
      capacity: share('Share of the capacity that is left.').prefault('100%'),
    })
    .refine(({ loss, capacity }) => loss > 0 || capacity < 1, {
      error: 'expected a loss above 0%, or a capacity below 100%',
    })
    .optional()
    .describe('A grey failure of the paths: BGP and BFD stay up.'),
};

const profileFields = {
  flap: z
    .strictObject({ on: span('In force for this long,'), off: span('then not for this long.') })
    .optional()
    .describe('On and off in turn for as long as it lasts.'),
  ramp: z
    .strictObject({
      over: span('Time to the full size.'),
      steps: count('Equal steps up to the full size.', 2, 100).default(5),
      from: rateKbps('Where a bandwidth starts to shrink from.').optional(),
    })
    .optional()
    .describe('Grow to the full size in steps, then stay.'),
};

export const faultSchema = z
  .strictObject({
    name: name('Name of the fault; unique in the scenario.'),
    at: drawn('When it starts, from the start of the disrupt phase; 5m..10m draws it.').optional(),
    after: after('What it starts after, such as NAME.end or NAME.start + 30s.').optional(),
    for: drawn('How long it lasts; 30s..2m draws it.', 'above zero'),
    every: drawn('It comes again this long after it last started.', 'above zero').optional(),
    until: duration('It does not start any more later than this.').optional(),
    times: count('How many times it comes.', 1, 500).optional(),
    ...profileFields,
    ...faultFields,
  })
  .describe('A fault on the timeline: when, where, and what.');

const restore = z
  .strictObject({
    order: z
      .union(
        [
          z.literal('random').describe('Drawn from the seed.'),
          names('Channels in their order.', 'channel'),
        ],
        {
          error: 'expected random, or a list of channel names',
        },
      )
      .describe('Channels as they come back, those not named last, together; random draws it.')
      .optional(),
    pace: duration('Time between one channel and the next; 0 = all at once.').prefault('0s'),
  })
  .describe('How channels come back; all at once when not said.');

export const windowSchema = z
  .strictObject({
    name: name('Name of the window; unique in the scenario.'),
    owner: text('Who does the work.'),
    zone: zone('The clock its times are by; that of the scenario when not said.').optional(),
    announced: z
      .strictObject({
        from: signedMoment(
          'Start of the announced interval: -15m is before the disrupt phase; or by the clock.',
        ),
        for: span('Length of the announced interval.').optional(),
        end: clockTime('Its end by the clock, instead of for.').optional(),
        on: clockTime('When those it concerns were told.').optional(),
      })
      .optional()
      .describe('What was announced; the work as planned when not said.'),
    drain: z
      .strictObject({
        style: choice('How traffic is moved away before the work.', DRAIN_STYLES),
        lead: duration('How long before the work.').prefault('10m'),
      })
      .optional()
      .describe('Moving traffic away beforehand; not done when not said.'),
    work: z
      .strictObject({
        at: moment(
          'When the work takes its target away: from the start of the disrupt phase, or by the clock.',
        ),
        for: span('How long it was meant to take.').optional(),
        end: clockTime('When it was meant to end by the clock, instead of for.').optional(),
        ...faultFields,
      })
      .describe('The work, and the fault it causes.'),
    overrun: duration('How much longer the work takes than meant.').prefault('0s'),
    rollback: z
      .strictObject({
        after: span('Decided this long after the work began.'),
        takes: duration('How long it takes to undo.'),
      })
      .optional()
      .describe('The work is given up and undone instead of finished.'),
    restore: restore.prefault({}),
  })
  .describe('A maintenance window: announced work that causes a fault.');

export type FaultFile = z.output<typeof faultSchema>;
export type WindowFile = z.output<typeof windowSchema>;
