// Lines of `expect:` as text, parsed before anything runs:
//
//   p95(blackScreen) <= 2s          a statistic over viewers, a comparison, a value
//   min(blackScreen) >= 80% of cut  a share of the time the link was really cut
//   recovered == 100%               a share of all viewers
//   max(stalled) of sofas <= 8s     the same of one group of viewers
//   outside(FR) == 0B               bytes outside of a country, or of a scope of the design
//
// Durations are real, played time: `compress` shortens what the scenario does, not what players
// need to come back, so a bound on recovery means the same at every compression. What does grow
// with the cut is written `of cut`, which holds compressed and at full length alike.

import { parseDurationMs } from '../kernel/duration.ts';
import { parseBytes } from '../model/bytes.ts';
import { METRICS } from '../measure/metrics/catalogue.ts';
import type { Metric } from '../measure/metrics/metric.ts';
import {
  AGGREGATES,
  type Aggregate,
  type ExpectedValue,
  type Expectation,
} from '../model/scenario.ts';
import { didYouMean } from './suggest.ts';

const OPERATORS = ['<=', '>=', '==', '<', '>'] as const;
type Operator = (typeof OPERATORS)[number];
type Unit = Metric['unit'];

export interface ExpectationMistake {
  readonly message: string;
  /** The place in the text, from 0. */
  readonly at: number;
}

export type ParsedExpectation =
  | { readonly expectation: Expectation; readonly mistake?: undefined }
  | { readonly expectation?: undefined; readonly mistake: ExpectationMistake };

class Mistake extends Error {
  readonly at: number;
  constructor(message: string, at: number) {
    super(message);
    this.at = at;
  }
}

/** Reads one line; never throws for what the text says. */
export function parseExpectation(
  text: string,
  metrics: readonly Metric[] = METRICS,
): ParsedExpectation {
  try {
    return { expectation: parse(text, metrics) };
  } catch (error) {
    if (!(error instanceof Mistake)) throw error;
    return { mistake: { message: error.message, at: error.at } };
  }
}

/** The text with a caret under the mistake, for messages. */
export const pointAt = (text: string, at: number): string => `${text}\n${' '.repeat(at)}^`;

function parse(text: string, metrics: readonly Metric[]): Expectation {
  const parts = /^(\s*)(\w+)(?:(\s*\(\s*)([\w-]*)(\s*\)))?(\s*)/.exec(text);
  if (!parts) throw new Mistake('expected a measure such as p95(blackScreen)', indent(text));
  const [head, lead = '', first = '', open, inner = ''] = parts;
  const metricAt = open === undefined ? lead.length : lead.length + first.length + open.length;
  const asking = metrics.find(
    (one) => one.of === 'run' && one.about !== undefined && one.name === first,
  );
  const isPlain = open === undefined || asking !== undefined;
  const aggregate = isPlain ? undefined : parseAggregate(first, lead.length);
  const metric = asking ?? findMetric(open === undefined ? first : inner, metricAt, metrics);
  if (asking?.of === 'run' && inner === '')
    throw new Mistake(`${first} is about ${asking.about}: write ${first}(FR)`, lead.length);
  checkAggregate(aggregate, metric, lead.length);
  const [about = '', group] = /^of\s+([a-z\d-]+)\s*/.exec(text.slice(head.length)) ?? [];
  const operatorFrom = head.length + about.length;
  const operator = operatorAt(text, operatorFrom);
  const rest = text.slice(operatorFrom + operator.length);
  const valueAt = operatorFrom + operator.length + indent(rest);
  const value = parseValue(rest.trim(), valueAt, metric.unit);
  checkUnit(metric, value, valueAt);
  checkReach({ aggregate, metric, operator, value }, valueAt);
  const which = { group, ...(asking && { about: inner }) };
  return { text: text.trim(), aggregate, metric: metric.name, ...which, operator, value };
}

const indent = (text: string): number => text.length - text.trimStart().length;

function parseAggregate(word: string, at: number): Aggregate {
  const found = AGGREGATES.find((known) => known === word);
  if (found) return found;
  throw new Mistake(`expected one of ${AGGREGATES.join(', ')}${didYouMean(word, AGGREGATES)}`, at);
}

function findMetric(word: string, at: number, metrics: readonly Metric[]): Metric {
  const found = metrics.find(({ name }) => name === word);
  if (found) return found;
  const known = metrics.map(({ name }) => name);
  throw new Mistake(`expected one of ${known.join(', ')}${didYouMean(word, known)}`, at);
}

function checkAggregate(aggregate: Aggregate | undefined, { name, of }: Metric, at: number): void {
  if (of !== 'run' && !aggregate)
    throw new Mistake(`${name} is per ${of}: write max(${name}) or p95(${name})`, at);
  if (of === 'run' && aggregate)
    throw new Mistake(`${name} is over all viewers already: write it without ${aggregate}()`, at);
}

function operatorAt(text: string, at: number): Operator {
  const found = OPERATORS.find((operator) => text.startsWith(operator, at));
  if (found) return found;
  const [written = '', meant] =
    Object.entries(MEANT).find(([sign]) => text.startsWith(sign, at)) ?? [];
  const hint = meant === undefined ? '' : `; write ${meant} for ${written}`;
  throw new Mistake(`expected one of ${OPERATORS.join(' ')}${hint}`, at);
}

/** The operators as others write them. */
const MEANT: Readonly<Record<string, Operator>> = {
  '≤': '<=',
  '⩽': '<=',
  '=<': '<=',
  '≥': '>=',
  '⩾': '>=',
  '=>': '>=',
  '=': '==',
};

function parseValue(word: string, at: number, unit: Unit): ExpectedValue {
  if (word === '0' && unit === 'time') return { unit: 'ms', value: 0 };
  const bytes = parseBytes(word);
  if (bytes !== undefined) return { unit: 'bytes', value: bytes };
  const share = /^(\d+(?:\.\d+)?)%(\s+of\s+cut)?$/.exec(word);
  if (share) return { unit: share[2] ? 'ofCut' : 'share', value: Number(share[1]) / 100 };
  if (/^\d+(?:\.\d+)?$/.test(word)) return { unit: 'count', value: Number(word) };
  const ms = parseDurationMs(word);
  if (ms !== undefined) return { unit: 'ms', value: ms };
  throw new Mistake('expected a value such as 2s, 95%, 80% of cut, 1 or 0B', at);
}

function checkUnit({ name, unit }: Metric, value: ExpectedValue, at: number): void {
  const fits: Record<Unit, boolean> = {
    time: value.unit === 'ms' || value.unit === 'ofCut',
    share: value.unit === 'share' && value.value <= 1,
    ratio: value.unit === 'count' || value.unit === 'share',
    count: value.unit === 'count',
    bytes: value.unit === 'bytes',
  };
  if (!fits[unit]) throw new Mistake(`${name} is ${EXPECTED[unit]}`, at);
}

/** No run is longer, and no figure of one is larger: what is, is a slip of the pen. */
const LARGEST: Readonly<Record<ExpectedValue['unit'], { most: number; written: string }>> = {
  ms: { most: 30 * 86_400_000, written: '30d' },
  share: { most: 1000, written: '100000%' },
  ofCut: { most: 1000, written: '100000% of cut' },
  count: { most: 1_000_000, written: '1000000' },
  bytes: { most: 1e15, written: '1000TB' },
};

/** Refuses an expectation that holds, or does not, whatever viewers see. */
function checkReach(
  {
    aggregate,
    metric: { name, unit },
    operator,
    value,
  }: Omit<Expectation, 'text' | 'metric'> & { readonly metric: Metric },
  at: number,
): void {
  const { most, written } = LARGEST[value.unit];
  if (value.value > most) throw new Mistake(`expected at most ${written}`, at);
  const atMost = unit === 'share' ? 1 : Infinity;
  const broken = unit === 'count' && (aggregate === 'min' || aggregate === 'max');
  if (operator === '==' && broken && !Number.isInteger(value.value))
    throw new Mistake(`${name} is counted: it is never ${value.value}`, at);
  const always =
    (operator === '>=' && value.value === 0) || (operator === '<=' && value.value === atMost);
  const never =
    (operator === '<' && value.value === 0) || (operator === '>' && value.value === atMost);
  const limits = atMost === 1 ? 'between 0% and 100%' : 'never below 0';
  if (always) throw new Mistake(`this always holds: ${name} is ${limits}`, at);
  if (never) throw new Mistake(`this can never hold: ${name} is ${limits}`, at);
}

const EXPECTED: Readonly<Record<Unit, string>> = {
  time: 'a time: write 2s or 80% of cut',
  share: 'a share: write a percentage up to 100%',
  ratio: 'a ratio: write 0.8 or 80%',
  count: 'a count: write a number without a unit',
  bytes: 'an amount of bytes: write 0B or 10MB',
};
