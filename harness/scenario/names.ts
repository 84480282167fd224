// Writes the message about a name that nothing has.

import { didYouMean, listed } from './suggest.ts';
import { shortened } from '../fields/visible.ts';

export const unknownName = (what: string, name: string, known: readonly string[]): string =>
  `no ${what} is called ${shortened(name)}; there are ${listed(known) || 'none'}${didYouMean(name, known)}`;
