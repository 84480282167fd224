// The program of a portal stage.

import { runStage } from '../stage.ts';
import { startPortal } from '../web/portal.ts';

await runStage(startPortal);
