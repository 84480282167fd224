// Renders what the doctor found for a terminal.

import { isNeeded, type DoctorReport } from './doctor.ts';

/** Gives one line a check, with what mends it below. */
export function renderDoctor(report: DoctorReport): string {
  const { checks, runtime, viewers, ready } = report;
  const width = Math.max(...checks.map(({ name }) => name.length));
  const lines = checks.flatMap((check) => {
    const { name, state, found, mend } = check;
    const optional = state === 'missing' && !isNeeded(check, runtime) ? ' (not needed here)' : '';
    const line = `${state.padEnd(7)}  ${name.padEnd(width)}  ${found}${optional}`;
    return mend === undefined || optional ? [line] : [line, `${' '.repeat(11 + width)}-> ${mend}`];
  });
  return [
    ...lines,
    '',
    `runs in ${runtime} by default; carries ${viewers.max} viewers: ${viewers.reason}`,
    ready ? 'This machine is ready.' : 'This machine is not ready: mend what is missing.',
  ].join('\n');
}
