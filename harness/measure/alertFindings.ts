// Findings about alerts: what was on screens and should not have been, and what was never issued.

import { livesIn, NO_RADIO } from '../model/alert.ts';
import type { History, ViewerDescription } from '../model/history.ts';
import type { Finding } from '../model/report.ts';
import { messagesIn, type AlertMessage, type AlertSpan } from './alerts.ts';
import type { SeenViewer } from './viewers.ts';

/** More than viewers are behind live: what begins so long after the end of an alert is an old one. */
const OLD_MS = 30_000;

interface Shown extends AlertSpan {
  readonly viewer: ViewerDescription;
}

interface ShownMessage extends Shown {
  readonly message: AlertMessage;
}

export function alertFindings(history: History, audience: readonly SeenViewer[]): Finding[] {
  const { plan, viewers } = history.run;
  if (!plan.alerts) return [];
  const messages = messagesIn(history);
  const shown = audience.flatMap(({ result, alertSpans = [] }) => {
    const viewer = viewers.find(({ id }) => id === result.id)!;
    return alertSpans.map((span): Shown => ({ ...span, viewer }));
  });
  const messageOf = ({ sign }: Shown) =>
    messages.find((one) => one.number === sign.number && one.revision === sign.revision);
  const issued = shown.flatMap((one): ShownMessage[] => {
    const message = messageOf(one);
    return message ? [{ ...one, message }] : [];
  });
  return [
    ...wrongly(shown, 'alert-unknown', 'an alert that was never issued', (one) => !messageOf(one)),
    ...wrongly(
      issued,
      'alert-exercise',
      'an exercise as real, or the real as an exercise',
      ({ message, sign }) => message.exercise !== sign.exercise,
    ),
    ...wrongly(
      issued,
      'alert-text',
      'another text than was issued',
      ({ message, sign }) => message.textSum !== sign.textSum,
    ),
    ...wrongly(
      issued,
      'alert-wrong-area',
      'an alert for another area',
      ({ message, viewer }) => !livesIn(viewer, message.areas),
    ),
    ...wrongly(
      issued,
      'alert-again',
      'an alert again after it was over',
      ({ message, fromMs }) => fromMs > message.endMs + OLD_MS,
    ),
    ...notIssued(history, messages),
    DEADLINE,
    ...(usesNoRadio(history) ? [STAND_IN] : []),
  ];
}

const DEADLINE: Finding = {
  rule: 'alert-deadline',
  verdict: 'pass',
  text: 'how fast an alert must be is what this scenario expects: no text of law gives seconds',
};

const usesNoRadio = ({ run: { plan } }: History): boolean =>
  (plan.scenario.alerts ?? []).some(({ carriages }) => carriages.includes(NO_RADIO));

const STAND_IN: Finding = {
  rule: 'alert-no-radio',
  verdict: 'pass',
  text: `${NO_RADIO} is a stand-in for cell broadcast over HTTP: there was no radio, no cell and no phone`,
};

/** One finding for all viewers whom it happened to. */
function wrongly<S extends Shown>(
  shown: readonly S[],
  rule: string,
  what: string,
  is: (one: S) => boolean,
): Finding[] {
  const wrong = shown.filter(is);
  if (wrong.length === 0) return [];
  const who = [...new Set(wrong.map(({ viewer }) => viewer.id))].join(', ');
  const atMs = Math.round(Math.min(...wrong.map(({ fromMs }) => fromMs)));
  return [{ rule, verdict: 'fail', text: `${who}: shown ${what}`, atMs }];
}

function notIssued({ run, records }: History, messages: readonly AlertMessage[]): Finding[] {
  const planned = (run.plan.alerts ?? []).filter(({ does }) => does !== 'end');
  const missing = planned.filter(
    (step) => !messages.some((one) => one.alert === step.alert && one.revision === step.revision),
  );
  const failures = records.flatMap((record) =>
    record.type === 'alert' && record.error !== undefined
      ? [`${record.alert}: ${record.error}`]
      : [],
  );
  return [
    ...missing.map(({ alert, revision }): Finding => ({
      rule: 'alert-not-issued',
      verdict: 'inconclusive',
      text: `${alert}: message ${revision} was never issued`,
    })),
    ...failures.map((text): Finding => ({ rule: 'alert-not-told', verdict: 'pass', text })),
  ];
}
