// Requests of a stranger's page are told from our own by Host and Origin.

import { expect, test } from 'vitest';
import { foreignPart, isSameSecret } from '../../../harness/kernel/requestGuard.ts';

test.each([
  '127.0.0.1:8474',
  '[::1]:8474',
  'localhost',
  'LOCALHOST.:8474',
  'toxiproxy:8474',
  'v1.viewer.internal:80',
  'toxiproxy.default.svc.cluster.local',
  'box.example.org',
])('a request to %s may be ours', (host) => {
  expect(foreignPart({ host }, { host: 'box.example.org' })).toBeUndefined();
});

test.each([
  'example.org',
  'example.org:8474',
  'internal.example.org',
  'localhost.example.org',
  '1.2.3.4.nip.io',
  '127.0.0.1.example.org:80',
])('a request to %s is none of ours', (host) => expect(foreignPart({ host })).toBe('Host'));

test.each([
  [{ origin: 'http://example.org' }, 'Origin'],
  [{ origin: 'null' }, 'Origin'],
  [{ 'sec-fetch-site': 'cross-site' }, 'Origin'],
  [{ 'sec-fetch-site': 'same-site' }, 'Origin'],
  [{ 'sec-fetch-site': 'none' }, undefined],
  [{ origin: 'http://127.0.0.1:7', 'sec-fetch-site': 'same-origin' }, undefined],
  [{}, undefined],
] as const)('a request with %j is refused for its %s', (headers, part) => {
  const own = { origin: 'http://127.0.0.1:7' };
  expect(foreignPart({ host: '127.0.0.1:7', ...headers }, own)).toBe(part);
});

test('secrets are compared whole', () => {
  expect(isSameSecret('abc', 'abc')).toBe(true);
  for (const given of [undefined, '', 'ab', 'abd', 'abcd'])
    expect(isSameSecret(given, 'abc')).toBe(false);
});
