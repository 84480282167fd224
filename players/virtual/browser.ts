// A context of its own for the page of the wall and its players: their globals are virtual, and this
// process's are left alone. The script is the one that a real browser is served.

import type { Size } from '../../harness/model/screen.ts';
import type { VirtualStream, VirtualTimers } from '../../harness/model/virtualWorld.ts';
import { createContext, constants, Script, type Context } from 'node:vm';
import type { Random } from '../../harness/kernel/random.ts';
import { WALL, BINDING, type PageBatch, type WallPage } from '../messages.ts';
import { bundlePage } from '../pageScript.ts';
import type { PagePlayer } from '../registry.ts';
import { makeDocument, PageElement } from './document.ts';
import { Emitter } from './emitter.ts';
import { VirtualMediaSource, VirtualSourceBuffer } from './media.ts';
import { makeObjectUrls } from './objectUrls.ts';
import { VirtualRequest } from './requests.ts';
import type { ScreenListener } from './shown.ts';
import { VirtualVideo } from './video.ts';
import { PageBlob, makeWorkers } from './worker.ts';

export interface VirtualBrowserOptions {
  readonly stream: VirtualStream;
  readonly players: Readonly<Record<string, PagePlayer>>;
  readonly chance: Random;
  readonly screen: ScreenListener;
  readonly receive: (batch: PageBatch) => void;
  /** Told of what the page's own code threw and nobody caught; a browser goes on, too. */
  readonly uncaught: (error: unknown) => void;
  /** The size of every picture on the page, in pixels. */
  readonly picture: Size;
}

/** The page, once its script has run. */
export async function openVirtualBrowser(options: VirtualBrowserOptions): Promise<WallPage> {
  const { players, chance, screen, receive, picture } = options;
  const stream = guarded(options);
  const context = createContext(constants.DONT_CONTEXTIFY) as Record<string, unknown>;
  const globals = {
    ...makeTimers(stream),
    ...makeMedia(stream, screen, context),
    fetch: undefined,
    AbortController,
    AbortSignal,
    TextEncoder,
    TextDecoder,
    Event,
    EventTarget: Emitter,
    // Nobody reads the console of a page.
    console: { log: none, debug: none, info: none, warn: none, error: none },
    queueMicrotask,
    // Every window has it, empty; hls.js reads it where it means the status of an answer.
    status: '',
    navigator: NAVIGATOR,
    screen: { width: 1920, height: 1080 },
    devicePixelRatio: 1,
    getComputedStyle: () => ({ width: `${picture.width}px`, height: `${picture.height}px` }),
    // There is no style here for video.js to add to.
    VIDEOJS_NO_DYNAMIC_STYLE: true,
    location: new URL('http://wall/'),
    addEventListener: none,
    removeEventListener: none,
    [BINDING]: (batch: PageBatch) => Promise.resolve(receive(batch)),
  };
  Object.assign(context, globals, { self: context, window: context });
  Object.assign(context['Date'] as object, { now: stream.timers.epochMs });
  Object.assign(context['Math'] as object, { random: () => chance.next() });
  (await scriptWith(players)).runInContext(context);
  return context[WALL] as WallPage;
}

const none = (): undefined => undefined;

const SCRIPT = 'wall.js';

function guarded({ stream, uncaught }: VirtualBrowserOptions): VirtualStream {
  const { timers } = stream;
  const guard = (act: () => void) => () => {
    try {
      act();
    } catch (error) {
      const [, thrownAt = ''] = String((error as Partial<Error> | null)?.stack).split('\n    at ');
      if (!thrownAt.includes(SCRIPT)) throw error;
      uncaught(error);
    }
  };
  const after: VirtualTimers['after'] = (ms, act) => timers.after(ms, guard(act));
  const every: VirtualTimers['every'] = (ms, act) => timers.every(ms, guard(act));
  return { ...stream, timers: { ...timers, after, every } };
}

/** Compiled once: comparisons open many pages. */
const scripts = new Map<string, Promise<Script>>();

function scriptWith(players: VirtualBrowserOptions['players']): Promise<Script> {
  const names = Object.keys(players).join(' ');
  const made = scripts.get(names) ?? compile(players);
  scripts.set(names, made);
  return made;
}

const compile = async (players: VirtualBrowserOptions['players']): Promise<Script> =>
  new Script(await bundlePage(players), { filename: SCRIPT });

/** Players choose their ways by it. */
const NAVIGATOR = {
  userAgent:
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36',
  vendor: 'Google Inc.',
  platform: 'Linux',
  language: 'en',
  onLine: true,
  maxTouchPoints: 0,
  mediaCapabilities: {
    decodingInfo: () => Promise.resolve({ supported: true, smooth: true, powerEfficient: true }),
  },
};

function makeTimers({ timers, startEpochMs }: VirtualStream): object {
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
      mark: none,
      measure: none,
      getEntriesByType: () => [],
    },
  };
}

function makeMedia(stream: VirtualStream, screen: ScreenListener, context: Context): object {
  const { PageUrl, at } = makeObjectUrls();
  const sourceAt = (url: string) => {
    const source = at(url);
    return source instanceof VirtualMediaSource ? source : undefined;
  };
  const codeAt = (url: string) => String((at(url) as PageBlob | undefined)?.text);
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
      super({ stream, screen, sourceAt });
    }
  }
  return {
    URL: PageUrl,
    MediaSource,
    SourceBuffer: VirtualSourceBuffer,
    XMLHttpRequest,
    Blob: PageBlob,
    Worker: makeWorkers({ context, timers: stream.timers, codeAt }),
    HTMLVideoElement: Video,
    HTMLMediaElement: VirtualVideo,
    HTMLElement: PageElement,
    Element: PageElement,
    document: makeDocument(Video),
  };
}
