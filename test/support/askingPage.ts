// An empty page in a real browser that asks for an address as players do, by fetch and by
// XMLHttpRequest, and says what it got.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launchBrowser } from '../../players/browser.ts';
import { startPageServer } from '../../players/pageServer.ts';
import { urlOfViewer } from '../../players/viewerHost.ts';

export interface Seen {
  readonly by: 'fetch' | 'xhr';
  /** Whole, broken off, without any answer for as long as the page waited, or no answer at once. */
  readonly outcome: 'whole' | 'broken' | 'silent' | 'refused';
  /** 0 when the page was told none. */
  readonly status: number;
  /** By their name in lower case; without the times of now that are in them. */
  readonly headers: Readonly<Record<string, string>>;
  /** One character a byte. */
  readonly body: string;
  readonly ms: number;
}

export interface AskOptions {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** A page that has heard nothing for so long stops waiting. */
  readonly withinMs?: number;
}

export interface AskingPage extends AsyncDisposable {
  /** Both ways at once, and past the browser's cache. */
  ask(url: string, options?: AskOptions): Promise<readonly Seen[]>;
}

export async function startAskingPage(): Promise<AskingPage> {
  const profileDir = await mkdtemp(join(tmpdir(), 'ecran-noir-profile-'));
  const server = await startPageServer();
  const { browser, ...rest } = await launchBrowser({ profileDir }, new AbortController().signal);
  const page = await browser.newPage();
  await page.goto(server.url);
  let asked = 0;
  return {
    ask: (url, { method = 'GET', headers = {}, withinMs = 800 } = {}) => {
      const parsed = new URL(urlOfViewer(url, 'viewer-1'));
      parsed.searchParams.set('asked', String(asked++));
      return page.evaluate(askBothWays, { url: parsed.href, method, headers, withinMs });
    },
    [Symbol.asyncDispose]: async () => {
      await rest[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
      await rm(profileDir, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** The part of the browser's that is used here: this file belongs to Node. */
interface Xhr {
  onreadystatechange: () => void;
  onload: () => void;
  onerror: () => void;
  ontimeout: () => void;
  responseType: 'arraybuffer';
  timeout: number;
  readonly readyState: number;
  readonly response: unknown;
  readonly status: number;
  getAllResponseHeaders(): string;
  open(method: string, url: string): void;
  send(): void;
  setRequestHeader(name: string, value: string): void;
}
declare const XMLHttpRequest: new () => Xhr;

type Question = Required<AskOptions> & { readonly url: string };

/** Runs in the page: knows nothing of this file. */
async function askBothWays({ url, method, headers, withinMs }: Question): Promise<Seen[]> {
  const textOf = (bytes: Uint8Array) =>
    Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
  const visible = (pairs: Iterable<readonly [string, string]>) =>
    Object.fromEntries(
      [...pairs].flatMap(([name, value]) => {
        if (name === 'date') return [];
        return [[name, name === 'x-accel-expires' ? value.replace(/\d+/, 'a second') : value]];
      }),
    );

  const byFetch = async (): Promise<Seen> => {
    const from = performance.now();
    const seen = { by: 'fetch' as const, status: 0, headers: {}, body: '' };
    const since = () => performance.now() - from;
    const signal = AbortSignal.timeout(withinMs);
    let answer: Response;
    try {
      answer = await fetch(`${url}&by=fetch`, { method, headers, signal });
    } catch {
      return { ...seen, outcome: signal.aborted ? 'silent' : 'refused', ms: since() };
    }
    const told = { ...seen, status: answer.status, headers: visible(answer.headers) };
    const reader = answer.body?.getReader();
    let body = '';
    try {
      for (let part = await reader?.read(); part && !part.done; part = await reader?.read())
        body += textOf(part.value as Uint8Array);
      return { ...told, outcome: 'whole', body, ms: since() };
    } catch {
      return { ...told, outcome: 'broken', body, ms: since() };
    }
  };

  const byXhr = (): Promise<Seen> =>
    new Promise((resolve) => {
      const from = performance.now();
      const xhr = new XMLHttpRequest();
      let begun = false;
      const end = (outcome: Seen['outcome']) => {
        const body = xhr.response instanceof ArrayBuffer ? new Uint8Array(xhr.response) : [];
        const lines = xhr.getAllResponseHeaders().trim().split('\r\n').filter(Boolean);
        const pairs = lines.map((line) => {
          const at = line.indexOf(': ');
          return [line.slice(0, at).toLowerCase(), line.slice(at + 2)] as const;
        });
        resolve({
          by: 'xhr',
          outcome,
          status: xhr.status,
          headers: visible(pairs),
          body: textOf(Uint8Array.from(body)),
          ms: performance.now() - from,
        });
      };
      xhr.onreadystatechange = () => (begun ||= xhr.readyState === 2);
      xhr.onload = () => end('whole');
      xhr.onerror = () => end(begun ? 'broken' : 'refused');
      xhr.ontimeout = () => end('silent');
      xhr.open(method, `${url}&by=xhr`);
      xhr.responseType = 'arraybuffer';
      xhr.timeout = withinMs;
      for (const [name, value] of Object.entries(headers)) xhr.setRequestHeader(name, value);
      xhr.send();
    });

  return Promise.all([byFetch(), byXhr()]);
}
