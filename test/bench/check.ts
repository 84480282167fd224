// Figures of routing and check: a year of 500 windows over 200 targets, and 200 stages of 8 suppliers.

import { readFileSync } from 'node:fs';
import { NATIONAL_EVENING } from '../../harness/check/audience.ts';
import { check } from '../../harness/check/check.ts';
import { makeContext } from '../../harness/check/context.ts';
import { listAccesses } from '../../harness/check/implicitAccess.ts';
import { listRemovals } from '../../harness/check/removals.ts';
import type { AnnouncedWindow, CheckInput } from '../../harness/check/input.ts';
import { directConnect } from '../../harness/exchange/directConnect.ts';
import { seededRandom, type Random } from '../../harness/kernel/random.ts';
import { DRAIN_STYLES, type Access, type PathEvent } from '../../harness/model/access.ts';
import type { Design } from '../../harness/model/scenario.ts';
import { routeAccess } from '../../harness/routing/route.ts';
import { eventsOfWork } from '../../harness/routing/work.ts';
import { systemClock } from '../../harness/kernel/clock.ts';
import { parseDesign } from '../../harness/scenario/load.ts';
import { snapshotFiles } from '../support/directConnect.ts';
import { designOf } from '../unit/check/builders.ts';
import { connection, FAST, NATIONAL, SLOW, vpn } from '../unit/routing/builders.ts';

const HOUR_MS = 3_600_000;
const YEAR_MS = 365 * 24 * HOUR_MS;
const FROM = Date.parse('2025-01-01T00:00:00Z');
const WINDOWS = 500;
const PATHS = 200;

/** `accesses` groups of the same number of paths each, 200 in all. */
function yearOf(accesses: number, random: Random): CheckInput {
  const base = designOf();
  const links: Design['links'] = Array.from({ length: accesses }, (_, index) => ({
    name: `link-${index}`,
    from: 'playout',
    to: 'transcoder',
  }));
  const groups = links.map((link): Access => {
    const paths = Array.from({ length: PATHS / accesses }, (_, index) => {
      const name = `${link.name}-${index}`;
      const session = index % 2 === 0 ? FAST : SLOW;
      return index % 4 === 3
        ? vpn(name, 10, { session, tunnels: 4 })
        : connection(name, 100 - index, { session });
    });
    return {
      name: link.name,
      links: [{ link: link.name, direction: 'in' }],
      demandMbps: NATIONAL,
      paths,
      probe: { intervalMs: 10_000, failures: 3, recoveries: 6, lossShareMin: 0.02 },
      failBack: { holdDownMs: 300_000 },
    };
  });
  const names = groups.flatMap(({ paths }) => paths.map(({ name }) => name));
  return {
    design: { ...base, links },
    accesses: groups,
    windows: Array.from({ length: WINDOWS }, (_, index) => windowOn(names, index, random)),
    events: Array.from({ length: 60 }, (_, index) => {
      const fromEpochMs = FROM + (index / 60) * YEAR_MS;
      return {
        name: `event-${index}`,
        fromEpochMs,
        toEpochMs: fromEpochMs + 3 * HOUR_MS,
        source: 'bench',
      };
    }),
    zone: 'Europe/Paris',
    audience: NATIONAL_EVENING,
    nowEpochMs: FROM,
    ownerRules: [],
  };
}

function windowOn(names: readonly string[], index: number, random: Random): AnnouncedWindow {
  const fromEpochMs = FROM + Math.floor(random.next() * YEAR_MS);
  const any = <T>(list: readonly T[]): T => list[Math.floor(random.next() * list.length)] as T;
  return {
    name: `window-${index}`,
    owner: `owner-${index % 7}`,
    kind: index % 25 === 0 ? 'failover-test' : 'planned',
    targets: [{ kind: 'path', name: any(names) }],
    fromEpochMs,
    toEpochMs: fromEpochMs + Math.floor((1 + random.next() * 7) * HOUR_MS),
    overrunMs: HOUR_MS / 2,
    drain: { style: any(DRAIN_STYLES), leadMs: 600_000 },
    noticedAtEpochMs: fromEpochMs - Math.floor(random.next() * 30) * 24 * HOUR_MS,
    clock: { zone: 'UTC', text: new Date(fromEpochMs).toISOString() },
    source: `bench:${index}`,
  };
}

const eventsOf = ({ windows }: CheckInput, access: Access): readonly PathEvent[] =>
  windows.flatMap(({ name, targets, fromEpochMs, toEpochMs, drain }) =>
    eventsOfWork(
      { of: name, kind: 'work', targets, fromMs: fromEpochMs, toMs: toEpochMs, drain },
      access,
    ),
  );

/** Fastest of five, after one that warms up: what the code needs, not what else the machine does. */
function fastestMs(work: () => unknown): number {
  work();
  const times = Array.from({ length: 5 }, () => {
    const fromMs = systemClock.epochMs();
    work();
    return systemClock.epochMs() - fromMs;
  });
  return Math.min(...times);
}

/** One night on which everything overlaps on four paths: the worst for a check. */
function nightOf(windows: number): CheckInput {
  const random = seededRandom(windows);
  const input = yearOf(PATHS / 4, random);
  const names = (input.accesses[0]?.paths ?? []).map(({ name }) => name);
  const at = (index: number) => ({
    fromEpochMs: FROM + index * 1000,
    toEpochMs: FROM + 4 * HOUR_MS + index * 1000,
  });
  return {
    ...input,
    windows: Array.from({ length: windows }, (_, index) => ({
      ...windowOn(names, index, random),
      ...at(index),
    })),
  };
}

const LAYERS = ['playout', 'transcoder', 'origin', 'edge'] as const;
const SUPPLIERS = 8;

/**
 * 200 stages of 8 suppliers in four layers, each stage joined to the next two, behind three accesses
 * of three paths: 27 states, in each of which everything is taken away alone and in pairs.
 */
function suppliedOf(random: Random): CheckInput {
  const width = PATHS / LAYERS.length;
  const [first] = designOf().stages;
  const stages = LAYERS.flatMap((role, layer) =>
    Array.from({ length: width }, (_, i) => {
      const supplier = Math.floor(random.next() * SUPPLIERS);
      const law = [supplier % 2 === 0 ? 'FR' : 'US'];
      const place = {
        zone: `zone-${i % 10}`,
        operator: `supplier-${supplier}`,
        country: 'FR',
        law,
      };
      return { ...first, ...place, role, name: `${role}-${i}`, layer };
    }),
  );
  const links = LAYERS.slice(1).flatMap((role, layer) =>
    Array.from({ length: 2 * width }, (_, turn) => {
      const [i, by] = [turn >> 1, turn % 2];
      const to = `${role}-${(i + by) % width}`;
      return { name: `l${layer}-${turn}`, from: `${LAYERS[layer]}-${i}`, to };
    }),
  );
  const [access] = yearOf(PATHS / 3, random).accesses;
  if (!access) throw new Error('a year has accesses');
  const accesses = [0, 1, 2].map((layer): Access => ({
    ...access,
    name: `access-${layer}`,
    links: links
      .filter(({ name }) => name.startsWith(`l${layer}-`))
      .map(({ name }) => ({ link: name, direction: 'in' })),
    paths: access.paths.map((path) => ({ ...path, name: `${layer}-${path.name}` })),
  }));
  const names = accesses.flatMap(({ paths }) => paths.map(({ name }) => name));
  const windows = Array.from({ length: WINDOWS }, (_, index) => windowOn(names, index, random));
  return {
    ...yearOf(1, random),
    design: { name: 'supplied', stages: stages as unknown as Design['stages'], links },
    accesses,
    windows,
  };
}

/** Four times the windows: 4 is linear, 16 is quadratic. */
const GROWTH_MAX = 10;

/** Prints how the time grows; tells whether it is near to linear. */
function grows(): boolean {
  const [few = NaN, many = NaN] = [250, 1000].map((windows) => {
    const input = nightOf(windows);
    return fastestMs(() => check(input));
  });
  console.log(
    `1000 windows that all overlap: ${many.toFixed(0)} ms, ${(many / few).toFixed(1)} times 250 of them`,
  );
  return many / few > GROWTH_MAX;
}

/** A year of so many windows takes about as long as this many millions of steps of a bare loop. */
const STEPS_MAX = 1_000e6;

/** The time of a million steps on this machine, now: what other times are held against. */
function stepsMs(): number {
  let sum = 0;
  return (
    fastestMs(() => {
      for (let step = 0; step < 100e6; step++) sum = (sum + step) | 0;
      return sum;
    }) / 100
  );
}

/** From the exported files to the findings. */
function judgeSnapshot(): unknown {
  const base = 'scenarios/designs/dual-access-bgp.yaml';
  const { text } = directConnect.read({
    files: snapshotFiles(),
    design: { file: base, text: readFileSync(base, 'utf8') },
    name: 'snapshot',
    options: { country: 'FR', over: 'gateway-0' },
  });
  const design = parseDesign(text, 'snapshot.yaml');
  return check({
    ...yearOf(1, seededRandom(17)),
    design,
    accesses: listAccesses(design),
    windows: [],
  });
}

/** Prints the figures; the exit code is 1 when one of them is past what it should be. */
export function main(): Promise<void> {
  const stepMs = stepsMs();
  for (const accesses of [50, 10, 1]) {
    const input = yearOf(accesses, seededRandom(500));
    const span = { fromMs: FROM - YEAR_MS, toMs: FROM + 2 * YEAR_MS };
    const routeMs = fastestMs(() =>
      input.accesses.map((access) => routeAccess(access, eventsOf(input, access), span)),
    );
    const checkMs = fastestMs(() => check(input));
    const { verdict, findings } = check(input);
    console.log(
      `${WINDOWS} windows, ${PATHS} paths in ${accesses} accesses, one year: ` +
        `route ${routeMs.toFixed(0)} ms, check ${checkMs.toFixed(0)} ms, ` +
        `${(checkMs / stepMs).toFixed(0)} million steps of a loop ` +
        `(${findings.length} findings, ${verdict})`,
    );
    if ((checkMs / stepMs) * 1e6 > STEPS_MAX) process.exitCode = 1;
  }
  const supplied = suppliedOf(seededRandom(21));
  const suppliedMs = fastestMs(() => check(supplied));
  const removals = listRemovals(makeContext(supplied));
  console.log(
    `200 stages, ${SUPPLIERS} suppliers, ${WINDOWS} windows, alone and in pairs in ` +
      `${removals.length} states (${removals.reduce((sum, one) => sum + one.removals.length, 0)} cuts): check ${suppliedMs.toFixed(0)} ms, ` +
      `${(suppliedMs / stepMs).toFixed(0)} million steps of a loop`,
  );
  if ((suppliedMs / stepMs) * 1e6 > STEPS_MAX) process.exitCode = 1;
  const snapshotMs = fastestMs(judgeSnapshot);
  console.log(
    `a snapshot of 17 virtual interfaces on 7 gateways read and judged: ${snapshotMs.toFixed(0)} ms, ` +
      `${(snapshotMs / stepMs).toFixed(0)} million steps of a loop`,
  );
  if ((snapshotMs / stepMs) * 1e6 > STEPS_MAX) process.exitCode = 1;
  if (grows()) process.exitCode = 1;
  return Promise.resolve();
}

if (import.meta.main) await main();
