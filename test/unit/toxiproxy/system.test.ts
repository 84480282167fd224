// Parts of the system, as the server knows it: its timers, its services, its errors.

import { afterEach, describe, expect, it, vi } from 'vitest';
import { listenFailure, resolveAddress } from '../../../harness/toxiproxy/server/listener.ts';
import { parseServices } from '../../../harness/toxiproxy/server/services.ts';
import { stageClock } from '../../../harness/toxiproxy/server/stageClock.ts';

describe('timers', () => {
  afterEach(() => vi.useRealTimers());
  const LONGEST_MS = 0x7fffffff;

  it.each([1, LONGEST_MS, LONGEST_MS + 1, 3 * LONGEST_MS])('of %d ms call once then', (ms) => {
    vi.useFakeTimers();
    let calls = 0;
    stageClock.after(ms, () => (calls += 1));
    vi.advanceTimersByTime(ms - 1);
    expect(calls).toBe(0);
    vi.advanceTimersByTime(1);
    expect([calls, vi.getTimerCount()]).toEqual([1, 0]);
  });

  it('are forgotten, also in a later step', () => {
    vi.useFakeTimers();
    const forget = stageClock.after(2 * LONGEST_MS, () => expect.unreachable());
    vi.advanceTimersByTime(LONGEST_MS + 1);
    forget();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('count from the time that they tell', () => {
    vi.spyOn(performance, 'now').mockReturnValueOnce(5);
    expect(stageClock.nowMs()).toBe(performance.timeOrigin + 5);
    vi.restoreAllMocks();
  });
});

describe('services of the system', () => {
  it('are lines with a name, a port and other names, of TCP alone', () => {
    const text = [
      'HTTP  80/tcp  www\tWeb # first # second',
      'domain 53/udp',
      '# remark 1/tcp',
      '',
      ' tight 7/tcp#x',
      'sctp 9/tcps',
      'none x7/tcp',
      'word /tcp',
    ].join('\n');
    expect(parseServices(text)).toEqual([
      ['http', 80],
      ['www', 80],
      ['web', 80],
      ['tight', 7],
    ]);
    expect(parseServices('')).toEqual([]);
  });
});

describe('addresses to listen on', () => {
  it('have the host that they name, none for all interfaces, and any port where none is named', async () => {
    expect(await resolveAddress('', '')).toEqual({ host: '', port: 0 });
    expect(await resolveAddress(':5', '')).toEqual({ host: '', port: 5 });
    expect(await resolveAddress('[::1]:5', '')).toEqual({ host: '::1', port: 5 });
  });

  it.each([
    ['EADDRINUSE', 'bind: address already in use'],
    ['EACCES', 'bind: permission denied'],
    ['EADDRNOTAVAIL', 'bind: cannot assign requested address'],
    ['ENOTFOUND', 'no such host'],
    ['EAI_AGAIN', 'no such host'],
    ['EOTHER', 'as it is'],
    [undefined, 'as it is'],
  ])('are refused with %s in the words of Go', (code, words) => {
    expect(listenFailure(Object.assign(new Error('as it is'), { code }))).toBe(words);
  });
});
