// Errors of players in one form, whatever player told of them.

import type { PlayerError } from '../../harness/model/history.ts';

/**
 * An address that may be shown to anybody: user, password, query and fragment, where signed links
 * carry their secrets, are left out. Undefined for what is no address of the web.
 */
export function safeUrl(url: string | undefined): string | undefined {
  const parsed = url === undefined ? null : URL.parse(url);
  if (!parsed || !/^https?:$/.test(parsed.protocol)) return undefined;
  return `${parsed.protocol}//${parsed.host}${parsed.pathname}`;
}

/** Gives the error without the host: the same in every run. */
export const errorText = ({ details, status, url }: PlayerError): string =>
  [details, status, url?.replace(/^[a-z]+:\/\/[^/]*/, '')].filter(Boolean).join(' ');

/** The codes of the HTML standard. */
const MEDIA_ERRORS = ['aborted', 'network', 'decode', 'sourceNotSupported'] as const;

export const mediaElementError = (code: number | undefined): PlayerError => ({
  type: 'mediaElementError',
  details: MEDIA_ERRORS[(code ?? 0) - 1] ?? 'unknown',
});
