// The program of an edge stage.

import { runStage } from '../stage.ts';
import { startEdge } from '../web/edge.ts';

await runStage(startEdge);
