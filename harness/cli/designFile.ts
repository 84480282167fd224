// A design on the command line: a file, or a name among those of the package and of this folder.

import { basename, join } from 'node:path';
import type { TextFile } from '../exchange/format.ts';
import { badArgument } from '../model/errors.ts';
import { findDesigns, type DesignTexts } from '../scenario/load.ts';
import { unknownName } from '../scenario/suggest.ts';
import { readText } from '../scenario/readText.ts';

export const isDesignFile = (wish: string): boolean => /[/\\]|\.ya?ml$/.test(wish);

/** The designs of the package, of `scenarios/` here, and those beside a file. */
export const designsNear = (file: string): DesignTexts => ({
  ...findDesigns(join('scenarios', 'changes', 'any')),
  ...findDesigns(file),
});

/** Its name, and its text. */
export const namedDesign = (file: string): DesignTexts => ({
  [basename(file).replace(/\.ya?ml$/, '')]: { text: readText(file), file },
});

/** @throws HarnessError ARGUMENT_INVALID for a name that no design has. */
export function designFile(wish: string): TextFile {
  if (isDesignFile(wish)) return { text: readText(wish), file: wish };
  const designs = designsNear('scenario.yaml');
  const found = Object.hasOwn(designs, wish) ? designs[wish] : undefined;
  if (found) return found;
  throw badArgument(
    '--design',
    unknownName('design', wish, Object.keys(designs).toSorted()),
    '`ecran-noir list designs` says what each is',
  );
}
