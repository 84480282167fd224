// metrics.prom: the headline numbers as gauges, in the subset that both OpenMetrics and the older
// Prometheus text format accept. A client library would bring its own registry and clock for this.

import {
  CLASSES,
  type Figure,
  type Report,
  type Summary,
  type Verdict,
} from '../harness/model/report.ts';

export type Labels = Readonly<Record<string, string>>;

export interface Gauge {
  readonly name: string;
  readonly help: string;
  readonly unit?: 'seconds' | 'ratio';
  readonly samples: readonly (readonly [labels: Labels, value: number])[];
}

const VERDICTS: readonly Verdict[] = ['pass', 'fail', 'inconclusive'];

/**
 * An inconclusive run says so and gives no figures of viewers: on a board they would look like a
 * result, and "0 s of black" is the one lie this tool must not tell.
 */
export function renderOpenMetrics(report: Report): string {
  const measured = report.verdict === 'inconclusive' ? [] : measures(report);
  return writeGauges([...circumstances(report), ...measured], { scenario: report.run.scenario });
}

/** Writes those that have a sample, all with the same labels before their own. */
export function writeGauges(gauges: readonly Gauge[], common: Labels): string {
  const written = gauges.filter(({ samples }) => samples.length > 0);
  return `${written.map((gauge) => family(gauge, common)).join('')}# EOF\n`;
}

function family({ name, help, unit, samples }: Gauge, common: Labels): string {
  const lines = samples.map(
    ([labels, value]) => `${name}${labelSet({ ...common, ...labels })} ${number(value)}`,
  );
  const units = unit ? [`# UNIT ${name} ${unit}`] : [];
  return [`# TYPE ${name} gauge`, ...units, `# HELP ${name} ${help}`, ...lines, ''].join('\n');
}

const labelSet = (labels: Labels): string =>
  `{${Object.entries(labels)
    .map(([name, value]) => `${name}="${labelValue(value)}"`)
    .join(',')}}`;

const labelValue = (text: string): string =>
  text
    .replace(/\r/g, ' ')
    .replaceAll('\\', String.raw`\\`)
    .replaceAll('"', String.raw`\"`)
    .replaceAll('\n', String.raw`\n`);

const number = (value: number): string => (Number.isFinite(value) ? String(value) : 'NaN');

/** 1 for this verdict, 0 for the others. */
export const verdictSamples = (verdict: Verdict): Gauge['samples'] =>
  VERDICTS.map((each) => [{ verdict: each }, each === verdict ? 1 : 0]);

function circumstances({ run, verdict, expectations, findings }: Report): Gauge[] {
  const count = (list: readonly { readonly verdict: Verdict }[]): Gauge['samples'] =>
    VERDICTS.map((each) => [{ verdict: each }, list.filter((l) => l.verdict === each).length]);
  const labels = {
    run: run.id,
    engine: run.engine,
    seed: String(run.seed),
    harness: run.harness,
    runtime: run.environment.runtime,
  };
  const startedS = Date.parse(run.startedAt) / 1000;
  const divided = "What the scenario's own times were divided by.";
  const verdicts = '1 for the verdict of the run, 0 for the others.';
  return [
    makeGauge('count', 'run_info', 'The run these figures are of.', [[labels, 1]]),
    makeGauge('time', 'run_started_timestamp', 'When the run started, Unix time.', [
      [{}, startedS],
    ]),
    makeGauge('count', 'verdict', verdicts, verdictSamples(verdict)),
    makeGauge('ratio', 'compress', divided, [[{}, run.compress]]),
    makeGauge('count', 'expectations', 'Expectations by verdict.', count(expectations)),
    makeGauge('count', 'findings', 'Findings by verdict.', count(findings)),
  ];
}

function measures({ audience, cutMs, margin, groups = [], figures = [] }: Report): Gauge[] {
  return [
    makeGauge('time', 'margin', 'The error that the length of an interruption may have.', [
      [{ from: margin.from ? 'calibration' : 'assumption' }, margin.ms / 1000],
    ]),
    makeGauge('time', 'cut', 'Time during which at least one cut was in force.', [
      [{}, cutMs / 1000],
    ]),
    ...audienceGauges([{ labels: {}, audience }]),
    ...figures.map(({ unit, prom, head, low }) =>
      makeGauge(unit, prom, `${head}, per viewer.`, statistics(low, unit === 'time' ? 1000 : 1)),
    ),
    ...audienceGauges(
      groups
        .filter(({ imitates }) => imitates === undefined)
        .map(({ name, audience }) => ({ labels: { group: name }, audience })),
      'group_',
    ),
    ...audienceGauges(
      groups.flatMap(({ name, imitates, audience }) =>
        imitates === undefined ? [] : [{ labels: { group: name, imitates }, audience }],
      ),
      'imitated_',
      'Imitated, not run. ',
    ),
  ];
}

type LabelledAudience = Pick<Report, 'audience'> & { readonly labels: Labels };

/** The times of viewers: each with its name, its help, and where it is. */
const TIMES: readonly (readonly [
  string,
  string,
  (one: Report['audience']) => Summary | undefined,
])[] = [
  ['black_screen', 'Black screen per viewer.', (one) => one.blackScreenMs],
  [
    'black_screen_at_most',
    'Black screen per viewer, if every unmeasured moment was black.',
    (one) => one.atMost.blackScreenMs,
  ],
  ['programme_loss', 'Black screen, slate and silence per viewer.', (one) => one.programmeLossMs],
  ['time_to_recover', 'Last heal to programme per viewer.', (one) => one.timeToRecoverMs],
  ['latency', 'Glass-to-glass latency per viewer.', (one) => one.latencyMs],
];

const STATES =
  'Viewers: all, who lost the programme, who have it at the end, of whom that is unknown.';

/**
 * Groups have families of their own: a sum over a family that held the whole audience, too, would
 * count each viewer twice. So have viewers who are imitated.
 */
function audienceGauges(audiences: readonly LabelledAudience[], prefix = '', said = ''): Gauge[] {
  const gauge = (
    unit: Figure['unit'],
    name: string,
    help: string,
    of: (audience: Report['audience']) => Gauge['samples'],
  ) =>
    makeGauge(
      unit,
      `${prefix}${name}`,
      `${said}${help}`,
      audiences.flatMap(({ labels, audience }) => labelled(labels, of(audience))),
    );
  return [
    gauge('count', 'viewers', STATES, ({ viewers, interrupted, recovered, recoveryUnseen }) => [
      [{ state: 'watching' }, viewers],
      [{ state: 'interrupted' }, interrupted],
      [{ state: 'recovered' }, recovered],
      [{ state: 'recovery_unknown' }, recoveryUnseen],
    ]),
    ...TIMES.map(([name, help, of]) =>
      gauge('time', name, help, (one) => statistics(of(one), 1000)),
    ),
    gauge(
      'ratio',
      'amplification',
      'Black screen divided by the length of the cut, per viewer.',
      (one) => statistics(one.amplification, 1),
    ),
    gauge(
      'time',
      'screen',
      'The time that screens showed each class, summed over viewers.',
      ({ ledger }) => CLASSES.map((name) => [{ class: name }, (ledger[name] ?? 0) / 1000]),
    ),
  ];
}

/** Puts these labels before those of each sample. */
export const labelled = (labels: Labels, samples: Gauge['samples']): Gauge['samples'] =>
  samples.map(([own, value]) => [{ ...labels, ...own }, value]);

/** A count has no unit, and its name none either. */
export function makeGauge(
  unit: Figure['unit'],
  prom: string,
  help: string,
  samples: Gauge['samples'],
): Gauge {
  const name = `ecran_noir_${prom}`;
  if (unit === 'count') return { name, help, samples };
  return unit === 'time'
    ? { name: `${name}_seconds`, unit: 'seconds', help, samples }
    : { name: `${name}_ratio`, unit: 'ratio', help, samples };
}

function statistics(summary: Summary | undefined, divisor: number): [Labels, number][] {
  if (!summary || summary.count === 0) return [];
  const { min, mean, p50, p90, p95, p99, max } = summary;
  return Object.entries({ min, mean, p50, p90, p95, p99, max }).flatMap(
    ([stat, value]): [Labels, number][] =>
      value === undefined ? [] : [[{ stat }, value / divisor]],
  );
}
