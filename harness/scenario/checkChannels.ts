// A fault for some channels only, on a link that cannot tell them apart.

import { sharedLinks } from '../design/flows.ts';
import type { Place } from './place.ts';
import { valueAt, type Problem } from './sourceFile.ts';

/** Refuses differences between channels on a link that carries them together. */
export function checkChannels({ source, path, design }: Place): Problem[] {
  const list = (key: string): readonly unknown[] => {
    const value = valueAt(source.data, [...path, key]);
    return Array.isArray(value) ? value : [];
  };
  const channels = list('channels');
  if (!design || channels.length === 0) return [];
  if (design.channels.every((channel) => channels.includes(channel))) return [];
  const links = list('links').filter((name) => typeof name === 'string');
  return sharedLinks(design, links).map((link) =>
    source.problemAt(
      [...path, 'channels'],
      `${link} carries all channels together: leave channels out, or name links that have one flow a channel`,
    ),
  );
}
