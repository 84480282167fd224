// Bodies that the official server refused, against what it said of them: the answers that it was
// recorded with, without a server.

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { ApiError } from '../../../harness/toxiproxy/server/apiError.ts';
import {
  readNewProxy,
  readNewToxic,
  readProxies,
  readProxyChange,
  readToxicChange,
} from '../../../harness/toxiproxy/server/requestBody.ts';
import { createToxic, toxicJson } from '../../../harness/toxiproxy/server/toxic.ts';
import { TOXIC_KINDS } from '../../../harness/toxiproxy/server/toxics/registry.ts';
import { API_SESSIONS, type ApiCase } from '../../support/toxiproxyCalls.ts';

type Recorded = readonly [status: number, body: string];

const recorded = readFileSync(
  new URL('../../integration/toxiproxy/official/answers.ndjson', import.meta.url),
  'utf8',
)
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line) as readonly Recorded[]);

/** Calls with the answers of the official server. */
const cases = API_SESSIONS.flatMap((session, at) =>
  session.map((call, index) => {
    const [status = 0, body = ''] = recorded[at]?.[index] ?? [];
    return { call, status, body };
  }),
);

const toxic = (body: string) => toxicJson(createToxic(readNewToxic(body, 'tcp')));
const latency = TOXIC_KINDS.get('latency')!;
const none = { toxicity: 1, attributes: { latency: 0, jitter: 0 } };

/** Whoever reads the body of a call; undefined where that needs more than the body. */
function readerOf({ method, path }: ApiCase): ((body: string) => unknown) | undefined {
  if (method === 'POST' && path === '/proxies') return readNewProxy;
  if (method === 'POST' && path === '/populate') return readProxies;
  if (method === 'POST' && path === '/proxies/p/toxics') return toxic;
  if (method === 'PATCH' && path === '/proxies/p') return readProxyChange;
  if (method === 'PATCH' && path === '/proxies/p/toxics/latency_downstream')
    return (body) => readToxicChange(body, latency, none);
  return undefined;
}

/** A body is its bytes, one a character. */
const bytesOf = (text: string) => Buffer.from(text).toString('latin1');

describe('bodies of the recorded calls', () => {
  const readable = cases.flatMap(({ call, status, body }) => {
    const read = call.body === undefined ? undefined : readerOf(call);
    return read ? [{ read, asked: call.body ?? '', call, status, body }] : [];
  });
  const refused = readable.filter(({ status }) => status === 400);

  it('are refused in the same words', () => {
    expect(refused.length).toBeGreaterThan(300);
    for (const { read, asked, call, body } of refused) {
      const { error } = JSON.parse(body) as { readonly error: string };
      const message = expect.objectContaining({ message: error, status: 400 }) as ApiError;
      expect(() => read(bytesOf(asked)), `${call.method} ${call.path} ${asked}`).toThrow(message);
    }
  });

  it('are taken where they were taken, with the same toxic', () => {
    const taken = readable.filter(({ status }) => status === 200 || status === 201);
    expect(taken.length).toBeGreaterThan(100);
    for (const { read, asked, call, body } of taken) {
      const result = read(bytesOf(asked));
      if (read !== toxic) continue;
      const exact = (_: string, value: unknown) =>
        typeof value === 'bigint' ? Number(value) : value;
      const seen = JSON.parse(JSON.stringify(result, exact)) as unknown;
      expect(seen, `${call.method} ${call.path} ${asked}`).toEqual(JSON.parse(body));
    }
  });
});
