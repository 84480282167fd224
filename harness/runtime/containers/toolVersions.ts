// Asks the image for the versions of ffmpeg, nginx and Node that the stages of a run use.

import { HarnessError } from '../../model/errors.ts';
import { callEngine } from './engine.ts';
import { runForAMoment } from './momentary.ts';
import type { RunNetwork } from './runNetwork.ts';

const ANSWER_MS = 20_000;
/** A line each; nginx says it on the error stream. */
const ASK = {
  ffmpeg: 'ffmpeg -version | head -n 1',
  nginx: 'nginx -v 2>&1 | head -n 1',
  node: 'echo "node $(node --version)"',
} as const;

/** First line of what each says of its version. Throws TOOL_UNFIT, ENGINE_UNAVAILABLE. */
export async function toolVersions(network: RunNetwork): Promise<Readonly<Record<string, string>>> {
  const { stageImage: image } = network;
  const command = ['sh', '-c', Object.values(ASK).join('; ')] as const;
  const { code, said } = await callEngine(`${image} to say its versions`, ANSWER_MS, () =>
    runForAMoment({ network, image, instance: 'versions', command }),
  );
  const lines = said.split('\n');
  const names = Object.keys(ASK);
  if (code !== 0 || lines.length !== names.length)
    throw new HarnessError('TOOL_UNFIT', `${image} did not say its versions: ${said}`, {
      target: image,
      hint: 'run `ecran-noir images remove`, then `ecran-noir images build`',
    });
  return Object.fromEntries(names.map((name, at) => [name, lines[at]?.trim() ?? '']));
}
