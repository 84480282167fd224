import { describe, expect, it } from 'vitest';
import type { Check, DoctorReport } from '../../../harness/runtime/doctor.ts';
import { renderDoctor } from '../../../harness/runtime/doctorText.ts';

const check = (name: string, rest: Partial<Check> = {}): Check => ({
  name,
  state: 'ok',
  neededFor: 'every run',
  found: 'there',
  ...rest,
});

const reportOf = (checks: readonly Check[], rest: Partial<DoctorReport> = {}): DoctorReport => ({
  version: 1,
  ready: true,
  runtime: 'containers',
  machine: { platform: 'linux x64', cores: 2, memoryMb: 8_000, freeMemoryMb: 4_000 },
  viewers: { max: 24, reason: 'it has 2 cores' },
  checks,
  ...rest,
});

describe('what the doctor says', () => {
  it('has a line a check, the command that mends it below, and the verdict last', () => {
    const checks = [
      check('node'),
      check('images', { state: 'weak', found: 'not built', mend: 'ecran-noir images build' }),
    ];
    expect(renderDoctor(reportOf(checks)).split('\n')).toEqual([
      'ok       node    there',
      'weak     images  not built',
      '                 -> ecran-noir images build',
      '',
      'runs in containers by default; carries 24 viewers: it has 2 cores',
      'This machine is ready.',
    ]);
  });

  it('tells what is missing from what is missing and not needed', () => {
    const missing = { state: 'missing', mend: 'install it' } as const;
    const checks = [check('nginx', { ...missing, neededFor: 'processes' })];
    expect(renderDoctor(reportOf(checks))).toContain('there (not needed here)');
    expect(renderDoctor(reportOf(checks))).not.toContain('install it');
    const text = renderDoctor(reportOf(checks, { runtime: 'processes', ready: false }));
    expect(text).toContain('-> install it');
    expect(text).toContain('This machine is not ready');
  });
});
