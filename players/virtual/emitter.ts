// Listeners as elements of a page have them. Node's own EventTarget does more, at ten times the cost.

export type Listener = ((event: object) => void) | { handleEvent(event: object): void };

interface ListenOptions {
  readonly once?: boolean;
  readonly signal?: AbortSignal;
}

export class Emitter {
  readonly #listeners = new Map<string, Map<Listener, boolean>>();

  addEventListener(
    type: string,
    listener: Listener | null,
    options?: ListenOptions | boolean,
  ): void {
    if (!listener) return;
    const { once = false, signal } = typeof options === 'object' ? options : {};
    if (signal?.aborted) return;
    const known = this.#listeners.get(type) ?? new Map<Listener, boolean>();
    this.#listeners.set(type, known.set(listener, once));
    signal?.addEventListener('abort', () => known.delete(listener), { once: true });
  }

  removeEventListener(type: string, listener: Listener | null): void {
    if (listener) this.#listeners.get(type)?.delete(listener);
  }

  dispatchEvent(event: Event): boolean {
    this.tell(event.type, event);
    return true;
  }

  /** Tells the listeners, and the handler property of that name. */
  tell(type: string, told?: object): void {
    const handler = (this as unknown as Record<string, unknown>)[`on${type}`];
    if (typeof handler !== 'function' && !this.#listeners.get(type)?.size) return;
    const event = told ?? { type, target: this, currentTarget: this };
    if (typeof handler === 'function') (handler as (event: object) => void).call(this, event);
    const listeners = this.#listeners.get(type);
    for (const [listener, once] of [...(listeners ?? [])]) {
      if (once) listeners?.delete(listener);
      if (typeof listener === 'function') listener.call(this, event);
      else listener.handleEvent(event);
    }
  }
}
