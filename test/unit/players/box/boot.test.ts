// The boot of a set-top box through a portal, without a network.

import { describe, expect, it } from 'vitest';
import { createPortal, takeTurns } from '../../../../harness/pipeline/web/portal.ts';
import { bootThrough } from '../../../../players/box/boot.ts';

/** Asks the portal of the product without a socket. */
function portalAt(): { readonly ask: typeof fetch; readonly asked: string[] } {
  const answer = createPortal();
  const asked: string[] = [];
  const ask: typeof fetch = async (url, init) => {
    const { pathname: path, searchParams } = new URL(url);
    asked.push(path);
    const [, token = ''] = new Headers(init?.headers).get('authorization')?.split(' ') ?? [];
    const channel = Number(searchParams.get('channel'));
    const { status, body } = answer({ method: init?.method ?? 'GET', path, channel, token });
    return Response.json(body, { status });
  };
  return { ask, asked };
}

const boot = (ask: typeof fetch) =>
  bootThrough({
    portal: 'http://portal',
    box: 'v1',
    channel: 2,
    signal: new AbortController().signal,
    ask,
  });

describe('a boot', () => {
  it('logs in, reads the guide, and asks for the rights of its channel', async () => {
    const { ask, asked } = portalAt();
    await boot(ask);
    expect(asked).toEqual(['/login', '/guide', '/rights']);
  });

  const html = () =>
    new Response('<html>Welcome</html>', {
      headers: { 'content-type': 'text/html; charset=utf-8' },
    });
  it.each([
    ['HTML', async () => html(), 'login: the portal answered text/html instead of JSON'],
    ['an error', async () => new Response('', { status: 503 }), 'login: the portal answered 503'],
    ['no token', async () => Response.json({}), 'login: the answer has no token'],
    [
      'a bare word',
      async () => Response.json('yes'),
      'login: the portal answered application/json instead of JSON',
    ],
    [
      'nothing',
      async () => {
        throw new TypeError('fetch failed', { cause: new Error('connect ECONNREFUSED') });
      },
      'login: connect ECONNREFUSED',
    ],
  ])('fails on %s', async (_what, ask, message) => {
    await expect(boot(ask as typeof fetch)).rejects.toThrow(message);
  });

  it('fails where the box may not see its channel', async () => {
    const { ask } = portalAt();
    const refusing: typeof fetch = async (url, init) =>
      (url as string).includes('/rights') ? Response.json({ allowed: false }) : ask(url, init);
    await expect(boot(refusing)).rejects.toThrow('rights: the box may not see its channel');
  });
});

describe('a portal', () => {
  it('answers nobody who has not logged in', () => {
    const answer = createPortal();
    expect(answer({ method: 'GET', path: '/rights', channel: 1, token: 'made-up' }).status).toBe(
      401,
    );
    expect(answer({ method: 'GET', path: '/login', channel: 1, token: '' }).status).toBe(401);
  });

  it('lets requests beyond its rate wait, and has forgotten them when it was idle', () => {
    const turn = takeTurns(10);
    expect([turn(1000), turn(1000), turn(1050)]).toEqual([0, 100, 150]);
    expect(turn(9000)).toBe(0);
  });
});
