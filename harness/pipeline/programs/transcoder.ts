// The program of a transcoder stage.

import { runStage } from '../stage.ts';
import { startTranscoder } from '../transcoder/transcoder.ts';

await runStage(startTranscoder);
