// Finds facts the reader must know besides the expectations. An inconclusive finding says that the
// run proves nothing: what was planned did not happen, or what happened was not measured.

import type { EndRecord, History, StageRecord } from '../model/history.ts';
import { occurrenceId, type Outage, type Plan } from '../model/plan.ts';
import type { Finding, ViewerResult } from '../model/report.ts';
import { isOnStages } from '../model/scenario.ts';
import { actionFindings } from './actionFindings.ts';
import { alertFindings } from './alertFindings.ts';
import { clocklessFindings } from './clocklessFindings.ts';
import { cmcdFindings } from './cmcdFindings.ts';
import { conservationFindings } from './conservation.ts';
import { durationText } from './durationText.ts';
import { actionsDone, disruptedAtMs } from './faults.ts';
import { imitatedFindings } from './imitatedFindings.ts';
import { sumUnmeasured } from './ledger.ts';
import { lengthFindings } from './lengthFindings.ts';
import type { Presence } from './presence.ts';
import type { Recorded } from './recorded.ts';
import { recoveryFindings } from './recovery.ts';
import { strayFindings } from './strayFillers.ts';
import { soundFindings } from './soundFindings.ts';
import { sayShownAgain } from './shownAgain.ts';
import { sayStrangeFrames } from './strangeFrames.ts';
import { UNMEASURED_SHARE_MAX } from './thresholds.ts';
import type { SeenViewer } from './viewers.ts';
import type { Seen } from './watch.ts';
import { controlFindings, guardrailFindings } from './watchFindings.ts';
import { workerFindings } from './workers.ts';

export interface Evidence extends Omit<Seen, 'viewers'> {
  readonly history: Recorded;
  readonly end: EndRecord | undefined;
  readonly endMs: number;
  /** Everybody, the control too. */
  readonly viewers: readonly ViewerResult[];
  /** Everybody but the control. */
  readonly audience: readonly SeenViewer[];
  /** Viewers who imitate a player: they stand beside the audience. */
  readonly beside: readonly SeenViewer[];
  readonly presence: Presence;
}

/** Gives findings in a fixed order of rules, within a rule in order of time. */
export function listFindings(evidence: Evidence): Finding[] {
  return [
    ...endFindings(evidence),
    ...stageFindings(evidence),
    ...pageFindings(evidence),
    ...actionFindings(evidence.history, evidence.end),
    ...lengthFindings(evidence.history),
    ...controlFindings(evidence),
    ...workerFindings(evidence.history),
    ...guardrailFindings(evidence),
    ...strayFindings(evidence.strays, evidence.strayLosses),
    ...audienceFindings(evidence),
    ...clocklessFindings(evidence.history),
    ...recoveryFindings(evidence),
    ...conservationFindings(evidence.watched, evidence.history),
    ...alertFindings(evidence.history, evidence.audience),
    ...soundFindings(evidence),
    ...cmcdFindings(evidence.audience),
    ...measureFindings(evidence),
    ...imitatedFindings(evidence),
    ...outageFindings(evidence.history.run.plan.outages),
    ...notes(evidence),
  ];
}

function endFindings({ history, end, endMs }: Evidence): Finding[] {
  if (!end) {
    return [
      {
        rule: 'truncated',
        verdict: 'inconclusive',
        text: `the record stops at ${durationText(endMs)} without saying that the run ended`,
        atMs: endMs,
        hint: 'The harness was killed or the disk was full: run it again.',
      },
    ];
  }
  const why = end.detail === undefined ? '' : `: ${end.detail}`;
  const atMs = Math.round(end.atMs);
  switch (end.reason) {
    case 'complete':
      return disruptedAtMs(history.records) === undefined ? [NOT_DISRUPTED] : [];
    case 'guardrail':
      return [
        { rule: 'guardrail', verdict: 'fail', text: `a guardrail ended the run${why}`, atMs },
      ];
    case 'interrupted':
      return [
        {
          rule: 'interrupted',
          verdict: 'inconclusive',
          text: `the run was interrupted${why}`,
          atMs,
        },
      ];
    case 'error':
      return [{ rule: 'run-failed', verdict: 'inconclusive', text: `the run failed${why}`, atMs }];
  }
}

const NOT_DISRUPTED: Finding = {
  rule: 'not-disrupted',
  verdict: 'inconclusive',
  text: 'the run ended before its first planned action could begin',
};

/** A stage that ended although nobody asked it to and no fault on it was under way. */
function stageFindings({ history }: Evidence): Finding[] {
  const asked = new Set<string>();
  const meant = endsMeant(history);
  const findings: Finding[] = [];
  for (const record of history.records) {
    if (record.type !== 'stage') continue;
    if (record.event === 'starting') asked.delete(record.stage);
    if (record.event === 'stopping') asked.add(record.stage);
    if (record.event !== 'exited' || asked.has(record.stage)) continue;
    if (!meant.some((end) => end(record))) findings.push(crashed(record));
  }
  return findings;
}

/** One question for each fault on stages: is this end its work? From its beginning to its heal. */
function endsMeant({ run, records }: History): ((end: StageRecord) => boolean)[] {
  const done = actionsDone(records);
  return run.plan.actions.flatMap((inject) => {
    const { fault, nature } = inject;
    const begun = done.get(inject.id);
    if (!isOnStages(fault) || nature !== 'life' || !begun) return [];
    const heal = run.plan.actions.find(
      (action) => action.does === 'heal' && occurrenceId(action) === occurrenceId(inject),
    );
    const untilMs = (heal && done.get(heal.id)?.doneAtMs) ?? Infinity;
    return [
      ({ stage, atMs }) =>
        fault.stages.some((name) => stage === name || stage.startsWith(`${name}.`)) &&
        atMs >= begun.atMs &&
        atMs <= untilMs,
    ];
  });
}

const crashed = ({ stage, atMs, detail }: StageRecord): Finding => ({
  rule: 'stage-crashed',
  verdict: 'inconclusive',
  text: `${stage} ended and no fault explains it${detail === undefined ? '' : `: ${detail}`}`,
  atMs: Math.round(atMs),
  hint: `Read the log of ${stage} in the folder of the run.`,
});

/** All viewers of a machine share one page: one finding for each time it was lost. */
function pageFindings({ history }: Evidence): Finding[] {
  // A worker is lost with its page, and the finding on it says so.
  const here = history.tracks.filter(({ viewer }) => viewer.worker === undefined);
  const losses = here.flatMap(({ events }) =>
    events
      .filter(({ event }) => event === 'page-lost')
      .map(({ atMs, detail = '' }) => ({ atMs, detail })),
  );
  const first = Map.groupBy(losses, ({ detail }) => detail);
  return [...first].map(([detail, [loss]]) => ({
    rule: 'page-lost',
    verdict: 'inconclusive',
    text: `the browser that shows the viewers was lost (${detail}): nothing is known of them from then on`,
    atMs: Math.round(loss!.atMs),
    hint: 'A machine short of memory ends browsers first: fewer viewers, or more memory.',
  }));
}

function audienceFindings({ history, viewers, strange, again, presence }: Evidence): Finding[] {
  const seen = new Set(viewers.map(({ id }) => id));
  const never = history.run.viewers.filter(
    ({ id, imitates }) => imitates === undefined && !seen.has(id) && !presence.wasTooEarlyFor(id),
  );
  // Who joins in an outage may see nothing but that.
  const empty = viewers.filter(
    ({ id, ledger }) => ledger.programme === 0 && !presence.isLatecomer(id),
  );
  return [
    ...nobodyDid('never-joined', 'never joined', never),
    ...nobodyDid('no-programme', 'never saw the programme', empty),
    ...strange.map((frames) => sayStrangeFrames(frames, history)),
    ...again.map(sayShownAgain),
  ];
}

/** One finding for all of them. */
function nobodyDid(rule: string, what: string, who: readonly { readonly id: string }[]): Finding[] {
  if (who.length === 0) return [];
  return [{ rule, verdict: 'inconclusive', text: `${who.map(({ id }) => id).join(', ')} ${what}` }];
}

function measureFindings({ viewers }: Evidence): Finding[] {
  const { unmeasuredMs, share } = sumUnmeasured(viewers.filter(({ control }) => !control));
  if (unmeasuredMs === 0) return [];
  const percent = (share * 100).toFixed(1);
  return [
    {
      rule: 'unmeasured',
      verdict: share > UNMEASURED_SHARE_MAX ? 'inconclusive' : 'pass',
      text: `${percent}% of the audience's time is unmeasured (${durationText(unmeasuredMs)})`,
    },
  ];
}

/** Worth knowing, without weight. */
function notes({ history, viewers }: Evidence): Finding[] {
  const audience = viewers.filter(({ control }) => !control);
  const interruptions = audience.flatMap((viewer) => viewer.interruptions);
  const glitches = interruptions.filter(({ glitch }) => glitch).length;
  const unexplained = interruptions.filter(({ glitch, cause }) => !glitch && cause === undefined);
  const notes: Finding[] = [];
  const note = (rule: string, text: string, atMs?: number) =>
    notes.push({ rule, verdict: 'pass', text, atMs });
  notes.push(...compression(history.run.plan));
  if (glitches > 0) note('glitches', `${glitches} losses shorter than 200 ms`);
  if (unexplained.length > 0 && !history.run.viewers.every(({ clockless }) => clockless)) {
    const firstMs = Math.min(...unexplained.map(({ fromMs }) => fromMs));
    note(
      'unexplained',
      `${unexplained.length} interruptions are explained by no fault: none was in force, or just healed, on the way of the pictures that are missing`,
      firstMs,
    );
  }
  return notes;
}

/** Beyond what the scenario says, its expectations are about something that was not played. */
function compression({ compress, scenario: { compressAtMost = Infinity } }: Plan): Finding[] {
  if (compress === 1) return [];
  const text = `the scenario's own times were divided by ${compress}; segments, retries and players kept theirs`;
  if (compress <= compressAtMost) return [{ rule: 'compressed', verdict: 'pass', text }];
  return [
    {
      rule: 'compressed-too-much',
      verdict: 'inconclusive',
      text: `${text}. Its expectations hold up to ${compressAtMost} (compressAtMost): they say nothing about this run`,
      hint: `play it with --compress ${compressAtMost} or less`,
    },
  ];
}

/** Says how long work lasted that people had to end, beside how long it may last on other nights. */
const outageFindings = (outages: readonly Outage[] = []): Finding[] =>
  outages.map(({ of, lengthMs, p50Ms, p90Ms, p99Ms }) => ({
    rule: 'outage-length',
    verdict: 'pass',
    text: `${of} lasted ${durationText(lengthMs)} until people had ended it; of ten thousand nights half last no longer than ${durationText(p50Ms)}, nine of ten ${durationText(p90Ms)}, ninety-nine of a hundred ${durationText(p99Ms)}`,
  }));
