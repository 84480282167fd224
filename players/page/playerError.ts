// Errors of players in one form, whatever player told of them.

import type { PlayerError } from '../../harness/model/history.ts';

/** Gives the error without the host: the same in every run. */
export const errorText = ({ details, status, url }: PlayerError): string =>
  [details, status, url?.replace(/^[a-z]+:\/\/[^/]*/, '')].filter(Boolean).join(' ');

/** The codes of the HTML standard. */
const MEDIA_ERRORS = ['aborted', 'network', 'decode', 'sourceNotSupported'] as const;

export const mediaElementError = (code: number | undefined): PlayerError => ({
  type: 'mediaElementError',
  details: MEDIA_ERRORS[(code ?? 0) - 1] ?? 'unknown',
});
