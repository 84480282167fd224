// Folders and names of what is encoded. A transport stream holds its sound; CMAF has it in a track of its own.

import type { MediaSettings } from '../../model/scenario.ts';

/** Folder of a rung beside the multivariant playlist. */
export const rungFolder = (index: number): string => `v${index}`;

/** Folder of the sound that all rungs share. */
export const SOUND = 'a';

/** The file in the folder of a track that a player needs before any segment of it. */
export const INIT = 'init.mp4';

/** The rungs, and the sound where it is in none of them. */
export const trackFolders = ({
  ladder,
  container,
}: Pick<MediaSettings, 'ladder' | 'container'>): readonly string[] => [
  ...ladder.map((_, index) => rungFolder(index)),
  ...(container === 'cmaf' ? [SOUND] : []),
];

/** Gives a name that PART_NAME reads (model/segmentName.ts). */
export const partName = (sequence: number, part: number): string => `${sequence}.${part}.m4s`;

interface Naming {
  readonly sequence: number;
  readonly counter: number | undefined;
  readonly startEpochMs: number;
}

/** Servers know a segment of CMAF by its time, from `t` on (web/segmentNames.ts): DASH asks so. */
export function segmentName(
  { sequence, counter, startEpochMs }: Naming,
  { container }: MediaSettings,
) {
  const numbers = counter === undefined ? `${sequence}` : `${sequence}-${counter}`;
  return container === 'cmaf' ? `${numbers}-t${startEpochMs}.m4s` : `${numbers}.ts`;
}
