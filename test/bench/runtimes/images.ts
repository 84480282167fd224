// Measures the images of the containers runtime on disk, and each step of the Dockerfile.

import type { Engine } from '../../../harness/runtime/containers/engine.ts';

export interface Layer {
  /** The command of the Dockerfile that made it. */
  readonly madeBy: string;
  readonly mb: number;
  /** Images that it is in. */
  readonly images: readonly string[];
}

interface HistoryEntry {
  readonly Created: number;
  readonly CreatedBy: string;
  readonly Size: number;
}

const MB = 1e6;
const NAME_CHARACTERS_MAX = 60;

/** Each layer once, the largest first, whatever the number of images that share it. */
export async function layersOf(
  engine: Engine,
  names: readonly string[],
): Promise<readonly Layer[]> {
  const layers = new Map<string, Layer>();
  for (const image of names) {
    const history = (await engine.api.getImage(image).history()) as readonly HistoryEntry[];
    for (const { Created, CreatedBy, Size } of history.filter((entry) => entry.Size > 0)) {
      const key = `${Created} ${CreatedBy} ${Size}`;
      const images = [...(layers.get(key)?.images ?? []), image];
      layers.set(key, { madeBy: shortened(CreatedBy), mb: Size / MB, images });
    }
  }
  return [...layers.values()].sort((a, b) => b.mb - a.mb);
}

function shortened(createdBy: string): string {
  const command = createdBy
    .replace(/^\/bin\/sh -c (#\(nop\) )?/, '')
    .replace(/\s+/g, ' ')
    .trim();
  const installed = /apt-get install -y --no-install-recommends (.*?) &&/.exec(command)?.[1];
  const copied = /^COPY \S+ in (\S+)/.exec(command)?.[1];
  const file = copied === undefined ? command : `files at ${copied}`;
  const said = installed === undefined ? file : `packages ${installed}`;
  return said === '' ? 'base image' : said.slice(0, NAME_CHARACTERS_MAX);
}
