// Set-top boxes, as a run starts them, on what should never reach them: a stream without a frame clock,
// sent by a program that nobody here wrote, and a portal that answers web pages.

import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { execa } from 'execa';
import { expect, it } from 'vitest';
import { systemClock } from '../../../harness/kernel/clock.ts';
import { waitFor } from '../../../harness/kernel/deadline.ts';
import { judge } from '../../../harness/measure/judge.ts';
import { groupUrl } from '../../../harness/model/group.ts';
import {
  MARK,
  type FrameSample,
  type HistoryRecord,
  type Unstamped,
} from '../../../harness/model/history.ts';
import type { ViewerLaunch } from '../../../harness/model/world.ts';
import { startBoxFleet } from '../../../players/box/fleet.ts';
import { historyOf, viewerOf } from '../../support/strip.ts';
import { TEST_MEDIA } from '../../support/testWall.ts';

const PICTURES = 50;
const VIEWER = viewerOf({ id: 'box', player: 'settopbox' });

/** A port that nobody else has now. */
async function freePort(): Promise<number> {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  const { port } = socket.address();
  socket.close();
  return port;
}

/** Shows a box something until `isOver`; gives its records, and the report of them. */
async function watch(
  launch: Partial<ViewerLaunch>,
  isOver: (records: readonly Unstamped[]) => boolean,
) {
  const records: Unstamped[] = [];
  const startedAtMs = systemClock.epochMs();
  const emit = (record: Unstamped) => void records.push(record);
  await using fleet = await startBoxFleet(
    { count: 1, media: TEST_MEDIA, seed: 1, profileDir: '', emit },
    new AbortController().signal,
  );
  const group = { player: 'settopbox', policy: { onFatal: 'none' }, config: {} } as const;
  const url = groupUrl({ host: '239.255.43.9', port: await freePort() }, VIEWER.channelNumber);
  await fleet.join([{ description: VIEWER, group, url, ...launch }]);
  await waitFor({ ms: 20_000, what: 'the box', everyMs: 50 }, () => isOver(records) || undefined);
  await fleet.leave();
  const stamped = records.map((record): HistoryRecord => {
    const { atEpochMs = startedAtMs } = record as { atEpochMs?: number };
    const atMs = atEpochMs - startedAtMs;
    if (record.type !== 'frames') return { ...record, atMs };
    const frames = record.frames.map(([at, ...look]): FrameSample => [at - startedAtMs, ...look]);
    return { ...record, atMs, frames };
  });
  return { records, report: judge(historyOf({ viewers: [VIEWER], records: stamped })) };
}

const framesIn = (records: readonly Unstamped[]) =>
  records.flatMap((record) => (record.type === 'frames' ? record.frames : []));

it('a stream without a frame clock is neither programme nor black', async () => {
  const group = { host: '239.255.43.9', port: await freePort() };
  const source = ['-re', '-f', 'lavfi', '-i', 'testsrc2=size=320x180:rate=25'];
  const encoder = ['-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'zerolatency', '-g', '12'];
  const to = `udp://${group.host}:${group.port}?localaddr=127.0.0.1&ttl=0&pkt_size=1316`;
  const sender = execa('ffmpeg', ['-v', 'error', ...source, ...encoder, '-f', 'mpegts', to], {
    reject: false,
  });
  try {
    const url = groupUrl(group, VIEWER.channelNumber);
    const { records, report } = await watch({ url }, (so) => framesIn(so).length >= PICTURES);
    expect(framesIn(records).every(([, mark]) => mark === MARK.none)).toBe(true);
    const { ledger } = report.viewers[0]!;
    expect(ledger).toMatchObject({ programme: 0, black: 0, frozen: 0, slate: 0 });
    expect(ledger.unmeasured).toBeGreaterThan(1_000);
    expect(report.verdict).toBe('inconclusive');
    expect(report.findings.map(({ rule }) => rule)).toContain('no-clock');
  } finally {
    sender.kill('SIGKILL');
    await sender;
  }
});

it('a portal that answers HTML lets no box in, and the report says why', async () => {
  const portal = createServer((_, answer) =>
    answer.setHeader('content-type', 'text/html').end('<html>Please log in</html>'),
  ).listen(0, '127.0.0.1');
  await once(portal, 'listening');
  const { port } = portal.address() as AddressInfo;
  try {
    const { report } = await watch({ portal: `http://127.0.0.1:${port}` }, (so) =>
      so.some((record) => record.type === 'viewer' && record.event === 'fatal'),
    );
    const why = 'login: the portal answered text/html instead of JSON';
    expect(report.playerErrors?.kinds).toMatchObject([{ fatal: true, details: why, viewers: 1 }]);
    expect(report.viewers[0]!.box).toMatchObject({ bootMs: [], bootsFailed: 1 });
  } finally {
    portal.close();
  }
});
