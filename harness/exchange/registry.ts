// Every format that is read from other tools, and every one that is written for them.

import { chaosToolkit } from './chaosToolkit.ts';
import { cyclonedxImport } from './cyclonedx/read.ts';
import { cyclonedxExport } from './cyclonedx/write.ts';
import { directConnect } from './directConnect.ts';
import { fis } from './fis.ts';
import type { Exporter, Importer } from './format.ts';
import { thirdParties } from './thirdParties.ts';

export const IMPORTERS: readonly Importer[] = [directConnect, cyclonedxImport];

export const EXPORTERS: readonly Exporter[] = [thirdParties, cyclonedxExport, fis, chaosToolkit];
