// The settings of light viewers that a scenario can set. Those of hls.js have its names and units.

import { HLS_SETTINGS } from './hls.ts';
import type { Settings } from './setting.ts';

const { maxBufferLength, abrEwmaDefaultEstimate } = HLS_SETTINGS;

export const LIGHT_SETTINGS: Settings = {
  ...({ maxBufferLength, abrEwmaDefaultEstimate } as Settings),
  liveSyncDurationCount: { kind: 'number', min: 0, max: 10_000 },
  /** `lengths`: only the first byte of a segment is asked for, and its length. */
  segments: { kind: 'choice', values: ['whole', 'lengths'] },
};
