// The program of a multicast stage.

import { runStage } from '../stage.ts';
import { startMulticast } from '../multicast/multicast.ts';

await runStage(startMulticast);
