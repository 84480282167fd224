import { describe, expect, it } from 'vitest';
import { findRoute } from '../../../harness/toxiproxy/server/router.ts';
import type { Route } from '../../../harness/toxiproxy/server/routes.ts';

describe('a path', () => {
  const handler = () => ({ status: 204 });
  const routes: readonly Route[] = [
    { path: '/a/*', methods: { GET: handler } },
    { path: '/a/*/b/*', methods: { GET: handler, POST: handler } },
    { path: '/*/b', methods: { PUT: handler } },
  ];
  const find = (method: string, url: string) => findRoute(routes, method, url);
  const text = 'text/plain; charset=utf-8';
  const notFound = { status: 404, body: '404 page not found\n', contentType: text };

  it('gives its open parts, decoded, without a query and a host', () => {
    expect(find('GET', '/a/x%2Fy?b=/c')).toEqual({ handler, parts: ['x/y'] });
    expect(find('POST', 'http://host:1/a/1/b/2#c')).toEqual({ handler, parts: ['1', '2'] });
    expect(find('PUT', '/a/b')).toEqual({ handler, parts: ['a'] });
  });

  it('is not found where a part differs, is missing, is empty or too many', () => {
    for (const path of ['/b/x', '/a', '/a/', '/a/1/b', '/a/1/b/', '/a/1/c/2', '/a/1/b/2/', '/'])
      expect(find('GET', path)).toEqual(notFound);
    expect(find('GET', '')).toMatchObject({ status: 301, headers: { Location: '/' } });
  });

  it('is known though its method is not', () => {
    for (const method of ['POST', 'constructor'])
      expect(find(method, '/a/x')).toEqual({ status: 405 });
  });

  it('is sent to where it leads, with its query', () => {
    const leadsTo = (url: string, Location: string) =>
      expect(find('GET', url)).toEqual({ status: 301, headers: { Location } });
    leadsTo('//a/x?y=1#z', '/a/x?y=1');
    leadsTo('/a/../b/./c/', '/b/c/');
    leadsTo('a/x', '/a/x');
  });

  it('is refused where it cannot be decoded', () => {
    for (const path of ['/a/%zz', '//%'])
      expect(find('GET', path)).toEqual({
        status: 400,
        body: '400 Bad Request',
        contentType: text,
      });
  });
});
