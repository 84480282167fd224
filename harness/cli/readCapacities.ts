// Reads `--capacity NAME=RATE,queue=1s,…`: requests a second that a class of stages can serve, and what
// becomes of those that it has no time for.

import { parseDurationMs } from '../kernel/duration.ts';
import { CAPACITY_DEFAULTS, type AgentChoices, type Capacity } from '../model/simulated.ts';

type Setting = (word: string) => Partial<Capacity> | undefined;

const SETTINGS: Readonly<Record<string, Setting>> = {
  queue: (word) => withDuration(word, (queueMs) => ({ queueMs })),
  refusal: (word) => {
    const refusalCost = /^\d+(?:\.\d+)?$/.test(word) ? Number(word) : NaN;
    return refusalCost <= 1 ? { refusalCost } : undefined;
  },
  'retry-after': (word) => withDuration(word, (retryAfterMs) => ({ retryAfterMs })),
  admits: (word) => (word === 'all' || word === 'playing' ? { admits: word } : undefined),
};

function withDuration(word: string, make: (ms: number) => Partial<Capacity>) {
  const ms = parseDurationMs(word);
  return ms === undefined ? undefined : make(ms);
}

/** Throws what the command line says of a word that is no capacity. */
export function readCapacities(words: readonly string[]): AgentChoices['capacities'] {
  const read = words.map(readOne);
  const names = read.map(([name]) => name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw new Error(`--capacity ${twice}=… is there twice: say it once`);
  return Object.fromEntries(read);
}

function readOne(word: string): readonly [string, number | Capacity] {
  const [first = '', ...more] = word.split(',');
  const [, name, digits] = /^([^=]+)=(\d+(?:\.\d+)?(?:e\d+)?)$/i.exec(first) ?? [];
  const perS = Number(digits);
  if (name === undefined || !(perS > 0))
    throw new Error(
      `--capacity ${word}: expected NAME=NUMBER above 0; edge=2000000 serves two million requests a second`,
    );
  if (more.length === 0) return [name, perS];
  const settings = more.map((one): Partial<Capacity> => {
    const [key = '', value = ''] = one.split('=');
    const read = Object.hasOwn(SETTINGS, key) ? SETTINGS[key]?.(value) : undefined;
    if (read) return read;
    throw new Error(
      `--capacity ${word}: ${one} is none of queue=500ms, refusal=0.2 (0 to 1), retry-after=10s, admits=all or admits=playing`,
    );
  });
  return [name, Object.assign({ ...CAPACITY_DEFAULTS, perS }, ...settings) as Capacity];
}
