// Renders the findings of a calibration, for a terminal and for a file.

import type { Calibration, RulerError, RulerReading } from '../harness/model/calibration.ts';
import type { Verdict } from '../harness/model/report.ts';
import { drawTable } from './borderless.ts';
import { counted, formatMs, NOTHING } from './duration.ts';
import { writeJson } from './json.ts';
import { inert, paintFor, verdictPaint, type Paint, type Terminal } from './terminal.ts';
import { wrapped } from './wrap.ts';

export const renderCalibrationJson = (calibration: Calibration): string =>
  writeJson(calibration, ['version', 'verdict', 'reasons', 'madeAt']);

/** A line a kind and length, what was reported that nobody put in, and the verdict last. */
export function renderCalibrationConsole(calibration: Calibration, terminal: Terminal): string {
  const paint = paintFor(terminal);
  const { verdict } = calibration;
  const text = (words: string) => wrapped(inert(words), terminal.columns);
  return [
    ...text(title(calibration)).map(paint.bold),
    ...text(machineText(calibration.machine)).map(paint.dim),
    '',
    table(calibration, paint),
    '',
    ...text(quiet(calibration)),
    ...text(lipSyncText(calibration)),
    '',
    ...text(`${VERDICT_WORD[verdict]}: ${meaning(calibration)}`).map(verdictPaint(paint, verdict)),
    ...calibration.reasons.flatMap((reason) => text(`- ${reason}`)),
  ].join('\n');
}

const title = ({ viewers, design }: Calibration): string =>
  `Ruler held against known losses: ${counted(viewers, 'viewer')} on ${design}`;

export function machineText({ processor, cores, memoryMb, load }: Calibration['machine']): string {
  const busy = `load ${load.before.toFixed(1)} before, ${load.after.toFixed(1)} after`;
  return `${counted(cores, 'core')} (${processor}), ${memoryMb} MB, ${busy}`;
}

const HEADS = ['put in', 'length', 'seen', 'bias', 'p95', 'worst', 'in frames'];

function table({ errors, frameMs, limitMs }: RulerReading, paint: Paint): string {
  const rows = errors.map((error) => {
    const { kind, lengthMs, samples, missed, unmeasured, biasMs, p95Ms, worstMs } = error;
    const far = Math.abs(worstMs ?? 0) > limitMs;
    const cells = [
      kind,
      lengthMs === undefined ? 'all' : formatMs(lengthMs),
      `${samples - missed - unmeasured}/${samples}`,
      signedMs(biasMs),
      p95Ms === undefined ? NOTHING : `${p95Ms.toFixed(0)} ms`,
      far ? paint.red(signedMs(worstMs)) : signedMs(worstMs),
      worstMs === undefined ? NOTHING : TENTHS.format(worstMs / frameMs),
    ];
    return [...(lengthMs === undefined ? cells.map(paint.bold) : cells), remark(error)];
  });
  const heads = [...HEADS.map(paint.dim), ''];
  return drawTable([heads, ...rows], (at) => at === 0 || at === HEADS.length);
}

/** Less than nothing that is rounded to it has no sign. */
const WHOLE = new Intl.NumberFormat('en', {
  signDisplay: 'exceptZero',
  maximumFractionDigits: 0,
  useGrouping: false,
});
const TENTHS = new Intl.NumberFormat('en', {
  signDisplay: 'negative',
  minimumFractionDigits: 1,
  maximumFractionDigits: 1,
});

export const signedMs = (ms: number | undefined): string =>
  ms === undefined ? NOTHING : `${WHOLE.format(ms)} ms`;

function remark({ missed, unmeasured, misnamed }: RulerError): string {
  const parts = [
    missed > 0 ? `${missed} not seen` : '',
    misnamed > 0 ? `${misnamed} taken for something else` : '',
    unmeasured > 0 ? `${unmeasured} unmeasured` : '',
  ];
  return parts.filter((part) => part !== '').join(', ');
}

function quiet({ quietMs, falseInterruptions, glitches, controlLostMs }: RulerReading): string {
  const control = controlLostMs === 0 ? 'never' : `for ${formatMs(controlLostMs)}`;
  return (
    `In ${formatMs(quietMs)} without a loss: ` +
    `${counted(falseInterruptions.length, 'interruption')} and ` +
    `${counted(glitches.length, 'glitch', 'glitches')} reported. ` +
    `The control lost its picture ${control}.`
  );
}

function lipSyncText({ lipSync }: Calibration): string {
  if (!lipSync) return 'Sound: no burst was heard near its picture, so that lip sync is not known.';
  const { bursts, limitMs, medianMs, p95Ms, shownMedianMs } = lipSync;
  const is = Math.abs(medianMs) <= limitMs ? 'within' : 'NOT within';
  return (
    `Sound: ${counted(bursts, 'burst')} heard ${signedMs(medianMs)} from when the picture was due, in the ` +
    `median, which is ${is} ${limitMs} ms; 95 % of them within ${p95Ms} ms. ` +
    `${signedMs(shownMedianMs)} from when it was shown.`
  );
}

export const VERDICT_WORD: Readonly<Record<Verdict, string>> = {
  pass: 'PASS',
  fail: 'FAIL',
  inconclusive: 'INCONCLUSIVE',
};

export const TOO_BUSY = 'this machine was too busy to tell: fewer viewers, or nothing else running';

const meaning = ({ verdict, limitMs, frameMs }: RulerReading): string =>
  ({
    pass: `every loss is reported within ${limitMs} ms (${limitMs / frameMs} frames), nothing is reported that was not there`,
    fail: 'on this machine reports are further off than they may be',
    inconclusive: TOO_BUSY,
  })[verdict];
