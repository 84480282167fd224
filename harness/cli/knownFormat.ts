// Tells the format of a file by the file that asks for it, where that is certain.

export const ZOD = '/node_modules/zod/';

/** Folders of packages whose files all have one format, whatever they name beside them. */
const PACKAGES = [
  [ZOD, 'module'],
  ['/node_modules/yaml/dist/', 'commonjs'],
  ['/node_modules/yargs/build/', 'module'],
  ['/node_modules/temporal-polyfill/', 'module'],
] as const;

/** Our folders of code, from the root of a checkout or of the compiled files of a package. */
const OURS = /^(?:harness|players|reports)\//;

/** The format of a file that is named relative to another one, of ours or of a package; undefined where Node has to look. */
export function formatBeside(
  parentURL: string,
  specifier: string,
  root: string,
): string | undefined {
  const ours = parentURL.startsWith(root) && OURS.test(parentURL.slice(root.length));
  if (ours && specifier.endsWith('.ts')) return 'module-typescript';
  if (!specifier.endsWith('.js')) return undefined;
  return ours ? 'module' : PACKAGES.find(([folder]) => parentURL.includes(folder))?.[1];
}
