// Two of a kind, one of them lost: a real edge between real origins, a real steering stage.

import { expect, test } from 'vitest';
import { waitFor } from '../../../harness/kernel/deadline.ts';
import type { SteeringStage } from '../../../harness/model/scenario.ts';
import type { StageLaunch, StartedStage, Target } from '../../../harness/model/world.ts';
import { EDGE, fetchText, launchOf, ORIGIN, startBench, type Bench } from './chain.ts';

const signal = new AbortController().signal;
const base = (stage: StartedStage) => `http://127.0.0.1:${stage.hostAddress?.port}`;

const targetOf = (stage: StartedStage): Target => {
  if (!stage.address) throw new Error(`${stage.instance} serves nothing`);
  return { ...stage.address, stage: stage.instance, viewersAt: stage.hostAddress };
};

const start = (bench: Bench, stage: StageLaunch['stage'], to: readonly StartedStage[]) =>
  bench.runtime.start({ ...launchOf(stage), sendsTo: to.map(targetOf) }, signal);

const put = async (stage: StartedStage, path: string, body: string) => {
  const answer = await fetch(`${base(stage)}${path}`, { method: 'PUT', body });
  expect(answer.ok).toBe(true);
};

test('an edge moves to its second origin when the first calls its playlist stale, and when it is gone', async () => {
  await using bench = await startBench();
  const origin = { ...ORIGIN, whenStale: '503', staleAfterMs: 1_000 } as const;
  const [a, b] = await Promise.all([
    start(bench, { ...origin, name: 'origin-a' }, []),
    start(bench, { ...ORIGIN, name: 'origin-b' }, []),
  ]);
  const originFailover = { maxFails: 1, failTimeoutMs: 1_000 };
  const edge = await start(bench, { ...EDGE, originFailover, playlistTtlMs: 0 }, [a, b]);
  const playlist = '/one/v0/index.m3u8';
  const served = (text: string, before: () => Promise<void> = async () => undefined) =>
    waitFor({ ms: 10_000, what: `${text} at the edge`, everyMs: 100 }, async () => {
      await before();
      return (await fetchText(`${base(edge)}${playlist}`)) === text ? true : undefined;
    });
  await put(b, playlist, 'second');
  await put(a, playlist, 'first');
  await served('first');
  await served('second'); // The first has grown stale meanwhile.
  // The edge looks at it again once its time is over; until then it has to stay fresh.
  await served('first again', () => put(a, playlist, 'first again'));
  await put(b, '/one/v0/7.ts', 'only there');
  expect(await fetchText(`${base(edge)}/one/v0/7.ts`)).toBe('only there');
  await a.stop();
  await served('second');
});

test('steering lists both edges, prefers the one that serves, and follows when they change', async () => {
  await using bench = await startBench();
  const [a, b] = await Promise.all([
    start(bench, { ...ORIGIN, name: 'edge-a' }, []),
    start(bench, { ...ORIGIN, name: 'edge-b' }, []),
  ]);
  const stage: SteeringStage = {
    name: 'steering',
    role: 'steering',
    zone: 'z',
    operator: 'o',
    country: 'FR',
    ttlMs: 3_000,
    checkEveryMs: 100,
  };
  const steering = await start(bench, stage, [a, b]);
  await put(a, '/one/v0/index.m3u8', 'x');
  await put(b, '/one/v0/index.m3u8', 'x');
  const multivariant = (await fetchText(`${base(steering)}/one/index.m3u8`)) ?? '';
  for (const edge of [a, b]) expect(multivariant).toContain(`${base(edge)}/one/v0/index.m3u8`);
  const preferred = (order: readonly string[]) =>
    waitFor({ ms: 10_000, what: `${order.join()} to be preferred`, everyMs: 100 }, async () => {
      const manifest = JSON.parse(
        (await fetchText(`${base(steering)}/one/steering.json`)) ?? '{}',
      ) as { TTL?: number; 'PATHWAY-PRIORITY'?: string[] };
      expect(manifest.TTL).toBe(3);
      return manifest['PATHWAY-PRIORITY']?.join() === order.join() ? true : undefined;
    });
  await preferred(['edge-a', 'edge-b']);
  await a.stop();
  await preferred(['edge-b', 'edge-a']);
  expect(await fetchText(`${base(steering)}/nothing`)).toBeUndefined();
  for (const path of ['/one/index.m3u8', '/nothing']) {
    const preflight = await fetch(`${base(steering)}${path}`, { method: 'OPTIONS' });
    expect(preflight.headers.get('access-control-allow-origin')).toBe('*');
    expect(preflight.headers.get('access-control-allow-headers')).toBe('*');
  }
});
