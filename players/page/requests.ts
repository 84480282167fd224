// Watches the requests of all players of the page: which are under way, and which playlist was answered
// last. It is imported before the players are, some of which keep the functions that they find.

import type { Requests } from './evidence.ts';
import { shortPlaylist } from './shortPlaylist.ts';

interface Sent {
  readonly url: URL;
  readonly atMs: number;
  /** Its body is read by whoever asked: only the browser tells when it has come. */
  readonly byFetch: boolean;
}

const sent = new Set<Sent>();
/** The playlist that was answered last, by host. */
const playlists = new Map<string, { readonly url: URL; atMs: number; text: string }>();
const epochMs = (): number => performance.timeOrigin + performance.now();

/** Gives the requests to one host now, or to any. */
export function requestsTo(host: string | undefined): Requests {
  const isOf = (url: URL) => host === undefined || url.hostname === host;
  const last = [...playlists.values()].findLast(({ url }) => isOf(url));
  return {
    underWay: [...sent]
      .filter(({ url }) => isOf(url))
      .map(({ url, atMs }) => ({ path: url.pathname, atMs })),
    playlist: last && { path: last.url.pathname, atMs: last.atMs, text: shortPlaylist(last.text) },
  };
}

function begin(address: string, byFetch: boolean): Sent | undefined {
  const url = URL.parse(address, location.href);
  if (!url || !/^https?:$/.test(url.protocol)) return undefined;
  const one = { url, atMs: epochMs(), byFetch };
  sent.add(one);
  return one;
}

const isPlaylist = ({ pathname }: URL): boolean => /\.(?:m3u8|mpd)$/i.test(pathname);

/** Keeps the order in which they were answered. */
function keepPlaylist(url: URL, text: string): void {
  if (!/#EXTINF|<MPD/.test(text)) return;
  playlists.delete(url.hostname);
  playlists.set(url.hostname, { url, atMs: epochMs(), text });
}

function watchedRequest(Own: typeof XMLHttpRequest): typeof XMLHttpRequest {
  return class extends Own {
    #address = '';
    #one: Sent | undefined;

    override open(method: string, url: string | URL, ...rest: unknown[]): void {
      this.#end();
      this.#address = String(url);
      // The forms with and without the other arguments differ in what they mean.
      (super.open as (...all: unknown[]) => void)(method, url, ...rest);
    }

    override send(body?: Document | XMLHttpRequestBodyInit | null): void {
      this.#one = begin(this.#address, false);
      this.addEventListener('loadend', () => this.#end(), { once: true });
      super.send(body);
    }

    #end(): void {
      const one = this.#one;
      if (!one) return;
      sent.delete(one);
      this.#one = undefined;
      const isText = this.responseType === '' || this.responseType === 'text';
      if (isText && this.status === 200 && isPlaylist(one.url))
        keepPlaylist(one.url, this.responseText);
    }
  };
}

function watchFetch(own: typeof fetch): typeof fetch {
  return async (input, init) => {
    const one = begin(input instanceof Request ? input.url : String(input), true);
    try {
      const response = await own(input, init);
      if (one && response.ok && isPlaylist(one.url)) {
        const text = response.clone().text();
        text.then((it) => keepPlaylist(one.url, it)).catch(() => undefined);
      }
      return response;
    } catch (error) {
      if (one) sent.delete(one);
      throw error;
    }
  };
}

/** The browser tells of a request when its last byte has come, or it has failed. */
function forget(entries: readonly PerformanceEntry[]): void {
  for (const { name } of entries) {
    const done = [...sent].find((one) => one.byFetch && one.url.href === name);
    if (done) sent.delete(done);
  }
}

// In virtual time there is none, and nothing is watched.
if ('PerformanceObserver' in globalThis) {
  globalThis.XMLHttpRequest = watchedRequest(globalThis.XMLHttpRequest);
  globalThis.fetch = watchFetch(globalThis.fetch.bind(globalThis));
  new PerformanceObserver((list) => forget(list.getEntries())).observe({ type: 'resource' });
}
