// The seam of what other tools read and write: one file a format, listed in registry.ts.

import { badArgument } from '../model/errors.ts';
import type { Design, Scenario } from '../model/scenario.ts';
import type { Problem } from '../scenario/sourceFile.ts';

export interface TextFile {
  readonly file: string;
  readonly text: string;
}

export interface ImportOptions {
  /** One country, or `LOCATION=FR` for each location. */
  readonly country?: string;
  /** The access that the links of the design run over. */
  readonly over?: string;
  /** Customer routers answer BFD. */
  readonly bfd?: boolean;
}

export interface ImportInput {
  readonly files: readonly TextFile[];
  /** The design that takes in what is read. */
  readonly design: TextFile;
  readonly name: string;
  readonly options: ImportOptions;
}

/** A design in YAML that was read, or the text that was written. */
export interface MadeText {
  readonly text: string;
  /** Says what was left out, what has no place in the format, and what was assumed. */
  readonly remarks: readonly string[];
}

export interface Importer {
  readonly takes: readonly (keyof ImportOptions)[];
  /** @throws HarnessError SCENARIO_INVALID with every problem of the files, each with its place. */
  readonly read: (input: ImportInput) => MadeText;
}

/** A value of a file, and a way to say what is wrong with a key of it. */
export interface Entry<T> {
  readonly value: T;
  readonly problemAt: (key: string, message: string) => Problem;
}

export interface ExportOptions {
  /** The AWS account and region of alarms and interfaces. */
  readonly account?: string;
  readonly region?: string;
  /** Name of the role of an experiment. */
  readonly role?: string;
}

export interface ExportInput {
  /** The file, as the user named it. */
  readonly file: string;
  readonly design: Design;
  /** Undefined where the file is a design. */
  readonly scenario: Scenario | undefined;
  readonly options: ExportOptions;
}

export interface Exporter {
  readonly takes: readonly (keyof ExportOptions)[];
  readonly write: (input: ExportInput) => MadeText;
}

/** @throws HarnessError ARGUMENT_INVALID where the file is a design. */
export function demandScenario({ scenario, file }: ExportInput): Scenario {
  if (scenario) return scenario;
  throw badArgument(
    file,
    `${file} is a design: a scenario is exported so`,
    'name a scenario: its faults and expectations are what is written',
  );
}
