// A worker of a search: plays the designs that it is sent, one after the other.

import { parentPort, workerData } from 'node:worker_threads';
import { errorMessage } from '../model/errors.ts';
import { openScenario } from '../scenario/openScenario.ts';
import { build } from '../search/space.ts';
import { brokenBy, playDesign } from './playDesign.ts';
import type { SearchJob, SearchSetting } from './searchPool.ts';

const { file, variant, design, ...asking } = workerData as SearchSetting;
const opened = await openScenario(file, { variant, design });

parentPort!.on('message', ({ words, agents, killer }: SearchJob) => {
  parentPort!.postMessage(answer({ words, agents, killer }));
});

function answer({ words, agents, killer }: SearchJob) {
  try {
    const built = build(opened, words);
    if ('problems' in built) throw new Error(built.problems[0]!.message);
    const asked = { ...asking, agents };
    return {
      value: killer ? brokenBy(built, killer, asked) : playDesign(built, asked),
    };
  } catch (error) {
    return { failure: errorMessage(error) };
  }
}
