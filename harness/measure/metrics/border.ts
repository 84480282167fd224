// Bytes outside of the countries of a promise.

import type { RunMetric } from './metric.ts';

export const outside: RunMetric = {
  of: 'run',
  name: 'outside',
  unit: 'bytes',
  about: 'a country such as FR, or a scope of residency',
  bounds: ({ passed }, about = '') => {
    const { bytes, unseen } = passed?.outside(about) ?? { bytes: 0, unseen: ['any link'] };
    return { low: bytes, high: unseen.length > 0 ? Infinity : bytes };
  },
  doubt: ({ passed }, about = '') => {
    const [first = 'any link', ...others] = passed?.outside(about).unseen ?? [];
    const more = others.length > 0 ? ` and ${others.length} more` : '';
    return `no counter saw all of what passed: ${first}${more}`;
  },
};
