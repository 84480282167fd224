// JSON that remembers where everything stood. YAML is read the same way, which takes JSON in.

import { invalid } from '../scenario/invalid.ts';
import { readYaml, type SourceFile } from '../scenario/sourceFile.ts';
import type { TextFile } from './format.ts';

/** @throws HarnessError SCENARIO_INVALID with the place where it stops being JSON; `page` says more. */
export function readJson({ file, text }: TextFile, page: string): SourceFile {
  const source = readYaml(text, file);
  const [problem] = source.problems;
  if (!problem) return source;
  const isCutOff = /^\s*[[{]/.test(text) && !/[\]}]\s*$/.test(text);
  const message = isCutOff ? 'the file is cut off in the middle' : problem.message;
  throw invalid(file, [{ ...problem, message }], page);
}
