// The names of the engines of a suite, for the help, which loads none of them.

import type { SuiteEngineName } from '../rehearsal/suite/engines.ts';

export const ENGINE_NAMES = ['run', 'virtual-player'] as const satisfies readonly SuiteEngineName[];
