// Every format that is read from other tools, and every one that is written for them.

import { chaosToolkit } from './chaosToolkit.ts';
import { cyclonedxImport } from './cyclonedx/read.ts';
import { cyclonedxExport } from './cyclonedx/write.ts';
import { directConnect } from './directConnect.ts';
import { fis } from './fis.ts';
import type { Exporter, Importer } from './format.ts';
import type { ExportFormat, ImportFormat } from './formats.ts';
import { thirdParties } from './thirdParties.ts';

export const IMPORTERS: Readonly<Record<ImportFormat, Importer>> = {
  'direct-connect': directConnect,
  cyclonedx: cyclonedxImport,
};

export const EXPORTERS: Readonly<Record<ExportFormat, Exporter>> = {
  'third-parties': thirdParties,
  cyclonedx: cyclonedxExport,
  fis,
  'chaos-toolkit': chaosToolkit,
};
