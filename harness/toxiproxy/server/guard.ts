// Keeps strangers from the API: a web page and a foreign name always, who has not the token and what
// is no business of a run where a token is asked for.

import type { IncomingHttpHeaders } from 'node:http';
import { BlockList, isIP, isIPv6 } from 'node:net';
import { foreignPart, isSameSecret } from '../../kernel/requestGuard.ts';
import { parseAddress } from './address.ts';
import { ApiError } from './apiError.ts';
import type { Collection } from './collection.ts';
import { TEXT } from './router.ts';
import type { ApiAnswer } from './routes.ts';

/** An import would load 2 MB for it. */
const { lookup } = process.getBuiltinModule('node:dns/promises');

export interface Guard {
  /** The interface that it was told to listen on. */
  readonly host: string;
  /** Every call must carry it. */
  readonly token?: string | undefined;
}

/** The answer to a caller who is not let in. */
export function refusal(
  { host, token }: Guard,
  headers: IncomingHttpHeaders,
): ApiAnswer | undefined {
  const foreign = foreignPart(headers, { host });
  if (foreign !== undefined)
    return { status: 403, body: `${foreign} not allowed\n`, contentType: TEXT };
  if (token === undefined || isSameSecret(headers.authorization, `Bearer ${token}`))
    return undefined;
  return { status: 401, body: 'Token missing or wrong\n', contentType: TEXT };
}

/** Link-local networks, and where clouds answer their machines about their rights. */
const UNREACHED = new BlockList();
UNREACHED.addSubnet('169.254.0.0', 16, 'ipv4');
UNREACHED.addSubnet('fe80::', 10, 'ipv6');
// Alibaba Cloud, Azure, Oracle Cloud; AWS and Google Cloud by IPv6.
for (const address of ['100.100.100.200', '168.63.129.16', '192.0.0.192'])
  UNREACHED.addAddress(address, 'ipv4');
for (const address of ['fd00:ec2::254', 'fd20:ce::254']) UNREACHED.addAddress(address, 'ipv6');

/** The same proxies, but none to a link-local or metadata address. */
export const guardedCollection = (collection: Collection): Collection => ({
  ...collection,
  add: async (fields) => {
    await requireOrdinary(fields.upstream);
    return collection.add(fields);
  },
  update: async (name, change) => {
    if (change.upstream !== undefined) await requireOrdinary(change.upstream);
    return collection.update(name, change);
  },
  populate: async (wanted, done) => {
    for (const { upstream } of wanted) await requireOrdinary(upstream);
    return collection.populate(wanted, done);
  },
});

/** A name that cannot be looked up is left to the dial, which fails. */
async function requireOrdinary(upstream: string): Promise<void> {
  const { host } = parseAddress(upstream, 'dial tcp: ');
  const known = isIP(host) !== 0 || host === '';
  const found = known ? [{ address: host }] : await lookup(host, { all: true }).catch(() => []);
  if (!found.some(({ address }) => isUnreached(address))) return;
  throw new ApiError(`upstream ${upstream}: link-local and metadata addresses are refused`, 403);
}

const isUnreached = (address: string): boolean =>
  UNREACHED.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
