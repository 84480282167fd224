// The names of formats, for the command line: the code behind them is loaded when one is called.

export const IMPORT_FORMATS = ['direct-connect', 'cyclonedx'] as const;
export type ImportFormat = (typeof IMPORT_FORMATS)[number];

export const EXPORT_FORMATS = ['third-parties', 'cyclonedx', 'fis', 'chaos-toolkit'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];
