// The embedded server as a process of its own: what the adapter and containers start.

import { runServer } from './runServer.ts';

await runServer(process.argv.slice(2));
