/** Draws 32 bits by seed, agent, purpose and counter: the same whoever asks first. */
export function draw(seed: number, agent: number, purpose: number, counter: number): number {
  let x = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(agent + 0x7f4a7c15, 0xc2b2ae35);
  x ^= Math.imul(((purpose << 20) ^ counter) + 0x165667b1, 0x27d4eb2f);
  x ^= x >>> 15;
  x = Math.imul(x, 0x2c1b3c6d);
  x ^= x >>> 12;
  x = Math.imul(x, 0x297a2d39);
  return (x ^ (x >>> 15)) >>> 0;
}

/** The same as a share, from 0 up to 1. */
export const drawShare = (seed: number, agent: number, purpose: number, counter: number): number =>
  draw(seed, agent, purpose, counter) / 0x1_0000_0000;
