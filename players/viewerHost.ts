// Every viewer asks for its media under a host name of its own. A browser opens at most six
// connections to one host and shares its cache between all players of it; real viewers share
// neither. So each viewer gets a name, and the browser is told that all of them are this machine, or the machine of the run.

import { hostLabel, VIEWER_DOMAIN } from '../harness/model/viewerHost.ts';

const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]']);

/** The value for `--host-resolver-rules` of a browser whose viewers reach their media at a host. */
export const resolverRules = (host = '127.0.0.1'): string => `MAP *.${VIEWER_DOMAIN} ${host}`;

/** The same address under this viewer's name; an address that is not this machine's is left alone. */
export function urlOfViewer(url: string, viewer: string): string {
  const parsed = new URL(url);
  if (!LOOPBACK.has(parsed.hostname)) return url;
  parsed.hostname = `${hostLabel(viewer)}.${VIEWER_DOMAIN}`;
  return parsed.href;
}
