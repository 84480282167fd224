// Everything a report says about one viewer, and the spans it was computed from.

import { weightOf } from '../model/history.ts';
import type { FaultResult, ViewerResult } from '../model/report.ts';
import { alertsOn, alertSpans, type AlertMessage, type AlertSpan } from './alerts.ts';
import { boxIn } from './boxes.ts';
import type { Way } from './cause.ts';
import { compareCmcd } from './cmcd.ts';
import type { Screen } from './classify.ts';
import { cutInForceMs } from './faults.ts';
import { findInterruptions } from './interruptions.ts';
import { blackScreenMs as blackMsOf, sumLedger } from './ledger.ts';
import type { Playback } from './playback.ts';
import { KINDS_MAX, listPlayerErrors, type StagesByPort } from './playerErrors.ts';
import { describeSound } from './sound.ts';
import { medianInPlace, thousandth } from './statistics.ts';
import { findRecovery, recoveryState, type HealedWhen, type Recovery } from './recovery.ts';
import type { ChannelPath } from './stages.ts';
import type { Told } from './toldCmcd.ts';
import { mayBeProgramme, type Frames, type ViewerTrack } from './tracks.ts';

export interface SeenViewer {
  readonly result: ViewerResult;
  readonly screen: Screen;
  readonly recovery: Recovery;
  /** The alerts on its screen, whether they concerned it or not. */
  readonly alertSpans?: readonly AlertSpan[];
}

export interface ViewerContext extends HealedWhen {
  readonly endMs: number;
  /** The faults that concern the viewer's channel. */
  readonly faults: readonly FaultResult[];
  readonly path: ChannelPath;
  readonly way: Way;
  readonly playback: Playback;
  readonly stages: StagesByPort;
  readonly messages: readonly AlertMessage[];
  /** The words of its player by CMCD; absent for one that tells nothing. */
  readonly told?: Told | undefined;
}

export function seenBy(track: ViewerTrack, screen: Screen, context: ViewerContext): SeenViewer {
  const { viewer, frames } = track;
  const { joinMs, leaveMs, spans, watching } = screen;
  const { ageBeforeMs, ageMs } = context.playback;
  const latencyMs = medianInPlace(ageMs.slice());
  const interruptions = findInterruptions(screen, {
    ...context,
    latencyMs: latencyMs ?? 0,
    ageBeforeMs,
  });
  const ledger = sumLedger(spans);
  const black = blackMsOf(spans, watching);
  const cutMs = cutInForceMs(context.faults, context.endMs);
  const box = boxIn(track.events);
  const playerErrors = listPlayerErrors([track], context.stages, KINDS_MAX.viewer);
  const spansOfAlerts = alertSpans(track.events, leaveMs);
  const alerts = alertsOn(viewer, screen, { messages: context.messages, spans: spansOfAlerts });
  const recovery = findRecovery(screen, frames, context);
  const result = {
    id: viewer.id,
    channel: viewer.channel,
    player: viewer.player,
    control: viewer.control,
    ...(weightOf(viewer) !== 1 && { weight: viewer.weight }),
    group: viewer.group,
    imitates: viewer.imitates,
    ...(viewer.worker !== undefined && { worker: viewer.worker }),
    ...(alerts.length > 0 && { alerts }),
    joinMs,
    leaveMs,
    sessionMs: leaveMs - joinMs,
    ledger,
    blackScreenMs: black,
    programmeLossMs: black + ledger.slate + ledger.silent,
    interruptions,
    amplification: cutMs > 0 ? thousandth(black / cutMs) : undefined,
    recovered: recovery.is === 'back',
    recovery: recoveryState(recovery, screen),
    timeToRecoverMs: undefined,
    presentedFps: presentedFps(frames, screen),
    latencyMs,
    fatalErrors: track.events.filter(({ event }) => event === 'fatal').length,
    reloads: track.events.filter(({ event }) => event === 'reload').length,
    ...(playerErrors && { playerErrors }),
    ...(box && { box }),
    ...(context.told && { cmcd: compareCmcd(context.told, screen) }),
    ...(track.sound && { sound: describeSound(track.sound, screen, { frames, fps: context.fps }) }),
  };
  const timeToRecoverMs = timeToRecover(result, context.faults);
  const atMost = mostLost({ ...result, timeToRecoverMs }, cutMs);
  return {
    screen,
    recovery,
    alertSpans: spansOfAlerts,
    result: { ...result, timeToRecoverMs, atMost },
  };
}

/** Every unmeasured moment was lost, and the last of them was before the programme was back. */
function mostLost(
  { blackScreenMs, programmeLossMs, timeToRecoverMs, ledger }: Omit<ViewerResult, 'atMost'>,
  cutMs: number,
): ViewerResult['atMost'] {
  const most = blackScreenMs + ledger.unmeasured;
  return {
    blackScreenMs: most,
    programmeLossMs: programmeLossMs + ledger.unmeasured,
    timeToRecoverMs:
      timeToRecoverMs === undefined ? undefined : timeToRecoverMs + ledger.unmeasured,
    amplification: cutMs > 0 ? thousandth(most / cutMs) : undefined,
  };
}

/** Undefined for who lost nothing to a fault, and for who is not back. */
function timeToRecover(
  { interruptions, recovered: isBack }: Pick<ViewerResult, 'interruptions' | 'recovered'>,
  faults: readonly FaultResult[],
): number | undefined {
  const last = interruptions.findLast(({ cause, glitch }) => cause !== undefined && !glitch);
  const heals = faults.map(({ toMs }) => toMs).filter((toMs) => toMs !== undefined);
  if (!isBack || !last || heals.length === 0) return undefined;
  return Math.max(0, last.toMs - Math.max(...heals));
}

/** New programme frames per second of programme. */
function presentedFps(frames: Frames, { spans }: Screen): number | undefined {
  const shownMs = sumLedger(spans).programme;
  if (shownMs === 0) return undefined;
  let presented = 0;
  let i = 0;
  for (const span of spans) {
    if (span.class !== 'programme') continue;
    while (i < frames.count && frames.atMs[i]! < span.fromMs) i += 1;
    for (; i < frames.count && frames.atMs[i]! < span.toMs; i++) {
      if (mayBeProgramme(frames, i) && frames.counter[i] !== frames.counter[i - 1])
        presented += 1 + frames.unseen[i]!;
    }
  }
  return thousandth((presented * 1000) / shownMs);
}
