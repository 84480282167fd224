// Defines an output: a pure function from a report to text. Nothing here reads or writes.

import type { Report } from '../harness/model/report.ts';

/** The files that a renderer may embed besides the report itself. */
export interface Assets {
  /**
   * Base64 of PNG files by the name the report gives them (`report.screenshots[].file`), and of small
   * pictures in WebP by `pictureName`.
   */
  readonly images: Readonly<Record<string, string>>;
  /** The folder of the run's files, from where the command was called; with forward slashes. */
  readonly folder: string;
}

export const NO_ASSETS: Assets = { images: {}, folder: '.' };

/** An output that becomes one file in the folder of a run. */
export interface FileReport {
  /** File name in the run's folder. */
  readonly file: string;
  readonly render: (report: Report, assets: Assets) => string;
}
