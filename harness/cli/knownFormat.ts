// Tells the format of a file by the file that asks for it, where that is certain.

export const ZOD = '/node_modules/zod/';

/** Our folders of code, from the root of a checkout or of the compiled files of a package. */
const OURS = /^(?:harness|players|reports)\//;

/** The format of a file that is named relative to another one, of ours or of zod; undefined where Node has to look. */
export function formatBeside(
  parentURL: string,
  specifier: string,
  root: string,
): string | undefined {
  const ours = parentURL.startsWith(root) && OURS.test(parentURL.slice(root.length));
  if (specifier.endsWith('.js')) return ours || parentURL.includes(ZOD) ? 'module' : undefined;
  return ours && specifier.endsWith('.ts') ? 'module-typescript' : undefined;
}
