// Names the errors of a light viewer as hls.js names its own.

import type { PlayerError } from '../../harness/model/history.ts';
import { safeUrl } from '../../harness/model/safeUrl.ts';
import type { Failure, Kind } from './failures.ts';

const DETAILS: Readonly<Record<Kind, Readonly<Record<Failure['why'], string>>>> = {
  manifest: {
    error: 'manifestLoadError',
    timeout: 'manifestLoadTimeOut',
    unreadable: 'manifestParsingError',
    empty: 'manifestParsingError',
    stuck: 'manifestLoadError',
  },
  playlist: {
    error: 'levelLoadError',
    timeout: 'levelLoadTimeOut',
    unreadable: 'levelParsingError',
    empty: 'levelEmptyError',
    stuck: 'playlistUnchangedError',
  },
  segment: {
    error: 'fragLoadError',
    timeout: 'fragLoadTimeOut',
    unreadable: 'fragParsingError',
    empty: 'fragParsingError',
    stuck: 'fragLoadError',
  },
};

export function nameError(
  kind: Kind,
  address: string,
  { status, why }: Pick<Failure, 'status' | 'why'>,
): PlayerError {
  const url = safeUrl(address);
  return {
    type: 'networkError',
    details: DETAILS[kind][why],
    ...(status > 0 && { status }),
    ...(url !== undefined && { url }),
  };
}
