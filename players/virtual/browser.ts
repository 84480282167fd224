// A context of its own for the page of the wall and its players: their globals are virtual, and this
// process's are left alone. The script is the one that a real browser is served.

import type { VirtualStream } from '../../harness/model/virtualWorld.ts';
import { createContext, constants, Script } from 'node:vm';
import { seededRandom } from '../../harness/kernel/random.ts';
import { WALL, BINDING, type PageBatch, type WallPage } from '../messages.ts';
import { bundlePage } from '../pageServer.ts';
import type { PagePlayer } from '../registry.ts';
import { documentOf, PageElement } from './document.ts';
import { Emitter } from './emitter.ts';
import { VirtualMediaSource, VirtualSourceBuffer } from './media.ts';
import { VirtualRequest } from './requests.ts';
import type { ScreenListener } from './shown.ts';
import { VirtualVideo } from './video.ts';

export interface VirtualBrowserOptions {
  readonly stream: VirtualStream;
  readonly players: Readonly<Record<string, PagePlayer>>;
  readonly seed: number;
  readonly screen: ScreenListener;
  readonly receive: (batch: PageBatch) => void;
}

/** The page, once its script has run. */
export async function openVirtualBrowser(options: VirtualBrowserOptions): Promise<WallPage> {
  const { stream, players, seed, screen, receive } = options;
  const context = createContext(constants.DONT_CONTEXTIFY) as Record<string, unknown>;
  const globals = {
    ...timersOf(stream),
    ...mediaOf(stream, screen),
    fetch: undefined,
    AbortController,
    AbortSignal,
    TextEncoder,
    TextDecoder,
    Event,
    EventTarget: Emitter,
    console,
    queueMicrotask,
    // Every window has it, empty; hls.js reads it where it means the status of an answer.
    status: '',
    navigator: { userAgent: USER_AGENT, onLine: true, language: 'en', platform: 'Linux' },
    location: { href: 'http://wall/', protocol: 'http:', hostname: 'wall', search: '' },
    addEventListener: () => undefined,
    removeEventListener: () => undefined,
    [BINDING]: (batch: PageBatch) => Promise.resolve(receive(batch)),
  };
  Object.assign(context, globals, { self: context, window: context });
  const random = seededRandom(seed).fork('page');
  Object.assign(context['Date'] as object, { now: stream.timers.epochMs });
  Object.assign(context['Math'] as object, { random: () => random.next() });
  if (script?.players !== players)
    script = { players, code: new Script(await bundlePage(players), { filename: 'wall.js' }) };
  script.code.runInContext(context);
  return context[WALL] as WallPage;
}

/** Compiled once: comparisons open many pages. */
let script:
  { readonly players: Readonly<Record<string, PagePlayer>>; readonly code: Script } | undefined;

/** Players may ask for it. */
const USER_AGENT =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36';

function timersOf({ timers, startEpochMs }: VirtualStream): object {
  type Act = (...words: readonly unknown[]) => void;
  const bound = (act: Act, words: readonly unknown[]) =>
    words.length === 0 ? act : () => act(...words);
  const now = () => timers.epochMs() - startEpochMs;
  return {
    setTimeout: (act: Act, ms = 0, ...words: unknown[]) => timers.after(ms, bound(act, words)),
    setInterval: (act: Act, ms = 0, ...words: unknown[]) => timers.every(ms, bound(act, words)),
    clearTimeout: timers.clear,
    clearInterval: timers.clear,
    requestAnimationFrame: (act: Act) => timers.after(16, () => act(now())),
    cancelAnimationFrame: timers.clear,
    performance: {
      timeOrigin: startEpochMs,
      now,
      mark: () => undefined,
      measure: () => undefined,
      getEntriesByType: () => [],
    },
  };
}

function mediaOf(stream: VirtualStream, screen: ScreenListener): object {
  const urls = new Map<string, VirtualMediaSource>();
  class PageUrl extends URL {
    static override createObjectURL(source: object): string {
      const url = `blob:${urls.size}`;
      urls.set(url, source as VirtualMediaSource);
      return url;
    }

    static override revokeObjectURL(): void {
      // Players give it back as soon as the source is open.
    }
  }
  class MediaSource extends VirtualMediaSource {
    constructor() {
      super(stream);
    }
  }
  class XMLHttpRequest extends VirtualRequest {
    constructor() {
      super(stream);
    }
  }
  class Video extends VirtualVideo {
    constructor() {
      super({ stream, screen, sourceAt: (url) => urls.get(url) });
    }
  }
  return {
    URL: PageUrl,
    MediaSource,
    SourceBuffer: VirtualSourceBuffer,
    XMLHttpRequest,
    HTMLVideoElement: Video,
    HTMLMediaElement: Video,
    HTMLElement: PageElement,
    document: documentOf(Video),
  };
}
