// A user's choices for what a rehearsal runs on, and what applies without one.

export type BrowserKind = 'host' | 'container';
/** `auto`, `official`, `embedded`, or the URL of a server. */
export type ToxiproxyWish = 'auto' | 'official' | 'embedded' | (string & {});

export const TOXIPROXY_KINDS = ['official', 'embedded'] as const;

export const RUNTIMES = ['auto', 'containers', 'processes'] as const;

/** The user's choices for what a rehearsal runs on. */
export interface Wishes {
  /** The folder where run folders are made. */
  readonly out: string;
  readonly runtime: (typeof RUNTIMES)[number];
  readonly browser: 'auto' | BrowserKind;
  /** The Chromium or Chrome to use instead of the one that is found. */
  readonly chrome: string | undefined;
  readonly toxiproxy: ToxiproxyWish;
}

/** Applies where nothing is said. */
export const DEFAULT_WISHES = {
  out: 'runs',
  runtime: 'auto',
  browser: 'auto',
  chrome: undefined,
  toxiproxy: 'auto',
} as const satisfies Wishes;
