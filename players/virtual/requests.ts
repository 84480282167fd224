// XMLHttpRequest as players use it, on a stream of answers instead of a network. Media come in the form
// that segments.ts writes, and playlists say so.

import type { MediaAnswer, VirtualStream } from '../../harness/model/virtualWorld.ts';
import { Emitter } from './emitter.ts';
import { initSegment, mediaSegment } from './segments.ts';

/** The time to the first byte of an answer that takes longer than this in all. */
const FIRST_BYTE_MS = 4;

/** The name of the initialisation segment, beside every playlist. */
const INIT = 'init.mp4';

/** Made once: each new reason would cost the trace of a stack, and nobody sees it. */
const CLOSED = new Error('the request is over');

export class VirtualRequest extends Emitter {
  static readonly HEADERS_RECEIVED = 2;
  static readonly DONE = 4;
  readyState = 0;
  status = 0;
  statusText = '';
  response: unknown = null;
  responseText = '';
  responseType = '';
  responseURL = '';
  timeout = 0;
  withCredentials = false;
  readonly #stream: VirtualStream;
  #url = '';
  #sent = false;
  #isOver = false;
  #ending = new AbortController();
  #timers: number[] = [];

  constructor(stream: VirtualStream) {
    super();
    this.#stream = stream;
  }

  open(_method: string, url: string): void {
    this.#url = url;
    this.#state(1);
  }

  setRequestHeader(): void {
    // No answer depends on a header.
  }

  getAllResponseHeaders(): string {
    return '';
  }

  getResponseHeader(): null {
    return null;
  }

  abort(): void {
    const isOver = this.#isOver;
    this.#close();
    if (isOver || !this.#sent) return;
    this.#state(4);
    this.tell('abort');
    this.tell('loadend');
  }

  /** Players put their own `abort` in place of that above. */
  #close(): void {
    // Whoever was asked waits for nothing once an answer began.
    if (!this.#isOver && this.readyState < VirtualRequest.HEADERS_RECEIVED)
      this.#ending.abort(CLOSED);
    this.#isOver = true;
    for (const timer of this.#timers) this.#stream.timers.clear(timer);
  }

  send(): void {
    const { signal } = this.#ending;
    this.#sent = true;
    if (this.timeout > 0)
      this.#timers.push(this.#stream.timers.after(this.timeout, () => this.#timeOut()));
    if (this.#url.endsWith(`/${INIT}`)) return this.#deliver(200, initSegment());
    this.#stream.request(this.#url.replace(FRAGMENT, '.ts'), signal).then(
      (answer) => {
        if (!signal.aborted) this.#answer(answer);
      },
      () => undefined,
    );
  }

  #timeOut(): void {
    this.#close();
    this.#state(4);
    this.tell('timeout');
    this.tell('loadend');
  }

  /** The head comes a moment before the body: players measure the time between the two. */
  #answer({ status, body }: MediaAnswer): void {
    if (status === 0) return this.#fail();
    this.#deliver(
      status,
      typeof body === 'string' ? playlistWithMap(body) : makeSegment(this.#stream, body),
    );
  }

  #deliver(status: number, body: string | ArrayBuffer): void {
    this.status = status;
    this.responseURL = this.#url;
    this.#state(2);
    this.#timers.push(this.#stream.timers.after(FIRST_BYTE_MS, () => this.#end(body)));
  }

  #fail(): void {
    this.#close();
    this.status = 0;
    this.#state(4);
    this.tell('error');
    this.tell('loadend');
  }

  #end(body: string | ArrayBuffer): void {
    const text = typeof body === 'string' ? body : '';
    const loaded = typeof body === 'string' ? Buffer.byteLength(body) : body.byteLength;
    this.#close();
    if (this.responseType === 'arraybuffer') this.response = bytesOf(body);
    else if (this.responseType === 'json') this.response = parseOrNull(text);
    else this.response = this.responseText = text;
    this.tell('progress', { type: 'progress', target: this, loaded, total: loaded });
    this.#state(4);
    this.tell('load');
    this.tell('loadend');
  }

  #state(state: number): void {
    this.readyState = state;
    this.tell('readystatechange');
  }
}

const bytesOf = (body: string | ArrayBuffer): ArrayBuffer =>
  typeof body === 'string' ? new TextEncoder().encode(body).buffer : body;

function makeSegment(
  { content: picturesOf, fps }: VirtualStream,
  { content, bytes }: Exclude<MediaAnswer['body'], string>,
): ArrayBuffer {
  const { frames, startS } = picturesOf(content);
  return mediaSegment({ content, startS, frames, fps, bytes });
}

/** Segments of transport streams are fragments here; players tell by the name what they get. */
const FRAGMENT = /\.m4s$/;

/** Many viewers are given the same text, and each of them again and again. */
const changed = new Map<string, string>();
const KEPT_TEXTS = 64;

function playlistWithMap(text: string): string {
  const known = changed.get(text);
  if (known !== undefined) return known;
  if (changed.size === KEPT_TEXTS) changed.clear();
  const made = withMap(text);
  changed.set(text, made);
  return made;
}

/** There is no sound in them, and media playlists name the initialisation segment. */
const withMap = (playlist: string): string =>
  playlist
    .replaceAll(/,mp4a[^"]*/g, '')
    .replaceAll(/\.ts$/gm, '.m4s')
    .replace(/(#EXT-X-INDEPENDENT-SEGMENTS)(?=[^]*#EXTINF)/, `$1\n#EXT-X-MAP:URI="${INIT}"`);

/** Gives what a browser does for the type json: null for what is none. */
function parseOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
