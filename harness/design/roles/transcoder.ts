// The cloud: decodes, fills while its input is gone, encodes the ladder and publishes HLS.

import { isMapping, keysThere } from '../../fields/mapping.ts';
import { choice, count, duration, mapping, shareAboveZero, span } from '../../fields/fields.ts';
import type { TranscoderStage } from '../../model/scenario.ts';
import { role } from '../role.ts';

const inputLoss = mapping(
  'The pictures that the encoder puts out while its input is gone; it never stops encoding.',
  {
    repeat: duration('Repeat the last picture for this long …').prefault('1s'),
    black: duration('… then show black for this long …').prefault('1s'),
    then: choice('… then this, until the input is back.', ['black', 'slate']).default('black'),
  },
);

const upload = mapping('The way segments and playlists are put to the origin.', {
  timeout: span('One attempt.', '1h').prefault('2s'),
  retries: count('Attempts after the first.', 0, 100).default(3),
  retryDelay: duration('Wait before the next attempt.', '1h').prefault('500ms'),
  maxAge: span('Segments older than this are dropped, not uploaded.', '1d').prefault('10s'),
});

/** The failover where the design does not say: a typical trigger (docs/sources.md 2.2, S41). */
const inputFailover = mapping(
  'Between the links that lead to it, in their order, where there are several.',
  {
    loss: span('No picture for this long, and the next input is shown.').prefault('1s'),
    black: span('… or pictures darker than blackLevel for this long; not said = never.').optional(),
    blackLevel: shareAboveZero('Mean brightness under which a picture is black.').prefault('10%'),
    prefer: choice('primary goes back to the first input, equal stays.', [
      'primary',
      'equal',
    ]).default('primary'),
    clear: duration('Good for this long before it goes back.').prefault('5s'),
  },
);

/** A probe of a real encoder takes seconds, an operator who starts it again a minute: our choice. */
const probe = mapping(
  'The way a transcoder looks for its input at a start; goes with onStartWithoutInput: fail.',
  {
    for: span('No picture for this long after the start, and the channel does not run.').prefault(
      '10s',
    ),
    again: span('Somebody starts it once more this long after that.').prefault('1m'),
  },
);

const keys = {
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
};

export const transcoder = role<TranscoderStage, typeof keys>({
  role: 'transcoder',
  word: 'Cloud: decodes, encodes the ladder, packages HLS.',
  about: 'Decodes the contribution, encodes the ladder, packages and uploads HLS.',
  follows: ['playout'],
  connects: 'the one before',
  inputs: 'each link',
  transports: ['tcp'],
  protocols: ['srt'],
  carriesPicture: true,
  carriesFrames: true,
  perChannel: true,
  servesViewers: false,
  count: [1, Infinity],
  program: 'transcoder',
  memoryMb: 3072,
  commands: ['clockSkewMs', 'fill', 'alertsInPicture', 'alertsInPlaylist', 'alertsInSegments'],
  tells: [
    ...(['bytesIn', 'readsIn', 'quietInMs', 'connections', 'bytesOut', 'contribution'] as const),
    ...(['framesIn', 'framesOut', 'framesFilled', 'framesDropped', 'fill'] as const),
    ...(['lagInMs', 'ageInMs', 'channelIn', 'wrongIn', 'programmeCounter'] as const),
    ...(['uploads', 'uploadErrors', 'segmentsDropped'] as const),
    ...(['datagramsIn', 'datagramsLost', 'datagramsTwice', 'datagramsLate'] as const),
  ],
  keys,
  read: (entry, { container }) => ({
    inputLoss: {
      repeatMs: entry.inputLoss.repeat,
      blackMs: entry.inputLoss.black,
      then: entry.inputLoss.then,
    },
    failBackMs: entry.failBack,
    inputLossAction: entry.inputLossAction,
    // DASH counts its time from the epoch.
    ...(entry.outputLocking === 'epoch' || container === 'cmaf'
      ? { epochLocked: true as const }
      : {}),
    upload: {
      timeoutMs: entry.upload.timeout,
      retries: entry.upload.retries,
      retryDelayMs: entry.upload.retryDelay,
      maxAgeMs: entry.upload.maxAge,
    },
    inputFailover: {
      lossMs: entry.inputFailover.loss,
      blackMs: entry.inputFailover.black,
      blackLevel: entry.inputFailover.blackLevel,
      prefer: entry.inputFailover.prefer,
      clearMs: entry.inputFailover.clear,
    },
    ...(entry.onStartWithoutInput === 'wait'
      ? {}
      : { startWithoutInput: { probeMs: entry.probe.for, againMs: entry.probe.again } }),
  }),
  clearMs: ({ inputFailover }) => inputFailover.clearMs,
  check: ({ stage, written, twins, inputs }) => [
    // Settings of a probe that never fails would change nothing.
    ...(stage.startWithoutInput === undefined && written['probe'] !== undefined
      ? [{ key: 'probe', message: 'goes with onStartWithoutInput: fail' }]
      : []),
    ...failoverMistakes(written['inputFailover'], inputs).map((message) => ({
      key: 'inputFailover',
      message,
    })),
    ...(stage.inputLossAction === 'pause' && written['inputLoss'] !== undefined
      ? [{ key: 'inputLoss', message: 'goes with inputLossAction: emit: a pause has no filler' }]
      : []),
    // Players go back and forth between the transcoders of a channel.
    ...(twins.length > 0 && !stage.epochLocked
      ? [{ message: 'beside another transcoder: expected outputLocking: epoch' }]
      : []),
    ...(stage.epochLocked && stage.inputLossAction === 'pause'
      ? [{ message: 'outputLocking: epoch and container: cmaf go with inputLossAction: emit' }]
      : []),
  ],
});

function failoverMistakes(written: unknown, inputs: number): readonly string[] {
  if (written === undefined) return [];
  if (inputs === 1) return ['goes with several links to it: there is one input'];
  if (!isMapping(written)) return [];
  return [
    ...(keysThere(written, ['black', 'blackLevel']).join() === 'blackLevel'
      ? ['blackLevel goes with black: without it, no picture is too dark']
      : []),
    ...(written['prefer'] === 'equal' && written['clear'] !== undefined
      ? ['clear goes with prefer: primary: nothing goes back where inputs are equal']
      : []),
  ];
}
