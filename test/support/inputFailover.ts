// Describes how a transcoder changes inputs, for designs that a test writes without the schema.

import type { InputFailover } from '../../harness/model/scenario.ts';

export const INPUT_FAILOVER: InputFailover = {
  lossMs: 1_000,
  blackMs: undefined,
  blackLevel: 0.1,
  prefer: 'primary',
  clearMs: 5_000,
};
