// A second witness of stalls: what players tell with their requests is held against the ledger.
//
//   screen    p p p s s s s p p p p p p p
//   requests    .   .       ! .   .   . !
//                           |           the player says that it starved, and nobody saw it
//                           the player says that it starved since its request before

import { readCmcd, type CmcdRecord, type CmcdResult } from '../model/cmcd.ts';
import type { FramesRecord, ViewerDescription } from '../model/history.ts';
import type { Finding, Span } from '../model/report.ts';
import { hostLabel, labelInHost } from '../model/viewerHost.ts';
import type { Screen } from './classify.ts';
import { durationText } from './durationText.ts';
import { isWatching } from './ledger.ts';
import { packed } from './packed.ts';
import { lengthMs, touching } from './spans.ts';
import { medianInPlace } from './statistics.ts';
import { GLITCH_MS, RECORD_GAP_MS } from './thresholds.ts';
import type { SeenViewer } from './viewers.ts';

/** What one viewer's player told. */
export interface Told {
  readonly requestsMs: Float64Array;
  /** Those that said that it starved. */
  readonly starvedMs: readonly number[];
  readonly bufferApartMs: Float64Array;
}

export interface GrowingCmcd {
  readonly record: (record: CmcdRecord | FramesRecord) => void;
  /** By the id of the viewer; those who told nothing are not there. */
  readonly stored: () => ReadonlyMap<string, () => Told>;
}

export function growingCmcd(viewers: readonly ViewerDescription[]): GrowingCmcd {
  const byLabel = new Map(viewers.map(({ id }) => [hostLabel(id), id]));
  const buffered = new Map<string, number>();
  const told = new Map<string, ReturnType<typeof growingTold>>();
  return {
    record: (record) => {
      if (record.type === 'frames') {
        buffered.set(record.viewer, record.player.bufferedMs);
        return;
      }
      const id = byLabel.get(labelInHost(record.host) ?? '');
      if (id === undefined) return;
      const own = told.get(id) ?? growingTold();
      told.set(id, own);
      own.record(record, buffered.get(id));
    },
    stored: () => new Map([...told].map(([id, { unpack }]) => [id, unpack] as const)),
  };
}

function growingTold() {
  const [requests, apart] = [packed(), packed()];
  const starvedMs: number[] = [];
  return {
    record: ({ atMs, says }: CmcdRecord, bufferedMs: number | undefined): void => {
      const { starved, bufferMs } = readCmcd(says);
      requests.push(atMs);
      if (starved) starvedMs.push(atMs);
      if (bufferMs !== undefined && bufferedMs !== undefined) apart.push(bufferMs - bufferedMs);
    },
    unpack: (): Told => ({
      requestsMs: requests.unpack().toSorted(),
      starvedMs: starvedMs.toSorted((a, b) => a - b),
      bufferApartMs: apart.unpack(),
    }),
  };
}

/** Requests of one starvation come together: one for each kind of media. */
const TOGETHER_MS = 1_000;

/** Holds what a player told against its screen. */
export function compareCmcd(told: Told, screen: Screen): CmcdResult {
  const starved = told.starvedMs.filter(
    (at, i) => at - (told.starvedMs[i - 1] ?? -Infinity) > TOGETHER_MS,
  );
  const stalls = screen.spans.filter(
    (span) =>
      span.class === 'stalled' && lengthMs(span) >= GLITCH_MS && isWatching(span, screen.watching),
  );
  const apartMs = medianInPlace(told.bufferApartMs);
  return {
    requests: told.requestsMs.length,
    starved: starved.length,
    unseenMs: starved.filter((at) => !wasSeen(at, told, screen.spans)).map(Math.round),
    untoldMs: stalls.filter((stall) => wasUntold(stall, told)).map(({ fromMs }) => fromMs),
    ...(apartMs !== undefined && { bufferApartMs: Math.round(apartMs) }),
  };
}

/** Its screen did not show the programme at some time since its request before. */
function wasSeen(atMs: number, { requestsMs }: Told, spans: readonly Span[]): boolean {
  const before = requestsMs.findLast((at) => at < atMs - TOGETHER_MS) ?? -Infinity;
  const since = { fromMs: before - RECORD_GAP_MS, toMs: atMs + RECORD_GAP_MS };
  return touching(spans, since).some((span) => span.class !== 'programme');
}

/** A player that asks for nothing afterwards could not tell. */
function wasUntold({ fromMs, toMs }: Span, { requestsMs, starvedMs }: Told): boolean {
  const next = requestsMs.find((at) => at > toMs + RECORD_GAP_MS);
  if (next === undefined) return false;
  return !starvedMs.some((at) => at >= fromMs - RECORD_GAP_MS && at <= next + TOGETHER_MS);
}

/** A difference between two witnesses of the same screen is told. */
export function cmcdFindings(audience: readonly SeenViewer[]): Finding[] {
  const compared = audience.flatMap(({ result: { id, cmcd } }) => (cmcd ? [{ id, ...cmcd }] : []));
  if (compared.length === 0) return [];
  const differing = compared.filter(
    ({ unseenMs, untoldMs }) => unseenMs.length + untoldMs.length > 0,
  );
  if (differing.length === 0) {
    const starved = compared.reduce((sum, one) => sum + one.starved, 0);
    const text = `the players of ${compared.length} viewers told by CMCD of ${starved} empty buffers: the ledger agrees`;
    return [{ rule: 'cmcd-agrees', verdict: 'pass', text }];
  }
  return differing.map(({ id, unseenMs, untoldMs }) => ({
    rule: 'cmcd-differs',
    verdict: 'pass',
    text: [
      ...(unseenMs.length > 0
        ? [
            `the player of ${id} told by CMCD of ${unseenMs.length} empty buffers while its screen showed the programme`,
          ]
        : []),
      ...(untoldMs.length > 0
        ? [
            `the screen of ${id} stalled ${untoldMs.length} times of which its CMCD says nothing (first at ${durationText(untoldMs[0]!)})`,
          ]
        : []),
    ].join('; '),
    atMs: Math.min(...unseenMs, ...untoldMs),
  }));
}
