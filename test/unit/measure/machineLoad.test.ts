import { describe, expect, it } from 'vitest';
import { judge } from '../../../harness/measure/judge.ts';
import type { HistoryRecord } from '../../../harness/model/history.ts';
import { historyOf, stripRecords, viewerOf } from '../../support/strip.ts';

const CONTROL = viewerOf({ id: 'control', channel: 'control', channelNumber: 63, control: true });

function judged(controlLetters: string, loads: readonly number[]) {
  const samples = loads.map((load, i): HistoryRecord => {
    return { type: 'machine', atMs: (i + 1) * 100, load, running: 2 * load, waitingShare: 0.5 };
  });
  const records = [
    ...stripRecords('p'.repeat(40), { stepMs: 100 }),
    ...stripRecords(controlLetters, { stepMs: 100, viewer: CONTROL }),
    ...samples,
  ];
  return judge(historyOf({ viewers: [viewerOf(), CONTROL], records }));
}

const busy = (report: ReturnType<typeof judged>) =>
  report.findings.find(({ rule }) => rule === 'machine-busy');

describe('the load of the machine', () => {
  it('is reported at its median and at its peak', () => {
    const report = judged('p'.repeat(40), [1, 31.2, 4]);
    expect(report.machine).toMatchObject({
      samples: 3,
      median: { load: 4, running: 8, waitingShare: 0.5 },
      peak: { load: 31.2, running: 62.4 },
    });
    expect(report.machine?.median).not.toHaveProperty('stealShare');
  });

  it('is a finding when the control suffered, with the numbers', () => {
    const report = judged('ppppppppppffffffffpppppppppppppppppppppp', [1, 31.2, 4]);
    expect(busy(report)?.text).toContain('load 31.2');
  });

  it('is none when nothing went wrong, and when the machine was calm', () => {
    expect(busy(judged('p'.repeat(40), [31.2]))).toBeUndefined();
    expect(busy(judged('ppppppppppffffffffpppppppppppppppppppppp', [0]))).toBeUndefined();
  });

  it('is absent from the report of a record without samples', () => {
    expect(judged('p'.repeat(40), [])).not.toHaveProperty('machine');
  });
});
