// Finds codes of countries and laws that nobody knows. They are taken as they are written, and told:
// a slip of the pen would be a jurisdiction of its own, in which nothing else stands.

import type { Access } from '../model/access.ts';
import type { Design, Supplied } from '../model/scenario.ts';
import { distinct } from './supply.ts';

export interface UnknownJurisdiction {
  /** The code as it is written. */
  readonly code: string;
  readonly text: string;
}

export const JURISDICTION_HINT = 'write country codes of ISO 3166-1, such as FR, or EU for a law';

/** Laws and countries of a design that are no country's, each once. */
export function unknownJurisdictions(
  design: Pick<Design, 'stages' | keyof Supplied>,
  accesses: readonly Access[],
): readonly UnknownJurisdiction[] {
  const { stages, services = [], suppliers = [], residency = [] } = design;
  const places = [...stages, ...services, ...accesses.flatMap(({ paths }) => paths)];
  const laws = [...places, ...suppliers].flatMap(({ law = [] }) => law);
  const countries = [
    ...places.flatMap(({ country, technology, adminFrom = [] }) => [
      country,
      ...(technology ? [technology.country] : []),
      ...adminFrom,
    ]),
    ...residency.flatMap((scope) => scope.countries),
  ];
  const say = (is: string, codes: readonly string[]) =>
    distinct(codes).map((code) => ({
      code,
      text: `no country has the ${is} ${code}${instead(code)}: taken as it is written`,
    }));
  return [
    ...say(
      'law',
      laws.filter((law) => law !== UNION && !isCountry(law)),
    ),
    ...say(
      'code',
      countries.filter((country) => !isCountry(country)),
    ),
  ];
}

/** The European Union makes laws and is no country. */
const UNION = 'EU';
/** Unicode's names of regions have these beside countries: unions, leftovers, codes for tests. */
const NO_COUNTRY = [UNION, 'EZ', 'QO', 'UN', 'XA', 'XB', 'ZZ'];
const CODE = /^[A-Z]{2}$/;
const NAMES = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' });

const isCountry = (code: string): boolean =>
  CODE.test(code) &&
  findCode(code) === code &&
  NAMES.of(code) !== undefined &&
  !NO_COUNTRY.includes(code);

/** The code of today: GB for UK, RU for SU. */
const findCode = (code: string): string | undefined => new Intl.Locale(`und-${code}`).region;

function instead(code: string): string {
  const today = CODE.test(code) ? findCode(code) : undefined;
  return today === undefined || today === code ? '' : ` (it is ${today})`;
}
