// The program of an origin stage.

import { runStage } from '../stage.ts';
import { startOrigin } from '../web/origin.ts';

await runStage(startOrigin);
