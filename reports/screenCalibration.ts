// Renders the findings of a recording about the ruler, for a terminal and for a file.

import type { EdgeError, ScreenCalibration } from '../harness/model/screenRuler.ts';
import { SCREEN_GOAL } from '../harness/model/screenRuler.ts';
import { drawTable } from './borderless.ts';
import { machineText, signedMs, TOO_BUSY, VERDICT_WORD } from './calibration.ts';
import { counted, formatMs, formatShare, NOTHING } from './duration.ts';
import { writeJson } from './json.ts';
import { inert, paintFor, verdictPaint, type Paint, type Terminal } from './terminal.ts';
import { wrapped } from './wrap.ts';

export const renderScreenCalibrationJson = (calibration: ScreenCalibration): string =>
  writeJson(calibration, ['version', 'verdict', 'reasons', 'madeAt', 'marginMs']);

/** A line an edge of each class, what only one of the rulers saw, the margin, the verdict last. */
export function renderScreenCalibrationConsole(
  calibration: ScreenCalibration,
  terminal: Terminal,
): string {
  const paint = paintFor(terminal);
  const { verdict, reasons } = calibration;
  const text = (words: string) => wrapped(inert(words), terminal.columns);
  return [
    ...text(title(calibration)).map(paint.bold),
    ...text(machineText(calibration.machine)).map(paint.dim),
    ...text(recordingText(calibration)).map(paint.dim),
    '',
    table(calibration, paint),
    '',
    ...text(detection(calibration)),
    ...text(marginText(calibration)),
    '',
    ...text(`${VERDICT_WORD[verdict]}: ${MEANING[verdict]}`).map(verdictPaint(paint, verdict)),
    ...reasons.flatMap((reason) => text(`- ${reason}`)),
  ].join('\n');
}

const title = ({ viewers, design }: ScreenCalibration): string =>
  `Ruler held against a recording of the display: ${counted(viewers, 'viewer')} on ${design}`;

function recordingText({ recording }: ScreenCalibration): string {
  const { samplesPerSecond, blindMs, clockLagMs } = recording;
  const lag = clockLagMs
    ? `the page's clock is on the display ${clockLagMs.p50.toFixed(0)} ms after it is drawn (p95 ${clockLagMs.p95.toFixed(0)} ms)`
    : "the page's clock was not readable";
  return `${samplesPerSecond.toFixed(1)} samples a second, none for ${formatMs(blindMs)}; ${lag}`;
}

const HEADS = ['on the screen', 'edge', 'compared', 'bias', 'p50', 'p95', 'worst'];

const table = ({ errors }: ScreenCalibration, paint: Paint): string =>
  drawTable(
    [HEADS.map(paint.dim), ...errors.map((error) => edgeCells(error, paint))],
    (at) => at < 2,
  );

function edgeCells({ as, edge, count, biasMs, p50Ms, p95Ms, worstMs }: EdgeError, paint: Paint) {
  const far = p95Ms > SCREEN_GOAL.p95Ms;
  const p95 = `${p95Ms.toFixed(0)} ms`;
  const cells = [as, edge, String(count), signedMs(biasMs), `${p50Ms.toFixed(0)} ms`];
  const all = [...cells, far ? paint.red(p95) : p95, signedMs(worstMs)];
  return as === 'all' ? all.map(paint.bold) : all;
}

function detection(calibration: ScreenCalibration): string {
  const { seen, missed, unmeasured, falseInterruptions, falsePerHour, watchedMs } = calibration;
  const { blindRecording } = calibration;
  const why = `${unmeasured - blindRecording} beside unmeasured time, ${blindRecording} beside a gap of the recording`;
  const unsure = unmeasured > 0 ? `, ${unmeasured} could not be compared (${why})` : '';
  return (
    `Detected ${seen} of ${seen + missed} losses on a screen (${formatShare(seen, seen + missed)})${unsure}. ` +
    `${counted(falseInterruptions, 'false interruption')} in ${formatMs(watchedMs)} of ` +
    `${counted(calibration.viewers, 'viewer')}: ${falsePerHour.toFixed(1)} an hour of a viewer.`
  );
}

const marginText = ({ marginMs }: ScreenCalibration): string =>
  `Margin of a duration: ${marginMs === undefined ? NOTHING : `${marginMs} ms`}.`;

const MEANING: Readonly<Record<ScreenCalibration['verdict'], string>> = {
  pass: `onsets, ends and lengths agree within ${SCREEN_GOAL.p95Ms} ms (p95), nothing is missed, nothing is made up`,
  fail: 'what is reported here and what the display showed are further apart than they may be',
  inconclusive: TOO_BUSY,
};
