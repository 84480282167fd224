// Turns a journal on disk into a report and its files; `run` ends with it, `report` is only that.

import { join, relative, sep } from 'node:path';
import { readInside } from '../kernel/replaceFile.ts';
import { judgeJournal } from '../measure/judgeJournal.ts';
import { pictureName } from '../model/evidence.ts';
import type { ViewerRecord } from '../model/history.ts';
import type { Report } from '../model/report.ts';
import { FILE_REPORTS } from '../../reports/registry.ts';
import type { Assets } from '../../reports/renderer.ts';
import { linesIn } from '../run/journal.ts';
import { JOURNAL, writeRunFile, type RunFolder } from './runFolder.ts';

/** Judges the journal in a run's folder, read line by line. Throws RECORD_UNREADABLE. */
export function judgeFolder(dir: string): Report {
  const file = join(dir, JOURNAL);
  return judgeJournal(linesIn(file), file);
}

/** Writes every output into the run's folder; answers the files. Throws CANNOT_WRITE. */
export async function writeReports(dir: string, report: Report): Promise<readonly string[]> {
  const assets = await loadAssets(dir, report);
  const files: string[] = [];
  for (const { file, render } of FILE_REPORTS) {
    const path = join(dir, file);
    await writeRunFile(path, render(report, assets));
    files.push(path);
  }
  return files;
}

/** Judges the journal of a folder, and writes every output beside it. Throws RECORD_UNREADABLE, CANNOT_WRITE. */
export async function reportFolder({ dir, journal }: RunFolder) {
  const report = judgeFolder(dir);
  return { report, dir, files: [journal, ...(await writeReports(dir, report))] };
}

const hasEvidence = ({ viewers }: Report): boolean =>
  viewers.some(({ interruptions }) => interruptions.some(({ evidence }) => evidence));

/** The journal is read again for them: a report that held them would be too large. */
function readSmallPictures(file: string, images: Record<string, string>): void {
  for (const line of linesIn(file)) {
    if (!line.includes('"event":"evidence"')) continue;
    const record = JSON.parse(line) as ViewerRecord;
    for (const [place, { webp }] of (record.evidence?.pictures ?? []).entries())
      if (webp) images[pictureName(record.viewer, record.atMs, place)] = webp;
  }
}

/** Nothing outside the folder, and no link out of it: a run may come from elsewhere. */
const PICTURE = /^screenshots\/[\w-]+\.png$/;

/** Screenshots that are gone are left out: an old record can be judged without them. */
export async function loadAssets(dir: string, report: Report): Promise<Assets> {
  const images: Record<string, string> = {};
  for (const { file } of report.screenshots) {
    if (!PICTURE.test(file)) continue;
    const png = await readInside(dir, file);
    if (png) images[file] = png.toString('base64');
  }
  if (hasEvidence(report)) readSmallPictures(join(dir, JOURNAL), images);
  return { images, folder: (relative('', dir) || '.').split(sep).join('/') };
}
