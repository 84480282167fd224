import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { busyText, readLoad } from '../../../harness/kernel/load.ts';
import { isBusy, loadText } from '../../../harness/model/machine.ts';
import { folderForEach } from '../../support/folders.ts';

let proc: string;
folderForEach((path) => (proc = path));

/** Writes the files as Linux 6 does. */
function write(files: { loadavg?: string; stat?: string; pressure?: string }): void {
  if (files.loadavg) writeFileSync(join(proc, 'loadavg'), files.loadavg);
  if (files.stat) writeFileSync(join(proc, 'stat'), files.stat);
  if (!files.pressure) return;
  mkdirSync(join(proc, 'pressure'), { recursive: true });
  writeFileSync(join(proc, 'pressure', 'cpu'), files.pressure);
}

describe('how busy this machine is', () => {
  it('is read from load average, processor time and pressure', () => {
    write({
      loadavg: '31.25 14.52 7.30 28/417 16053\n',
      stat: 'cpu  1000 0 500 7000 100 0 100 300 0 0\ncpu0 1 2 3\nprocs_running 28\n',
      pressure:
        'some avg10=54.25 avg60=66.04 avg300=47.41 total=1\nfull avg10=0.00 avg60=0 total=0\n',
    });
    const first = readLoad(undefined, proc);
    expect(first?.load).toEqual({ load: 31.25, running: 28, waitingShare: 0.5425 });
    write({ stat: 'cpu  1500 0 700 7100 100 0 100 500 0 0\n' });
    expect(readLoad(first?.ticks, proc)?.load.stealShare).toBeCloseTo(0.2);
  });

  it('is read without pressure, and not at all where there is no /proc', () => {
    write({ loadavg: '0.50 0.10 0.05 1/200 99\n' });
    expect(readLoad(undefined, proc)?.load).toEqual({ load: 0.5, running: 1 });
    expect(readLoad(undefined, join(proc, 'nowhere'))).toBeUndefined();
    expect(busyText('during', join(proc, 'nowhere'))).toBeUndefined();
  });

  it('is said in a message when it is busy, and not when it is not', () => {
    write({ loadavg: '0.50 0.10 0.05 1/200 99\n' });
    expect(busyText('during', proc)).toBeUndefined();
    write({ loadavg: '9999.00 1.00 1.00 31/417 16053\n' });
    expect(busyText('during', proc)).toMatch(
      /^This machine is busy: load 9999\.0 on \d+ cores?, 31/,
    );
  });

  it('is busy before a run at half of what it is during one, or when time is stolen', () => {
    expect(isBusy({ load: 3, running: 3 }, 2, 'before')).toBe(true);
    expect(isBusy({ load: 3, running: 3 }, 2, 'during')).toBe(false);
    expect(isBusy({ load: 0.1, running: 1, stealShare: 0.2 }, 2)).toBe(true);
  });

  it('is told in words', () => {
    const load = { load: 31.24, running: 28, waitingShare: 0.97, stealShare: 0.1 };
    expect(loadText(load, 2)).toBe(
      'load 31.2 on 2 cores, 28 run or want to, something waits for a processor 97% of the time, the machine below takes 10% of the time',
    );
  });
});
