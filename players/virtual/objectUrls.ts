// Addresses of what a page made itself: media sources and the code of workers.

export interface ObjectUrls {
  /** The class `URL` of the page. */
  readonly PageUrl: typeof URL;
  /** Gives what an address leads to; undefined once it was given back. */
  readonly at: (url: string) => unknown;
}

export function makeObjectUrls(): ObjectUrls {
  const objects = new Map<string, object>();
  let made = 0;
  class PageUrl extends URL {
    static override createObjectURL(source: object): string {
      const url = `blob:${made++}`;
      objects.set(url, source);
      return url;
    }

    /** Players give it back as soon as the source is open, or the worker has its code. */
    static override revokeObjectURL(url: string): void {
      objects.delete(url);
    }
  }
  return { PageUrl, at: (url) => objects.get(url) };
}
