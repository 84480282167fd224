import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseExpectation, pointAt } from '../../../harness/scenario/expectation.ts';
import { METRICS } from '../../../harness/measure/metrics/catalogue.ts';
import { AGGREGATES } from '../../../harness/model/scenario.ts';

describe('parseExpectation reads', () => {
  test('a statistic over viewers', () => {
    expect(parseExpectation('p95(blackScreen) <= 2s').expectation).toEqual({
      text: 'p95(blackScreen) <= 2s',
      aggregate: 'p95',
      metric: 'blackScreen',
      operator: '<=',
      value: { unit: 'ms', value: 2000 },
    });
  });

  test.each([
    ['recovered == 100%', { unit: 'share', value: 1 }],
    ['min(blackScreen) >= 80% of cut', { unit: 'ofCut', value: 0.8 }],
    ['max(blackScreen)<=110% of  cut', { unit: 'ofCut', value: 1.1 }],
    ['max(interruptions) <= 1', { unit: 'count', value: 1 }],
    ['p50(amplification) >= 0.8', { unit: 'count', value: 0.8 }],
    ['p50(amplification) >= 80%', { unit: 'share', value: 0.8 }],
    ['  max ( blackScreen )  ==  0  ', { unit: 'ms', value: 0 }],
    ['p99(timeToRecover) < PT1M', { unit: 'ms', value: 60_000 }],
  ])('%s', (text, value) => {
    expect(parseExpectation(text).expectation?.value).toEqual(value);
  });
});

describe('parseExpectation points at', () => {
  test.each([
    ['p95(blackScren) <= 2s', 'blackScren', /did you mean blackScreen/],
    ['p59(blackScreen) <= 2s', 'p59', /did you mean p95/],
    ['blackScreen <= 2s', 'blackScreen', /max\(blackScreen\)/],
    ['p95(recovered) == 100%', 'p95', /over all viewers/],
    ['recovered = 100%', '= 100%', /<= >= == < >/],
    ['recovered == 101%', '101%', /up to 100%/],
    ['recovered == 2s', '2s', /a share/],
    ['p95(blackScreen) <= 95%', '95%', /a time/],
    ['p95(blackScreen) <= 2 s', '2 s', /a value such as/],
    ['max(interruptions) <= 1s', '1s', /a count/],
    ['p95(blackScreen) <=', '', /a value such as/],
    ['?', '?', /a measure/],
  ])('%s', (text, wrong, message) => {
    const { mistake } = parseExpectation(text);
    expect(mistake?.message).toMatch(message);
    expect(mistake?.at).toBe(wrong === '' ? text.length : text.indexOf(wrong));
  });

  test('the place with a caret', () => {
    expect(pointAt('p95(x) <= 2s', 4)).toBe('p95(x) <= 2s\n    ^');
  });
});

test('every metric can be expected in the way it is measured', () => {
  const fits = (metric: string) =>
    ['2s', '50%', '1'].filter((value) =>
      AGGREGATES.every((of) => parseExpectation(`${of}(${metric}) < ${value}`).expectation),
    );
  for (const metric of METRICS)
    if (metric.of !== 'run') expect(fits(metric.name).length).toBeGreaterThan(0);
    else {
      const text = metric.about === undefined ? `${metric.name} > 5%` : `${metric.name}(FR) > 5MB`;
      expect(parseExpectation(text).mistake).toBeUndefined();
    }
});

test('whatever is written, the answer is an expectation or a place inside the text', () => {
  const words = fc.constantFrom('p95', '(', 'blackScreen', ')', '<=', '2s', '%', 'of cut', ' ');
  const texts = fc.oneof(
    fc.string(),
    fc.array(words, { maxLength: 9 }).map((parts) => parts.join('')),
  );
  fc.assert(
    fc.property(texts, (text) => {
      const { expectation, mistake } = parseExpectation(text);
      expect((expectation === undefined) !== (mistake === undefined)).toBe(true);
      if (mistake) expect(mistake.at).toBeLessThanOrEqual(text.length);
    }),
  );
});
