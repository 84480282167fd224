// Applies faults of the programme, as commands say, to each picture.

import type { ContributionCodec, PlayoutCommand } from '../contract.ts';
import { blackPicture, stampClock, type Size } from '../picture.ts';
import { USUAL_FORMAT, type ContributionFormat } from './encoder.ts';

export interface Content {
  /** Takes a command; throws an Error that says what is wrong with it. */
  readonly command: (command: Readonly<Record<string, unknown>>) => void;
  /** The format that the contribution is to be encoded in now. */
  readonly format: ContributionFormat;
  readonly silent: boolean;
  /** The picture to send for the programme's picture, which may be stamped in place. */
  readonly picture: (programme: Buffer, counter: number) => Sent;
}

interface Sent {
  readonly picture: Buffer;
  /** Frame-clock counter it carries, undefined for a black picture. */
  readonly counter: number | undefined;
}

/** Numbers a frame clock can carry. */
const CHANNEL_MAX = 63;

export function createContent(size: Size, channel: number): Content {
  let fault: PlayoutCommand = { content: 'programme' };
  let frozen: Sent | undefined;
  const black = blackPicture(size);

  const stamped = (picture: Buffer, counter: number): Sent => {
    stampClock(picture, size, { counter, channel: shownChannel(fault, channel), slate: false });
    return { picture, counter };
  };
  return {
    command: (command) => {
      fault = check(command);
      frozen = undefined;
    },
    get format() {
      return contributionFormat(fault);
    },
    get silent() {
      return fault.content === 'silent';
    },
    picture: (programme, counter) => {
      if (fault.content === 'black') return { picture: black, counter: undefined };
      if (fault.content !== 'frozen') return stamped(programme, counter);
      frozen ??= stamped(Buffer.from(programme), counter);
      return frozen;
    },
  };
}

const shownChannel = (fault: PlayoutCommand, channel: number): number =>
  fault.content === 'wrongChannel' ? (fault.number ?? (channel % CHANNEL_MAX) + 1) : channel;

function contributionFormat(fault: PlayoutCommand): ContributionFormat {
  switch (fault.content) {
    case 'timestampJump':
      return { ...USUAL_FORMAT, offsetMs: fault.byMs };
    case 'resolution':
      return { ...USUAL_FORMAT, size: { width: fault.width, height: fault.height } };
    case 'codec':
      return { ...USUAL_FORMAT, codec: fault.codec };
    case 'programme':
    case 'black':
    case 'frozen':
    case 'silent':
    case 'wrongChannel':
      return USUAL_FORMAT;
  }
}

const CODECS: readonly unknown[] = ['libx264', 'mpeg2video'] satisfies ContributionCodec[];

function check(command: Readonly<Record<string, unknown>>): PlayoutCommand {
  const { content } = command;
  const ok = (valid: boolean, what: string): PlayoutCommand => {
    if (!valid) throw new Error(what);
    return command as unknown as PlayoutCommand;
  };
  switch (content) {
    case 'programme':
    case 'black':
    case 'frozen':
    case 'silent':
      return ok(true, '');
    case 'wrongChannel': {
      const { number = 1 } = command;
      return ok(isWhole(number) && number <= CHANNEL_MAX, 'number is not 1 to 63');
    }
    case 'timestampJump':
      return ok(Number.isFinite(command.byMs), 'byMs is not a number');
    case 'resolution':
      return ok(isEven(command.width) && isEven(command.height), 'width and height must be even');
    case 'codec':
      return ok(CODECS.includes(command.codec), `codec is not one of ${CODECS.join(', ')}`);
    default:
      throw new Error('unknown command');
  }
}

const isWhole = (value: unknown): value is number => Number.isInteger(value) && Number(value) > 0;
const isEven = (value: unknown): boolean => isWhole(value) && value % 2 === 0;
