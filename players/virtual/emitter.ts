// Listeners as elements of a page have them. Node's own EventTarget does more, at ten times the cost.

export type Listener = ((event: object) => void) | { handleEvent(event: object): void };

interface ListenOptions {
  readonly once?: boolean;
  readonly signal?: AbortSignal;
}

export class Emitter {
  /** Made with the first listener: most requests have none. */
  #listeners: Map<string, Map<Listener, boolean>> | undefined;

  addEventListener(
    type: string,
    listener: Listener | null,
    options?: ListenOptions | boolean,
  ): void {
    if (!listener) return;
    const { once = false, signal } = typeof options === 'object' ? options : {};
    if (signal?.aborted) return;
    const listeners = (this.#listeners ??= new Map<string, Map<Listener, boolean>>());
    const known = listeners.get(type) ?? new Map<Listener, boolean>();
    listeners.set(type, known.set(listener, once));
    signal?.addEventListener('abort', () => known.delete(listener), { once: true });
  }

  removeEventListener(type: string, listener: Listener | null): void {
    if (listener) this.#listeners?.get(type)?.delete(listener);
  }

  dispatchEvent(event: Event): boolean {
    this.tell(event.type, event);
    return true;
  }

  /** Tells the listeners, and the handler property of that name. */
  tell(type: string, told?: object): void {
    const handler = (this as unknown as Record<string, unknown>)[handlerOf(type)];
    const listeners = this.#listeners?.get(type);
    if (typeof handler !== 'function' && !listeners?.size) return;
    const event = told ?? { type, target: this, currentTarget: this };
    if (typeof handler === 'function') (handler as (event: object) => void).call(this, event);
    // A listener that the handler added is told, too.
    const heard = listeners ?? this.#listeners?.get(type);
    for (const [listener, once] of [...(heard ?? [])]) {
      if (once) heard?.delete(listener);
      if (typeof listener === 'function') listener.call(this, event);
      else listener.handleEvent(event);
    }
  }
}

/** A text that was made just now is looked up as a property more slowly than a known one. */
const handlers = new Map<string, string>();

function handlerOf(type: string): string {
  const known = handlers.get(type);
  if (known !== undefined) return known;
  const made = `on${type}`;
  handlers.set(type, made);
  return made;
}
