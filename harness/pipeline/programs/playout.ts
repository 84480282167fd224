// The program of a playout stage.

import { runStage } from '../stage.ts';
import { startPlayout } from '../playout/playout.ts';

await runStage(startPlayout);
