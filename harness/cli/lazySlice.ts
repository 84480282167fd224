// Cuts text as slice-ansi does, which is loaded for the first that is too long.

import { createRequire } from 'node:module';
import type sliceAnsi from 'slice-ansi';

const require = createRequire(import.meta.url);

const cutText: typeof sliceAnsi = (...words) =>
  (require('slice-ansi') as { default: typeof sliceAnsi }).default(...words);

export { cutText as default };
