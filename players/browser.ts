// Starts a browser of our own, or connects to one that runs elsewhere. The fleet cannot tell them
// apart: it gets a puppeteer Browser and a way to be rid of it.

import { join } from 'node:path';
import puppeteer, { type Browser } from 'puppeteer';
import { systemClock } from '../harness/kernel/clock.ts';
import { withDeadline } from '../harness/kernel/deadline.ts';
import { preferSession } from '../harness/kernel/priority.ts';
import { HarnessError, errorMessage } from '../harness/model/errors.ts';
import type { DisplayEnv } from '../harness/model/screen.ts';
import { chooseBrowserUser, withoutSandbox, type BrowserUser } from './browserUser.ts';
import { findChrome } from './chrome.ts';
import { resolverRules } from './viewerHost.ts';

export interface StartedBrowser extends AsyncDisposable {
  readonly browser: Browser;
  /** `Chromium 156.0.8078.79 at /usr/bin/chromium`. */
  readonly description: string;
  /** A sentence when it runs with more rights than it should. */
  readonly warning?: string;
}

export interface LaunchOptions {
  readonly chrome?: string | undefined;
  /** A folder of the caller's, who removes it; everything the browser writes is in it. */
  readonly profileDir: string;
  /** The host that the names of viewers lead to; this machine when not said. */
  readonly viewersAt?: string;
  /** An X display whose whole screen the page takes; without one nothing is on a display. */
  readonly display?: DisplayEnv | undefined;
}

const START_MS_MAX = 30_000;
const CLOSE_MS_MAX = 5_000;

/** No GPU, no sound device, no network of its own, and a page that is never slowed down. */
const SAME_FLAGS: readonly string[] = [
  '--disable-gpu',
  '--mute-audio',
  '--autoplay-policy=no-user-gesture-required',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  '--disable-quic',
  '--disable-background-timer-throttling',
  '--disable-renderer-backgrounding',
  '--disable-backgrounding-occluded-windows',
  '--disable-dev-shm-usage',
  '--hide-scrollbars',
];

/** The flags of a browser whose viewers reach their media at a host. */
const browserFlags = (viewersAt?: string): readonly string[] => [
  ...SAME_FLAGS,
  `--host-resolver-rules=${resolverRules(viewersAt)}`,
];

/** The flags of a browser on this machine. */
export const BROWSER_FLAGS: readonly string[] = browserFlags();

/** The page alone on the whole display, without a bar that says what it was started with. */
const DISPLAY_FLAGS = ['--kiosk', '--window-position=0,0', '--test-type'] as const;

/**
 * Over a pipe, not a port: when this process dies, however it dies, the pipe closes and the
 * browser ends itself. Errors: TOOL_MISSING, BROWSER_FAILED.
 */
export async function launchBrowser(
  { chrome, ...place }: LaunchOptions,
  signal: AbortSignal,
): Promise<StartedBrowser> {
  const path = await findChrome(chrome);
  signal.throwIfAborted();
  const wanted = await chooseBrowserUser({ chrome: path, profileDir: place.profileDir });
  const start = async (user: BrowserUser) => ({
    user,
    browser: await failAsBrowser(path, signal, (givenUp) => launchAs(user, path, place, givenUp)),
  });
  const { browser, user } = await start(wanted).catch((error: unknown) => {
    if (signal.aborted || !wanted.sandbox) throw error;
    // Nobody tells why it did not start: if it does so without, the sandbox was it.
    return start(withoutSandbox(wanted)).catch(() => Promise.reject(error as Error));
  });
  const pid = browser.process()?.pid;
  if (pid !== undefined) await preferSession(pid);
  return {
    browser,
    description: `${await browserVersion(browser)} at ${path}, ${user.description}`,
    ...(user.because !== undefined && {
      warning: `the browser runs ${user.description}: ${user.because} (docs/security.md)`,
    }),
    [Symbol.asyncDispose]: () => close(browser),
  };
}

type Place = Omit<LaunchOptions, 'chrome'>;

async function launchAs(
  { before, sandbox }: BrowserUser,
  path: string,
  { profileDir, display, viewersAt }: Place,
  givenUp: AbortSignal,
): Promise<Browser> {
  const own = await puppeteer.defaultArgs({
    headless: display === undefined,
    userDataDir: profileDir,
    args: [
      ...browserFlags(viewersAt),
      ...(display === undefined ? [] : DISPLAY_FLAGS),
      ...(sandbox ? [] : ['--no-sandbox']),
    ],
  });
  const shown = own.filter((flag) => display === undefined || flag !== '--enable-automation');
  const [program = path, ...args] = [...before, path, ...shown];
  return puppeteer.launch({
    executablePath: program,
    args,
    ignoreDefaultArgs: true,
    pipe: true,
    // Puppeteer would hear of every request of every player.
    networkEnabled: false,
    defaultViewport: null,
    timeout: START_MS_MAX,
    protocolTimeout: START_MS_MAX,
    // The harness ends the browser itself, in order, on these.
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
    signal: givenUp,
    env: {
      ...process.env,
      ...homeIn(profileDir),
      ...display,
    },
  });
}

/** Longest folder in which a browser can still open a socket: 107 characters less its own names. */
const SOCKET_FOLDER_LENGTH_MAX = 60;

/** Sends files that a browser writes beside its profile into the profile, to be removed with it. */
const homeIn = (profileDir: string): Record<string, string> => ({
  HOME: profileDir,
  XDG_CONFIG_HOME: profileDir,
  XDG_CACHE_HOME: profileDir,
  // Its sound library makes a folder of its own in the temporary one, also when it is mute.
  PULSE_RUNTIME_PATH: join(profileDir, 'pulse'),
  ...(profileDir.length <= SOCKET_FOLDER_LENGTH_MAX && { TMPDIR: profileDir }),
});

/**
 * A browser somebody else started, by its DevTools WebSocket address. It must have been started
 * with BROWSER_FLAGS, and must reach the page server. Disposing it leaves it running.
 */
export async function connectBrowser(wsUrl: string, signal: AbortSignal): Promise<StartedBrowser> {
  const browser = await failAsBrowser(wsUrl, signal, () =>
    puppeteer.connect({
      browserWSEndpoint: wsUrl,
      networkEnabled: false,
      defaultViewport: null,
      protocolTimeout: START_MS_MAX,
    }),
  );
  return {
    browser,
    description: `${await browserVersion(browser)} at ${wsUrl}`,
    [Symbol.asyncDispose]: () => browser.disconnect(),
  };
}

/** `Chrome/156.0.1.2` of the protocol, as people write it. */
const browserVersion = async (browser: Browser): Promise<string> =>
  (await browser.version()).replace('Headless', '').replace('/', ' ');

async function failAsBrowser(
  target: string,
  signal: AbortSignal,
  start: (givenUp: AbortSignal) => Promise<Browser>,
): Promise<Browser> {
  signal.throwIfAborted();
  const giveUp = new AbortController();
  const starting = start(giveUp.signal);
  try {
    return await withDeadline(
      { ms: START_MS_MAX + 1_000, what: 'the browser to start', code: 'BROWSER_FAILED', signal },
      () => starting,
    );
  } catch (error) {
    // It must not stay, nor make its folder anew where the caller has removed it.
    giveUp.abort();
    const ending = { ms: CLOSE_MS_MAX, what: 'a browser that is not wanted any more to end' };
    await withDeadline(ending, () => starting.then(close, () => undefined)).catch(() => undefined);
    if (signal.aborted || error instanceof HarnessError) throw error;
    throw new HarnessError('BROWSER_FAILED', `the browser did not start: ${firstLine(error)}`, {
      target,
      hint: 'Start it by hand with --headless to see why, or set CHROME_PATH to another one.',
      cause: error,
    });
  }
}

const firstLine = (error: unknown): string => errorMessage(error).split('\n')[0] ?? '';

/** Asks it to close, then ends its process and waits until it is gone. Never rejects. */
async function close(browser: Browser): Promise<void> {
  const child = browser.process();
  const gone = () => child === null || child.exitCode !== null || child.signalCode !== null;
  await withDeadline({ ms: CLOSE_MS_MAX, what: 'the browser to close' }, () =>
    browser.close(),
  ).catch(() => undefined);
  if (!gone()) child?.kill('SIGKILL');
  for (let tries = 0; !gone() && tries < 100; tries++) await systemClock.sleep(20);
}
