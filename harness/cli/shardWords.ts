// The words that each shard is called with: those of this call without the ones that are about the
// whole.

const WITH_VALUE = ['on', 'shards', 'image', 'collect-at', 'time-limit', 'out'];
const FLAGS = ['print', 'json', 'quiet'];

/** `words` begin with the command, and so do those that are given back. */
export function shardWords(words: readonly string[]): string[] {
  const kept: string[] = [];
  for (let at = 0; at < words.length; at++) {
    const [name = '', value] = words[at]!.replace(/^--(no-)?/, '').split('=');
    const isOption = words[at]!.startsWith('--');
    if (isOption && WITH_VALUE.includes(name)) at += value === undefined ? 1 : 0;
    else if (!isOption || !FLAGS.includes(name)) kept.push(words[at]!);
  }
  return kept;
}
