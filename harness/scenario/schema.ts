// The YAML shape of a scenario. One definition gives the check, the types and the JSON Schema
// that editors read; resolve.ts turns what it lets through into a Scenario.

import { z } from 'zod';
import { designSchema } from './designSchema.ts';
import { choice, count, duration, name, offset, rateKbps, sources, span, text } from './fields.ts';

const names = (description: string, of: string) =>
  z
    .array(name(`Name of a ${of}.`), { error: `expected a list of ${of} names` })
    .describe(description);

/** What a fault does, by the key it is written with; exactly one of these. */
export const FAULT_KEYS = ['cut', 'latency', 'bandwidth'] as const;

const faultFields = {
  links: names('The links it acts on.', 'link').min(1, { error: 'expected at least one link' }),
  channels: names('Channels whose flow it acts on; all when not said.', 'channel')
    .min(1, { error: 'expected at least one channel, or no channels: at all for every channel' })
    .optional(),
  cut: choice(
    'Cut the link. hold keeps bytes back, drop loses them, refuse closes the door, reset breaks connections.',
    ['hold', 'drop', 'refuse', 'reset'],
  ).optional(),
  latency: z
    .strictObject({
      delay: span('Added to every byte, each way.'),
      jitter: duration('At most this much more or less.').prefault('0s'),
    })
    .optional()
    .describe('Delay what passes.'),
  bandwidth: rateKbps('Let no more than this through, each way.').optional(),
};

export const faultSchema = z
  .strictObject({
    name: name('Name of the fault; unique in the scenario.'),
    at: duration('When it starts, from the start of the disrupt phase.'),
    for: span('How long it lasts.'),
    ...faultFields,
  })
  .describe('A fault on the timeline: when, where, and exactly one of cut, latency, bandwidth.');

export const windowSchema = z
  .strictObject({
    name: name('Name of the window; unique in the scenario.'),
    owner: text('Who does the work.'),
    announced: z
      .strictObject({
        from: offset('Start of the announced interval; -15m is before the disrupt phase.'),
        for: span('Length of the announced interval.'),
      })
      .optional()
      .describe('What was announced; the work as planned when not said.'),
    work: z
      .strictObject({
        at: duration('When the work takes the links away.'),
        for: span('How long it was meant to take.'),
        ...faultFields,
      })
      .describe('The work, and the fault it causes: exactly one of cut, latency, bandwidth.'),
    overrun: duration('How much longer the work takes than meant.').prefault('0s'),
    restore: z
      .strictObject({
        order: names(
          'Channels in the order they come back; those not named come last, together.',
          'channel',
        ).optional(),
        pace: duration('Time between one channel and the next; 0 = all at once.').prefault('0s'),
      })
      .describe('How channels come back; all at once when not said.')
      .prefault({}),
  })
  .describe('A maintenance window: announced work that causes a fault.');

const viewers = z
  .strictObject({
    count: z
      .int({ error: 'expected a whole number of at least 1' })
      .min(1, { error: 'expected at least 1 viewer: a run without viewers measures nothing' })
      .describe('Viewers on the wall, dealt over the channels in turn; the control is not counted.')
      .default(6),
    player: choice('The player.', ['hls.js']).default('hls.js'),
    policy: z
      .strictObject({
        onFatal: choice('What the application does when the player gives up.', [
          'none',
          'startLoad',
          'reload',
        ]).default('reload'),
        delay: duration('Wait before it does so.').prefault('5s'),
        jitter: duration('A random wait on top, up to this.').prefault('5s'),
      })
      .describe('What the application around the player does on a fatal error.')
      .prefault({}),
    config: z
      .record(z.string(), z.unknown(), { error: 'expected a mapping of player settings' })
      .describe('Passed to the player as it is (hls.js configuration keys).')
      .prefault({}),
  })
  .describe('Who watches.');

const steady = z
  .strictObject({
    hold: span('Every viewer shows the programme without a break for this long …').prefault('3s'),
    within: span('… within this long, or the run is inconclusive. Never compressed.').prefault(
      '45s',
    ),
  })
  .describe('What must hold before the first fault.');

export const scenarioSchema = z
  .strictObject({
    name: name('Short name, also the folder of its runs.'),
    title: text('One line for people.'),
    description: text('What happens and what is asked.').optional(),
    kind: choice('incident re-enacts, window rehearses what is planned, drill explores.', [
      'incident',
      'window',
      'drill',
    ]),
    sources: sources.prefault({}),
    assumptions: z
      .array(text('A number chosen without a source.'), { error: 'expected a list of sentences' })
      .describe('What was assumed without a source, said as such.')
      .prefault([]),
    design: z
      .union([name('Name of a design in scenarios/designs.'), designSchema], {
        error: 'expected the name of a design, or a design written inline',
      })
      .describe('The pipeline under test: the name of a design, or one written here.'),
    clock: z.iso
      .datetime({ offset: true, error: 'expected a time such as "2025-09-12T22:15:00+02:00"' })
      .describe('Wall-clock time that the start of the disrupt phase stands for.')
      .optional(),
    seed: count('Seed of everything random.', 0, 0x7fffffff).default(1),
    viewers: viewers.prefault({}),
    steady: steady.prefault({}),
    windows: z
      .array(windowSchema, { error: 'expected a list of maintenance windows' })
      .describe('Maintenance windows.')
      .prefault([]),
    faults: z
      .array(faultSchema, { error: 'expected a list of faults' })
      .describe('Faults.')
      .prefault([]),
    recover: z
      .strictObject({
        within: span('Everybody must see the programme again this long after the last heal.'),
      })
      .describe('The recover phase. Never compressed: players keep their own timers.')
      .prefault({ within: '60s' }),
    expect: z
      .array(text('An expectation such as p95(blackScreen) <= 2s.'), {
        error: 'expected a list of expectations such as p95(blackScreen) <= 2s',
      })
      .min(1, { error: 'expected at least one expectation such as recovered == 100%' })
      .describe('What the run must show; see docs/scenario.md for the grammar.'),
  })
  .describe('A scenario: a design, viewers, what goes wrong, and what is expected.');

export type ScenarioFile = z.output<typeof scenarioSchema>;
export type FaultFile = z.output<typeof faultSchema>;
export type WindowFile = z.output<typeof windowSchema>;
