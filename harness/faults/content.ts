// The programme is wrong at its source: its picture or sound, or the format that it is sent in.

import { choice, offset, size } from '../fields/fields.ts';
import { formatDuration } from '../kernel/duration.ts';
import { holdsClock } from '../model/frameClock.ts';
import type { OnStages } from '../model/scenario.ts';
import {
  writing,
  type Asked,
  type Mistake,
  type StageKind,
  type StageMessage,
  type StageNumbers,
} from './kind.ts';
import type { FormatChange } from './traces.ts';
import { shiftMistakes, signedSeconds } from './words.ts';

export type ContentFault = OnStages & { readonly kind: 'content' } & ContentWrong;

/**
 * `timestamp-jump` adds so much to every PTS and DTS from then on (negative: they go back), the
 * last two send the programme in another size or by another codec than was agreed.
 */
export type ContentWrong =
  | { readonly shows: Picture }
  | { readonly shows: 'timestamp-jump'; readonly byMs: number }
  | { readonly shows: 'resolution'; readonly width: number; readonly height: number }
  | { readonly shows: 'codec'; readonly codec: 'mpeg2' };

type Picture = 'black' | 'frozen' | 'silent' | 'wrong-channel';
type Format = Exclude<ContentFault, { readonly shows: Picture }>;

declare module '../model/fault.ts' {
  interface OnStageFaults {
    content: ContentFault;
  }
}

interface PictureWay {
  readonly says: string;
  readonly verb: string;
  /** The word of the playout's command (harness/pipeline/contract.ts). */
  readonly command: string;
  readonly numbers: StageNumbers;
}

const PICTURES: Readonly<Record<Picture, PictureWay>> = {
  black: {
    says: 'black pictures',
    verb: 'blacked out',
    command: 'black',
    numbers: { picture: 'black' },
  },
  frozen: {
    says: 'the same picture again and again',
    verb: 'froze',
    command: 'frozen',
    numbers: { picture: 'frozen' },
  },
  silent: {
    says: 'no sound',
    verb: 'silenced',
    command: 'silent',
    numbers: { silent: true },
  },
  'wrong-channel': {
    says: 'the programme of another channel',
    verb: 'put another channel on',
    command: 'wrongChannel',
    numbers: { picture: 'other channel' },
  },
};

interface FormatWay {
  readonly says: string;
  readonly effect: string;
  readonly verb: string;
  readonly command: StageMessage;
  readonly change: FormatChange;
}

/** These start another encoder, and what was in the one before it is gone. */
function formatWay(fault: Format): FormatWay {
  switch (fault.shows) {
    case 'timestamp-jump': {
      const { byMs } = fault;
      return {
        says: `time stamps ${formatDuration(Math.abs(byMs))} ${byMs < 0 ? 'back' : 'ahead'}`,
        effect: `timestamp-jump ${signedSeconds(byMs)}`,
        verb: 'shifted the time stamps of',
        command: { content: 'timestampJump', byMs },
        change: { kind: 'jump', byMs },
      };
    }
    case 'resolution': {
      const { width, height } = fault;
      return {
        says: `the programme in ${width}x${height}`,
        effect: `resolution ${width}x${height}`,
        verb: 'changed the picture size of',
        command: { content: 'resolution', width, height },
        change: { kind: 'size', width, height },
      };
    }
    case 'codec': {
      const { codec } = fault;
      return {
        says: `the programme in another codec, ${codec}`,
        effect: `codec ${codec}`,
        verb: 'changed the codec of',
        command: { content: 'codec', codec: ENCODERS[codec] },
        change: { kind: 'codec', codec },
      };
    }
  }
}

const ENCODERS = { mpeg2: 'mpeg2video' } as const;

const isFormat = (fault: ContentFault): fault is Format => !(fault.shows in PICTURES);

/** Gives what holds of either sort. */
const either = <T>(
  fault: ContentFault,
  ofFormat: (way: FormatWay) => T,
  ofPicture: (way: PictureWay) => T,
): T => (isFormat(fault) ? ofFormat(formatWay(fault)) : ofPicture(PICTURES[fault.shows]));

export const content: StageKind<ContentFault> = {
  kind: 'content',
  on: 'stages',
  writings: {
    content: writing({
      field: choice('The picture that playout sends instead of the programme.', [
        'black',
        'frozen',
        'silent',
        'wrong-channel',
      ]),
      read: (shows) => ({ kind: 'content', shows }),
    }),
    timestampJump: writing({
      field: offset('The time stamps of what playout sends jump by this; -1h sends them back.'),
      read: (byMs) => ({ kind: 'content', shows: 'timestamp-jump', byMs }),
      check: (asked) => [...checkJump(asked), ...checkLength('timestampJump', asked)],
    }),
    resolution: writing({
      field: size('Playout sends the programme in this size instead.'),
      read: (size) => ({ kind: 'content', shows: 'resolution', ...size }),
      check: (asked) => [...checkSize(asked), ...checkLength('resolution', asked)],
    }),
    codec: writing({
      field: choice('Playout sends the programme by this codec instead of H.264.', ['mpeg2']),
      read: (codec) => ({ kind: 'content', shows: 'codec', codec }),
      check: (asked) => checkLength('codec', asked),
    }),
  },
  injected: (fault, where) => {
    const says = ({ says }: { readonly says: string }) => says;
    return `${where} sends ${either(fault, says, says)}`;
  },
  healed: (_, where) => `${where} sends the programme again`,
  effect: (fault) => (isFormat(fault) ? formatWay(fault).effect : fault.shows),
  verb: (fault) =>
    either(
      fault,
      ({ verb }) => ({ verb, told: true as const }),
      ({ verb }) => ({ verb }),
    ),
  nature: ({ shows }) => (shows === 'wrong-channel' ? 'channel' : undefined),
  at: (fault) => (isFormat(fault) ? 'stages' : 'source'),
  acts: {
    by: 'program',
    command: 'content',
    message: ([one]) => (one ? contentCommand(one.fault) : { content: 'programme' }),
  },
  trace: (fault) =>
    isFormat(fault)
      ? { kind: 'format', change: formatWay(fault).change }
      : { kind: 'sight', shows: fault.shows },
  numbers: (fault) =>
    either(
      fault,
      () => ({}),
      ({ numbers }) => numbers,
    ),
};

const contentCommand = (fault: ContentFault): StageMessage =>
  either(
    fault,
    ({ command }) => command,
    ({ command }) => ({ content: command }),
  );

/** Time stamps of a transport stream come round after 26.5 hours, and may not meet that here. */
const JUMP_MS_MAX = 8 * 3_600_000;

function checkJump({ value }: Asked<number>): Mistake[] {
  if (value !== undefined && Math.abs(value) > JUMP_MS_MAX)
    return [{ at: ['timestampJump'], message: 'expected at most 8h either way' }];
  return shiftMistakes('timestampJump', value);
}

function checkSize({ value, design }: Asked<{ width: number; height: number }>): Mistake[] {
  const same = value?.width === design?.media.width && value?.height === design?.media.height;
  const wrong = (message: string): Mistake[] => [{ at: ['resolution'], message }];
  if (value && !holdsClock(value)) return wrong('too small: nobody could read the frame clock');
  return value && same ? wrong('expected another size than the design has already') : [];
}

/** Another encoder has to start, and what it sends to arrive: a shorter change may never be seen. */
const FORMAT_MS_MIN = 2000;

function checkLength(key: string, { length }: Asked<unknown>): Mistake[] {
  if (!length || length.fromMs >= FORMAT_MS_MIN) return [];
  const message = `${key} starts another encoder, so that nobody can prove a shorter one: expected at least ${FORMAT_MS_MIN / 1000}s`;
  return [{ at: ['for'], message }];
}
