// Countries of what does not say its own, as an option of the command line has them.

import { badArgument, type HarnessError } from '../model/errors.ts';

/** `FR` is everywhere; `EqPA2=FR,internet=FR` says each. */
export function countriesIn(wish = ''): (place: string) => string {
  const parts = wish.split(',').map((part) => part.trim());
  const wrong = parts.find((part) => part !== '' && !/^(?:[^=]+=)?[A-Z]{2}$/.test(part));
  if (wrong !== undefined) throw countryProblem(`${wrong} is no country code`);
  const everywhere = parts.find((part) => /^[A-Z]{2}$/.test(part));
  const known = new Map(parts.map((part) => part.split('=') as [string, string]));
  return (place) => {
    const country = known.get(place) ?? everywhere;
    if (country !== undefined && country !== '') return country;
    throw countryProblem(`nothing says in which country ${place} is`);
  };
}

const countryProblem = (message: string): HarnessError =>
  badArgument(
    '--country',
    `--country: ${message}`,
    'write --country FR for all, or --country EqPA2=FR,internet=FR for each',
  );
