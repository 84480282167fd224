// Options that only some formats of `import` and `export` take.

import { HarnessError } from '../model/errors.ts';

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
  throw new HarnessError('ARGUMENT_INVALID', `--${strange} means nothing for this format`, {
    target: `--${strange}`,
    hint: takes.length === 0 ? 'it takes no option' : `it takes --${takes.join(', --')}`,
  });
}
