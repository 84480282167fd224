// The scenario files of a suite: named one by one, by folders or by globs, or changed since a commit.

import { globSync, statSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { HarnessError } from '../../model/errors.ts';
import { readText } from '../../scenario/readText.ts';
import { isMapping } from '../../fields/mapping.ts';
import { readYaml } from '../../scenario/sourceFile.ts';

/**
 * The files, each once and sorted. A file that is named is taken whatever it holds; of folders and
 * globs those that are scenarios. Throws ARGUMENT_INVALID for a path without any.
 */
export function findScenarioFiles(paths: readonly string[]): readonly string[] {
  const files = paths.flatMap((path) => {
    if (isFile(path)) return [path];
    const found = yamlFilesIn(path).filter(isScenario);
    if (found.length > 0) return found;
    throw new HarnessError('ARGUMENT_INVALID', `${path}: no scenario is there`, {
      target: path,
      hint: 'name scenario files, folders that hold some, or a glob in quotes: "scenarios/**/*.yaml"',
    });
  });
  return [
    ...new Map(files.map((file) => [resolve(file), relative('', file) || file])).values(),
  ].toSorted();
}

const yamlFilesIn = (path: string): string[] =>
  isFolder(path)
    ? globSync('**/*.{yaml,yml}', { cwd: path }).map((file) => join(path, file))
    : globSync(path).filter(isFile);

/** Designs, change plans and settings lie beside scenarios. */
function isScenario(file: string): boolean {
  const { data } = readYaml(readText(file), file);
  return isMapping(data) && 'design' in data && 'expect' in data;
}

const isFile = (path: string): boolean =>
  statSync(path, { throwIfNoEntry: false })?.isFile() === true;
const isFolder = (path: string): boolean =>
  statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
