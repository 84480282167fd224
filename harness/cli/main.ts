// The root of the command line. Compiled code is kept between calls (in the folder for temporary
// files), so that a short command costs little more than Node itself.

import { enableCompileCache } from 'node:module';

enableCompileCache();
await import('./commandLine.ts');
