// Finds what became of alerts on the screen of a viewer: when each message of one was first shown, and
// when it was gone. Pure.

import { livesIn, type ShownAlert, type ViewerAlert } from '../model/alert.ts';
import { sumText, type AlertSign } from '../model/alertStrip.ts';
import type { History, ViewerDescription, ViewerRecord } from '../model/history.ts';
import type { Screen } from './classify.ts';

/** An alert as it was issued, or an update of it. */
export interface AlertMessage extends AlertSign {
  readonly alert: string;
  readonly areas: readonly string[];
  readonly issuedMs: number;
  /** When the alert was ended; Infinity where the run ended before. */
  readonly endMs: number;
}

/** The messages that were issued, in the order of the scenario. */
export function messagesIn({ run, records }: History): readonly AlertMessage[] {
  const steps = records.filter((record) => record.type === 'alert');
  return (run.plan.scenario.alerts ?? []).flatMap((alert, at) => {
    const own = steps.filter((step) => step.alert === alert.id);
    const endMs = own.find(({ does }) => does === 'end')?.atMs ?? Infinity;
    return own
      .filter(({ does }) => does !== 'end')
      .map(({ revision, atMs }) => ({
        alert: alert.id,
        number: at + 1,
        revision,
        areas: alert.areas,
        exercise: alert.exercise,
        textSum: sumText(alert.updates[revision - 2]?.text ?? alert.text),
        issuedMs: atMs,
        endMs,
      }));
  });
}

/** The time for which a screen showed one message in one piece. */
export interface AlertSpan {
  readonly sign: ShownAlert;
  readonly fromMs: number;
  readonly toMs: number;
}

/** The spans on one screen, in order; what is still shown lasts to the end. */
export function alertSpans(events: readonly ViewerRecord[], leaveMs: number): readonly AlertSpan[] {
  const isSame = (a: ShownAlert, b: ShownAlert) =>
    a.number === b.number && a.revision === b.revision && a.textSum === b.textSum && a.by === b.by;
  return events.flatMap(({ event, alert: sign, atMs: fromMs }, i) => {
    if (event !== 'alert' || !sign) return [];
    const over = events
      .slice(i + 1)
      .find((next) => next.event === 'alert-over' && next.alert && isSame(next.alert, sign));
    return [{ sign, fromMs, toMs: over?.atMs ?? leaveMs }];
  });
}

/** One for each message that concerned the viewer while it was there. */
export function alertsOn(
  viewer: ViewerDescription,
  screen: Screen,
  { messages, spans }: { messages: readonly AlertMessage[]; spans: readonly AlertSpan[] },
): readonly ViewerAlert[] {
  return messages
    .filter(({ areas, issuedMs, endMs }) => {
      const there = screen.joinMs < endMs && screen.leaveMs > issuedMs;
      return there && livesIn(viewer, areas);
    })
    .map((message) => ({
      ...judgeReach(message, screen, spans),
      ...judgeClearing(message, screen, spans),
    }));
}

function judgeReach(message: AlertMessage, screen: Screen, spans: readonly AlertSpan[]) {
  const { alert, number, revision, issuedMs, endMs } = message;
  const sinceMs = Math.max(issuedMs, screen.joinMs);
  const first = spans.find(
    ({ sign, toMs }) => sign.number === number && sign.revision >= revision && toMs > sinceMs,
  );
  const of = { alert, revision };
  if (first && first.fromMs < endMs) {
    const shownMs = Math.max(first.fromMs, sinceMs);
    const dark = classAt(screen, shownMs) !== 'programme';
    return { ...of, reached: 'yes' as const, delayMs: Math.round(shownMs - sinceMs), dark };
  }
  const untilMs = Math.min(endMs, screen.leaveMs);
  const unseen = screen.spans.find(
    (span) => span.class === 'unmeasured' && span.toMs > sinceMs && span.fromMs < untilMs,
  );
  const waited = (unseen ? Math.max(unseen.fromMs, sinceMs) : screen.leaveMs) - sinceMs;
  const reached = unseen ? ('unseen' as const) : ('no' as const);
  return { ...of, reached, delayMs: Math.round(waited), dark: false };
}

/** Known for who was shown an alert that was ended while the viewer was there. */
function judgeClearing(message: AlertMessage, { leaveMs }: Screen, spans: readonly AlertSpan[]) {
  const own = spans.filter(({ sign }) => sign.number === message.number);
  if (own.length === 0 || message.endMs >= leaveMs) return {};
  const goneMs = Math.max(...own.map(({ toMs }) => toMs));
  const clearedMs = Math.round(Math.max(0, goneMs - message.endMs));
  return { clearedMs, cleared: goneMs < leaveMs };
}

const classAt = ({ spans }: Screen, atMs: number) =>
  spans.findLast(({ fromMs }) => fromMs <= atMs)?.class;
