// Everything that a player waits for: each is called off by the next one of its name.

import type { Later } from '../page/policy.ts';

export class Waits {
  readonly #later: Later;
  readonly #waits = new Map<string, () => void>();

  constructor(later: Later) {
    this.#later = later;
  }

  has(name: string): boolean {
    return this.#waits.has(name);
  }

  hold(name: string, callOff: () => void): void {
    this.#waits.get(name)?.();
    this.#waits.set(name, callOff);
  }

  after(name: string, ms: number, act: () => void): void {
    const callOff = this.#later(ms, () => {
      this.over(name);
      act();
    });
    this.hold(name, callOff);
  }

  over(name: string): void {
    this.#waits.delete(name);
  }

  clear(): void {
    for (const callOff of this.#waits.values()) callOff();
    this.#waits.clear();
  }
}
