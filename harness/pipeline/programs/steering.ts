// The program of a steering stage.

import { runStage } from '../stage.ts';
import { startSteering } from '../web/steering.ts';

await runStage(startSteering);
