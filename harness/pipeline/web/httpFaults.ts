// Decides which request gets which wrong answer. Pure but for the generator it is given: commands
// are checked here, requests are matched here.

import { PART_NAME, SEGMENT_NAME } from '../../model/segmentName.ts';
import type { Random } from '../../kernel/random.ts';
import { REQUEST_KINDS } from '../../model/wrongAnswers.ts';
import type { HttpAnswer, SingleHttpAnswer } from '../../model/wrongAnswers.ts';
import type { HttpCommand, HttpFault, HttpMatch } from '../contract.ts';

export interface Target {
  readonly kind: HttpMatch['kind'];
  readonly channel: string | undefined;
  readonly rung: number | undefined;
  /** Number of a segment. */
  readonly sequence: number | undefined;
}

/**
 * `/<channel>/index.m3u8`, `/<channel>/v<rung>/index.m3u8`, `/<channel>/v<rung>/<n>[-<counter>].ts`;
 * of CMAF also `/<channel>/index.mpd`, which is a playlist, and what segmentNames.ts says. A query, such as players add to tell about themselves, changes nothing.
 */
export function requestTarget(method: string, url: string): Target {
  const [, channel, rung, file = ''] =
    /^\/([^/?]+)(?:\/(?:v(\d+)|a))?\/([^/?]+)(?:\?.*)?$/.exec(url) ?? [];
  const inTrack = /^\/[^/?]+\/[^/?]+\//.test(url);
  const kind = classifyFile(file, inTrack);
  const sequence = (SEGMENT_NAME.exec(file) ?? PART_NAME.exec(file))?.[1];
  return {
    kind: method === 'PUT' ? 'upload' : kind,
    channel: kind === 'any' ? undefined : channel,
    rung: kind === 'any' || rung === undefined ? undefined : Number(rung),
    sequence: sequence === undefined ? undefined : Number(sequence),
  };
}

function classifyFile(file: string, inTrack: boolean): Target['kind'] {
  if (file === 'index.mpd' && !inTrack) return 'playlist';
  if (file === 'index.m3u8') return inTrack ? 'playlist' : 'multivariant';
  const isSegment =
    SEGMENT_NAME.test(file) || PART_NAME.test(file) || /^(?:t\d+\.m4s|init\.mp4)$/.test(file);
  return inTrack && isSegment ? 'segment' : 'any';
}

/** A fault in force: what it leaves to chance, and since when it is there. */
export interface Lasting {
  readonly fault: HttpFault;
  readonly random: Random;
  readonly sinceEpochMs: number;
}

export interface Decision<F> {
  /** The fault that decided. */
  readonly by: F;
  readonly wrong: SingleHttpAnswer;
}

/** Undefined when the request is to be answered as it should be. */
export function decide<F extends Lasting>(
  inForce: readonly F[],
  target: Target,
  epochMs: number,
): Decision<F> | undefined {
  const by = inForce.find(({ fault, random }) => matches(fault.match, target, random));
  const wrong = by && answerAt(by.fault.answer, epochMs - by.sinceEpochMs);
  return wrong && { by, wrong };
}

function matches(match: HttpMatch, target: Target, random: Random): boolean {
  const { kind, channel, rung, every, ratio } = match;
  if (kind === 'any' ? target.kind === 'upload' : kind !== target.kind) return false;
  if (channel !== undefined && channel !== target.channel) return false;
  if (rung !== undefined && rung !== target.rung) return false;
  if (every !== undefined && (target.sequence ?? 1) % every !== 0) return false;
  return ratio === undefined || random.next() < ratio;
}

function answerAt(answer: HttpAnswer, elapsedMs: number): SingleHttpAnswer | undefined {
  if (answer.kind !== 'cycle') return answer;
  let intoMs = elapsedMs % answer.steps.reduce((sum, { forMs }) => sum + forMs, 0);
  for (const step of answer.steps) {
    if (intoMs < step.forMs) return step.answer;
    intoMs -= step.forMs;
  }
  return undefined;
}

/** Throws an Error that says what is wrong with a command. */
export function checkHttpCommand(command: Readonly<Record<string, unknown>>): HttpCommand {
  const { http } = command;
  if (!Array.isArray(http)) throw new Error('unknown command');
  for (const fault of http as readonly Partial<HttpFault>[]) {
    if (!REQUEST_KINDS.includes(fault?.match?.kind as HttpMatch['kind']))
      throw new Error('unknown match');
    checkAnswer(fault.answer);
    if (fault.seed !== undefined && !Number.isInteger(fault.seed))
      throw new Error('seed is not a whole number');
    const upload = fault.match?.kind === 'upload';
    if (upload && fault.answer?.kind !== 'status' && fault.answer?.kind !== 'hang') {
      throw new Error('an upload can be answered with status or hang only');
    }
  }
  return command as unknown as HttpCommand;
}

function checkAnswer(answer: HttpAnswer | undefined): void {
  const need = (valid: boolean, what: string) => {
    if (!valid) throw new Error(what);
  };
  switch (answer?.kind) {
    case 'hang':
    case 'stale':
    case 'empty':
    case 'sequenceReset':
    case 'noDiscontinuity':
      return;
    case 'status':
      return need(within(answer.status, 200, 599), 'status is not 200 to 599');
    case 'slow':
      need(answer.rateKbps === undefined || answer.rateKbps > 0, 'rateKbps is not above 0');
      return need(answer.delayMs >= 0, 'delayMs is not 0 or more');
    case 'truncated':
    case 'corrupt':
      return need(within(answer.share, 0, 1), 'share is not 0 to 1');
    case 'gap':
      return need(within(answer.every, 1, Infinity), 'every is not 1 or more');
    case 'cycle':
      need(Array.isArray(answer.steps) && answer.steps.length > 0, 'a cycle needs steps');
      return answer.steps.forEach((step) => {
        need(step.forMs > 0, 'forMs is not above 0');
        if (step.answer) checkAnswer(step.answer);
      });
    case undefined:
    default:
      throw new Error('unknown answer');
  }
}

const within = (value: number, least: number, most: number): boolean =>
  value >= least && value <= most;
