// Every format that is read from other tools.

import { directConnect } from './directConnect.ts';
import type { Importer } from './format.ts';

export const IMPORTERS: readonly Importer[] = [directConnect];
