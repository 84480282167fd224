// People and applications that go elsewhere, played in virtual time by the code of the page.

import { expect, test } from 'vitest';
import type { HistoryRecord } from '../../harness/model/history.ts';
import { parseScenario } from '../../harness/scenario/load.ts';
import { simulated } from '../support/simulated.ts';
import { twoEdges } from '../support/twoEdges.ts';

async function played(viewers: string, fault: string) {
  const { report, journal } = await simulated(
    parseScenario(twoEdges(viewers, fault, '30s'), 's.yaml', {}),
  );
  const records = journal
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as HistoryRecord);
  const events = (id: string) =>
    records.flatMap((one) => (one.type === 'viewer' && one.viewer === id ? [one] : []));
  const of = (id: string) => report.viewers.find((one) => one.id === id)!;
  return { report, events, of };
}

const DARK_EDGE = '{ name: dark, at: 4s, for: 60s, stages: [edge-a], http: { status: 404 } }';

test('an application falls back to the other edge, and its viewers have the programme at once', async () => {
  const policy = (onFatal: string) => `policy: { onFatal: ${onFatal}, delay: 1s, jitter: 0s }`;
  const { of, events } = await played(
    `[{ name: moves, count: 2, channel: one, ${policy('fallback')} },
      { name: waits, count: 2, channel: one, ${policy('reload')} },
      { name: light, count: 2, channel: one, player: light, ${policy('fallback')} }]`,
    DARK_EDGE,
  );
  const hit = ['v1', 'v2'].find((id) => events(id).some(({ event }) => event === 'fatal'))!;
  const waiting = ['v3', 'v4'].find((id) => events(id).some(({ event }) => event === 'fatal'))!;
  const light = ['v5', 'v6'].find((id) => events(id).some(({ event }) => event === 'fatal'))!;
  expect(events(hit).find(({ event }) => event === 'reload')?.detail).toContain('edge-b');
  expect(of(hit).blackScreenMs).toBeLessThan(15_000);
  expect(of(waiting).blackScreenMs).toBeGreaterThan(40_000);
  const moved = events(light).findIndex(({ event }) => event === 'reload');
  expect(events(light)[moved]?.detail).toContain('edge-b');
  expect(
    events(light)
      .slice(moved)
      .map(({ event }) => event),
  ).toContain('playing');
});

test('who zaps away from a dark channel sees the other one, and the wait is black', async () => {
  const { events, of } = await played(
    `[{ name: zappers, count: 6, channel: one, behaviour: zaps, policy: { onFatal: none } }]`,
    '{ name: dark, at: 4s, for: 90s, stages: [edge-a, edge-b], channels: [one], http: { status: 404 } }',
  );
  const zapped = ['v1', 'v2', 'v3', 'v4', 'v5', 'v6'].filter((id) =>
    events(id).some(({ event, detail }) => event === 'act' && detail === 'zap'),
  );
  expect(zapped.length).toBeGreaterThan(0);
  for (const id of zapped) {
    expect(of(id).recovered, id).toBe(true);
    expect(of(id).blackScreenMs, id).toBeGreaterThan(1_000);
    expect(of(id).blackScreenMs, id).toBeLessThan(80_000);
    expect(of(id).ledger.left, id).toBe(0);
  }
});

test('a set that reboots is dark for its minute, and who leaves is asked nothing', async () => {
  const { events, of, report } = await played(
    `[{ name: reboots, count: 8, behaviour: reboots, policy: { onFatal: none } },
      { name: leaves, count: 8, behaviour: leaves, policy: { onFatal: none } }]`,
    '{ name: dark, at: 4s, for: 6m, stages: [edge-a, edge-b], http: { status: 404 } }',
  );
  const ids = report.viewers.map(({ id }) => id);
  const did = (does: string) =>
    ids.filter((id) => events(id).some(({ event, detail }) => event === 'act' && detail === does));
  const [reboot] = did('reboot');
  expect(of(reboot!).ledger.left).toBe(0);
  expect(of(reboot!).ledger.starting).toBeGreaterThanOrEqual(59_000);
  expect(of(reboot!).blackScreenMs).toBeGreaterThan(5 * 60_000);
  const gone = did('leave').filter((id) => events(id).at(-1)?.event === 'leave');
  expect(gone.length).toBeGreaterThan(0);
  for (const id of gone) expect(of(id).recovery, id).toBe('left');
});
