// Counts the works that say something of each path at a moment, as they begin and end.

export class Tally {
  readonly #counts = new Map<string, number>();

  constructor(names: readonly string[] = []) {
    this.add(names);
  }

  add(names: readonly string[]): void {
    for (const name of names) this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
  }

  remove(names: readonly string[]): void {
    for (const name of names) {
      const count = this.#counts.get(name) ?? 0;
      if (count > 1) this.#counts.set(name, count - 1);
      else this.#counts.delete(name);
    }
  }

  has(name: string): boolean {
    return this.#counts.has(name);
  }

  /** The number of names that are counted at least once. */
  get size(): number {
    return this.#counts.size;
  }
}
