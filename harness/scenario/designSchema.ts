// The YAML shape of a design: the pipeline under test as stages joined by links.

import { z } from 'zod';
import { accessSchema } from './accessSchema.ts';
import {
  choice,
  count,
  country,
  cpus,
  duration,
  flag,
  memoryMb,
  name,
  rateKbps,
  rung,
  share,
  size,
  sources,
  span,
  text,
} from '../fields/fields.ts';

const place = {
  zone: name('Where it stands, such as head-end or cloud.'),
  operator: text('Who runs it.'),
  country: country('Country it stands in'),
  resources: z
    .strictObject({
      cpus: cpus(
        'Processor cores; half of one is 0.5. As many as there are when not said.',
      ).optional(),
      memory: memoryMb('Memory, such as 512MB; more ends the stage.').optional(),
    })
    .optional()
    .describe('The share of the machine that it may use, in the containers runtime.'),
};

const playout = z
  .strictObject({
    role: z.literal('playout').describe('Head-end: the programme, with the frame clock burnt in.'),
    ...place,
    source: z
      .strictObject({
        file: text('Path of a video file, which is played in a loop.').refine(
          (path) => !/^[a-z][a-z\d+.-]+:/i.test(path),
          'expected the path of a file: no address is fetched',
        ),
      })
      .optional()
      .describe('The programme; a synthetic one is drawn when not said.'),
    sendBuffer: span('The programme that the sender may hold back before it drops.', '1m').prefault(
      '1s',
    ),
    reconnect: span('Wait between two attempts to connect.', '1h').prefault('500ms'),
    gop: span(
      'Group of pictures of the contribution: a decoder that comes anew waits for the next one.',
      '1m',
    ).prefault('1s'),
  })
  .describe('Head-end: plays the programme of each channel and sends it in real time.');

const inputLoss = z
  .strictObject({
    repeat: duration('Repeat the last picture for this long …').prefault('1s'),
    black: duration('… then show black for this long …').prefault('1s'),
    then: choice('… then this, until the input is back.', ['black', 'slate']).default('black'),
  })
  .describe(
    'The pictures that the encoder puts out while its input is gone; it never stops encoding.',
  );

const upload = z
  .strictObject({
    timeout: span('One attempt.', '1h').prefault('2s'),
    retries: count('Attempts after the first.', 0, 100).default(3),
    retryDelay: duration('Wait before the next attempt.', '1h').prefault('500ms'),
    maxAge: span('Segments older than this are dropped, not uploaded.', '1d').prefault('10s'),
  })
  .describe('The way segments and playlists are put to the origin.');

/** The failover where the design does not say: a typical trigger (facts.md 2.2, S41). */
const inputFailover = z
  .strictObject({
    loss: span('No picture for this long, and the next input is shown.').prefault('1s'),
    black: span('… or pictures darker than blackLevel for this long; not said = never.').optional(),
    blackLevel: share('Mean brightness under which a picture is black.').prefault('10%'),
    prefer: choice('primary goes back to the first input, equal stays.', [
      'primary',
      'equal',
    ]).default('primary'),
    clear: duration('Good for this long before it goes back.').prefault('5s'),
  })
  .describe('Between the links that lead to it, in their order, where there are several.');

/** A probe of a real encoder takes seconds, an operator who starts it again a minute: our choice. */
const probe = z
  .strictObject({
    for: span('No picture for this long after the start, and the channel does not run.').prefault(
      '10s',
    ),
    again: span('Somebody starts it once more this long after that.').prefault('1m'),
  })
  .describe(
    'The way a transcoder looks for its input at a start; goes with onStartWithoutInput: fail.',
  );

const transcoder = z
  .strictObject({
    role: z.literal('transcoder').describe('Cloud: decodes, encodes the ladder, packages HLS.'),
    ...place,
    inputLoss: inputLoss.prefault({}),
    failBack: duration('Good input for this long before the programme is shown again.').prefault(
      '200ms',
    ),
    inputLossAction: choice('emit publishes filler, pause publishes nothing.', [
      'emit',
      'pause',
    ]).default('emit'),
    outputLocking: choice(
      'epoch: segments and time stamps follow the clock, so that several transcoders of a channel make the same ones.',
      ['none', 'epoch'],
    ).default('none'),
    upload: upload.prefault({}),
    inputFailover: inputFailover.prefault({}),
    onStartWithoutInput: choice('Started again while nothing arrives: wait for it, or fail.', [
      'wait',
      'fail',
    ]).default('wait'),
    probe: probe.prefault({}),
  })
  .describe('Decodes the contribution, encodes the ladder, packages and uploads HLS.');

const origin = z
  .strictObject({
    role: z.literal('origin').describe('Takes uploads, serves HLS.'),
    ...place,
    whenStale: choice('Answer for a playlist older than staleAfter.', [
      'serve',
      '404',
      '503',
      'hang',
    ]).default('serve'),
    staleAfter: span('Age at which a playlist is stale.').prefault('10s'),
  })
  .describe('Takes uploads and serves HLS.');

const originFailover = z
  .strictObject({
    maxFails: count('Failures after which an origin is left alone.', 1, 100).default(1),
    failTimeout: span('… and for how long, in whole seconds.').prefault('10s'),
  })
  .describe(
    'The way an edge with several origins moves from the first that is linked to the next.',
  );

const edge = z
  .strictObject({
    role: z.literal('edge').describe('The cache in front of the viewers.'),
    ...place,
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
  })
  .describe('The cache in front of the viewers.');

const steering = z
  .strictObject({
    role: z.literal('steering').describe('Tells players which edges there are.'),
    ...place,
    ttl: span('Players ask again after this long; not said = they are never steered.').optional(),
    checkEvery: duration(
      'The time between two requests to an edge for a playlist; 0 = none are made.',
      '1h',
    ).prefault('1s'),
  })
  .describe('Serves redundant playlists over all edges and steers players between them.');

const stage = z.discriminatedUnion('role', [playout, transcoder, origin, edge, steering], {
  error: 'expected a stage with role: playout, transcoder, origin, edge or steering',
});

const media = z
  .strictObject({
    picture: size('Size of the programme, width x height.'),
    fps: count('Pictures a second.', 5, 60),
    contribution: rateKbps('Bit rate of the feed from playout to transcoder.').prefault('800k'),
    segment: span('Length of a media segment.', '1m'),
    playlist: count('Segments in a live playlist.', 3, 100),
    ladder: z
      .array(rung('Size and video bit rate of one rendition, such as 320x180@350k.'), {
        error: 'expected a list of rungs such as 320x180@350k',
      })
      .min(1, { error: 'expected at least one rung such as 320x180@350k' })
      .describe('Renditions, best first.'),
  })
  .describe('Picture, segments and ladder.');

const link = z
  .strictObject({
    from: name('The stage that connects.'),
    to: name('The stage it connects to.'),
  })
  .describe('A TCP link that faults can act on.');

export const designSchema = z
  .strictObject({
    name: name('Short name; the file is called so.'),
    title: text('One line for people.'),
    description: text('The thing in the world that it stands for.').optional(),
    sources: sources.prefault({}),
    channels: z
      .array(name('Name of a channel.'), { error: 'expected a list of channel names' })
      .min(1, { error: 'expected at least one channel' })
      .max(62, { error: 'expected at most 62 channels (the frame clock counts no further)' })
      .describe('Channels; their order gives their number in the frame clock.'),
    media,
    stages: z
      .record(name('Name of a stage.'), stage, { error: 'expected a mapping from name to stage' })
      .describe('The stages, by name.'),
    links: z
      .record(name('Name of a link.'), link, { error: 'expected a mapping from name to link' })
      .describe('The links that run through a proxy, by name; other hops are direct.'),
    access: z
      .record(name('Name of an access.'), accessSchema, {
        error: 'expected a mapping from name to access',
      })
      .describe('Redundancy groups, by name; a link in none has one path that never fails.')
      .prefault({}),
    cost: choice('The cost a month beside the other designs, in classes.', [
      'low',
      'medium',
      'high',
      'very high',
    ]).optional(),
  })
  .describe('A design: the pipeline under test.');

export type DesignFile = z.output<typeof designSchema>;
