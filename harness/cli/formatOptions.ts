// Options that only some formats of `import` and `export` take.

import { badArgument } from '../model/errors.ts';

/**
 * Those that were given. An option that the format does not take would do nothing.
 * @throws HarnessError ARGUMENT_INVALID for such a one.
 */
export function optionsFor<T extends object>(options: T, takes: readonly (keyof T)[]): Partial<T> {
  const given = (Object.keys(options) as (keyof T & string)[]).filter(
    (key) => options[key] !== undefined,
  );
  const strange = given.find((key) => !takes.includes(key));
  if (strange === undefined)
    return Object.fromEntries(given.map((key) => [key, options[key]])) as Partial<T>;
  throw badArgument(
    `--${strange}`,
    `--${strange} means nothing for this format`,
    takes.length === 0 ? 'it takes no option' : `it takes --${takes.join(', --')}`,
  );
}
