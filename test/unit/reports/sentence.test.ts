import { describe, expect, it } from 'vitest';
import { findTraits } from '../../../harness/faults/kinds.ts';
import type { Fault } from '../../../harness/model/fault.ts';
import { compressionNote, describeRun } from '../../../reports/sentence.ts';
import { sampleReport, summaryOf } from '../../support/sampleReport.ts';

const sample = sampleReport();

describe('describeRun', () => {
  it('says what was done, what viewers lost and who came back', () => {
    const text = describeRun(sample);
    expect(text).toContain('Maintenance window "connect-maintenance" cut connect-up');
    expect(text).toContain('(standing for 42m), given back in 2 steps.');
    expect(text).toContain('All 6 viewers lost the programme');
    expect(text).toContain('1 viewer never saw it again.');
  });

  it('says that no fault was in force when none was', () => {
    const faults = sample.faults.map((fault) => ({ ...fault, fromMs: undefined, toMs: undefined }));
    expect(describeRun(sampleReport({ faults }))).toMatch(
      /^None of the planned faults was in force\./,
    );
    expect(describeRun(sampleReport({ faults: [] }))).toMatch(/^No fault was planned\./);
  });

  it('says that nobody lost the programme, and nothing of recovery', () => {
    const audience = { ...sample.audience, interrupted: 0, recovered: 6 };
    const text = describeRun(sampleReport({ audience }));
    expect(text).toContain('None of 6 viewers lost the programme.');
    expect(text).toMatch(/lost the programme\.$/);
  });

  it('does not say that it came back when nobody did', () => {
    const audience = { ...sample.audience, recovered: 0, timeToRecoverMs: undefined };
    const text = describeRun(sampleReport({ audience }));
    expect(text).toContain('6 viewers never saw it again.');
    expect(text).not.toContain('was back');
  });

  it('speaks of one viewer in the singular', () => {
    const audience = {
      ...sample.audience,
      viewers: 1,
      interrupted: 1,
      recovered: 1,
      blackScreenMs: summaryOf([1200]),
    };
    expect(describeRun(sampleReport({ audience }))).toContain('The viewer lost the programme');
  });

  it('takes back the figures of an inconclusive run', () => {
    expect(describeRun(sampleReport({ verdict: 'inconclusive' }))).toMatch(
      /does not prove these figures/,
    );
  });

  it('tells a fault that came in bursts from one that was given back in steps', () => {
    const [fault] = sample.faults;
    const faults = [10_000, 20_000, 30_000].map((fromMs) => ({
      ...fault!,
      fromMs,
      toMs: fromMs + 2_000,
    }));
    expect(describeRun(sampleReport({ faults }))).toContain(
      'during 6.00s (standing for 6m), in 3 bursts.',
    );
  });

  it('says what was done to stages and to pictures', () => {
    const where = { stages: ['transcoder'], channels: ['one'], links: [] };
    const text = (fault: Fault) => {
      const own = { kind: fault.kind, ...findTraits(fault), links: ['transcoder'] };
      return describeRun(sampleReport({ faults: sample.faults.map((f) => ({ ...f, ...own })) }));
    };
    expect(text({ kind: 'stage', does: 'kill', ...where })).toContain(
      'killed transcoder for "one" and "two" during',
    );
    expect(text({ kind: 'content', shows: 'frozen', ...where })).toContain('froze transcoder for');
    expect(text({ kind: 'latency', delayMs: 200, jitterMs: 0, ...where })).toContain(
      'delayed transcoder (200 ms ± 0 ms) for',
    );
    expect(text({ kind: 'stage', does: 'disconnect', ...where })).toContain(
      'took transcoder off the network for',
    );
    expect(text({ kind: 'content', shows: 'codec', codec: 'mpeg2', ...where })).toContain(
      'changed the codec of transcoder (codec mpeg2) for',
    );
    const match = { of: 'segment', rung: undefined, every: undefined, ratio: 1 } as const;
    expect(text({ kind: 'http', match, answer: { kind: 'hang' }, ...where })).toContain(
      'let transcoder answer wrongly (hang to segment) for',
    );
    expect(text({ kind: 'full-disk', ...where })).toContain('filled the disk of transcoder for');
  });

  it('stays a paragraph when there are many faults', () => {
    const [fault] = sample.faults;
    const faults = Array.from({ length: 40 }, (_, i) => ({ ...fault!, name: `fault-${i}` }));
    expect(describeRun(sampleReport({ faults }))).toContain('37 more faults followed.');
  });
});

describe('compressionNote', () => {
  it('is there for a compressed run only', () => {
    expect(compressionNote(sample)).toContain('60x');
    expect(compressionNote(sampleReport({ run: { ...sample.run, compress: 1 } }))).toBeUndefined();
  });
});
