// The only home of chance: a seeded generator, so that a run can be played again.

export interface Random {
  /** Uniform in [0, 1). */
  next(): number;
  /** An independent stream for one purpose; the same label gives the same stream. */
  fork(label: string): Random;
}

/** mulberry32 over a 32-bit state: small, fast, good enough for jitter and shuffles. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return {
    next: () => {
      state = (state + 0x6d2b79f5) >>> 0;
      let t = state;
      t = Math.imul(t ^ (t >>> 15), t | 1);
      t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
      return ((t ^ (t >>> 14)) >>> 0) / 0x1_0000_0000;
    },
    fork: (label) => seededRandom(hash(label, seed)),
  };
}

/** FNV-1a over UTF-16 code units, started from the seed. */
function hash(text: string, seed: number): number {
  let h = (0x811c9dc5 ^ seed) >>> 0;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193) >>> 0;
  return h;
}

/** A seed for a run whose user named none. */
export const freshSeed = (): number => Math.floor(Math.random() * 0x7fffffff);
