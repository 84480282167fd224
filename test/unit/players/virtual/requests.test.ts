// Tests what a virtual browser gives for an answer in JSON: steering manifests are read so.

import { expect, test } from 'vitest';
import { virtualTimers } from '../../../../harness/kernel/virtualTimers.ts';
import { VirtualRequest } from '../../../../players/virtual/requests.ts';

async function answered(body: string): Promise<unknown> {
  const timers = virtualTimers();
  const request = new VirtualRequest({
    timers,
    fps: 25,
    startEpochMs: 0,
    startUpMs: () => 0,
    content: () => ({ runs: [], frames: 1, startS: 0 }),
    request: () => Promise.resolve({ status: 200, body }),
  });
  request.responseType = 'json';
  request.open('GET', 'http://steering/one/steering.json');
  request.send();
  await timers.passUntil(100);
  expect(request.status).toBe(200);
  return request.response;
}

test('an answer of the type json is parsed, and null where it is none', async () => {
  expect(await answered('{"VERSION":1,"TTL":5}')).toEqual({ VERSION: 1, TTL: 5 });
  expect(await answered('#EXTM3U')).toBeNull();
});
