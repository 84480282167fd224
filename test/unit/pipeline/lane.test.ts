// Tests what one rung uploads next, and what its playlist then says.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createLane, type Job, type Lane } from '../../../harness/pipeline/transcoder/lane.ts';

const SEGMENT_MS = 1_000;
const UPLOAD = { timeoutMs: 1_000, retries: 2, retryDelayMs: 100, maxAgeMs: 3_000 };

const lane = (upload: Partial<typeof UPLOAD> = {}, firstSegments?: number): Lane =>
  createLane({
    upload: { ...UPLOAD, ...upload },
    segmentMs: SEGMENT_MS,
    playlistSegments: 3,
    ...(firstSegments === undefined ? {} : { firstSegments }),
    sequence: 100,
    discontinuitySequence: 7,
  });

/** Segment n begins at n seconds and is complete a second later. */
const add = (to: Lane, n: number, discontinuity = false) =>
  to.add({
    name: `${n}.ts`,
    durationMs: SEGMENT_MS,
    discontinuity,
    body: Buffer.from([n]),
    startEpochMs: n * SEGMENT_MS,
    dateEpochMs: n * SEGMENT_MS,
  });

/** Does all there is to do at this instant; returns what was done. */
function work(on: Lane, nowMs: number, succeed: (job: Job) => boolean = () => true): string[] {
  const done: string[] = [];
  for (let job = on.next(nowMs); job && done.length < 50; job = on.next(nowMs)) {
    done.push(job.kind === 'playlist' ? 'playlist' : `${job.kind} ${job.name}`);
    on.done(job, succeed(job), nowMs);
  }
  return done;
}

/** The playlist as it was last uploaded, shortened: sequence, names, G for a gap, D for a discontinuity. */
function lastPlaylist(on: Lane, nowMs: number): string {
  let body = '';
  work(on, nowMs, (job) => {
    if (job.kind === 'playlist') body = job.body;
    return true;
  });
  return summary(body);
}

const summary = (body: string): string =>
  [
    /MEDIA-SEQUENCE:(\d+)/.exec(body)?.[1],
    ...body
      .split('\n')
      .filter((line) => /^#EXT-X-(GAP|DISCONTINUITY)$|\.ts$/.test(line))
      .map((line) => line.replace('#EXT-X-GAP', 'G').replace('#EXT-X-DISCONTINUITY', 'D')),
  ].join(' ');

describe('upload lane', () => {
  test('uploads a segment before the playlist that names it', () => {
    const one = lane();
    add(one, 0);
    expect(work(one, 1_000)).toEqual(['segment 0.ts', 'playlist']);
    expect(work(one, 1_100)).toEqual([]);
  });

  test('publishes no playlist before it lists what a player that comes from elsewhere needs', () => {
    const one = lane({}, 2);
    add(one, 0);
    expect(work(one, 1_000)).toEqual(['segment 0.ts']);
    add(one, 1);
    expect(work(one, 2_000)).toEqual(['segment 1.ts', 'playlist']);
    add(one, 2);
    expect(lastPlaylist(one, 3_000)).toBe('100 0.ts 1.ts 2.ts');
  });

  test('lists the newest segments and counts those that left', () => {
    const one = lane();
    for (let n = 0; n < 5; n++) {
      add(one, n);
      if (n < 4) work(one, (n + 1) * 1_000);
    }
    expect(lastPlaylist(one, 5_000)).toBe('102 2.ts 3.ts 4.ts');
  });

  test('deletes a segment once it has been out of the playlist for a playlist length', () => {
    const one = lane();
    const done = [];
    for (let n = 0; n < 8; n++) {
      add(one, n);
      done.push(...work(one, (n + 1) * 1_000));
    }
    expect(done.filter((job) => job.startsWith('delete'))).toEqual(['delete 0.ts', 'delete 1.ts']);
  });

  test('waits before it tries again, and gives up after its retries', () => {
    const one = lane();
    add(one, 0);
    expect(work(one, 1_000, () => false)).toEqual(['segment 0.ts']);
    expect(work(one, 1_099, () => false)).toEqual([]);
    expect(work(one, 1_100, () => false)).toEqual(['segment 0.ts']);
    expect(work(one, 1_200, () => false)).toEqual(['segment 0.ts']);
    expect(work(one, 1_300, () => false)).toEqual([]);
    expect(one.segmentsDropped).toBe(1);
  });

  test('tries a playlist again with what is true by then', () => {
    const one = lane();
    add(one, 0);
    work(one, 1_000, (job) => job.kind === 'segment');
    add(one, 1);
    expect(work(one, 2_000)).toEqual(['playlist', 'segment 1.ts', 'playlist']);
  });

  test('drops what is too old instead of uploading it late', () => {
    const one = lane({ maxAgeMs: 1_500 });
    add(one, 0);
    add(one, 1);
    expect(work(one, 3_000)).toEqual(['segment 1.ts', 'playlist']);
    expect(one.segmentsDropped).toBe(1);
  });

  test('drops what the playlist has moved past', () => {
    const one = lane({ maxAgeMs: 60_000 });
    for (let n = 0; n < 5; n++) add(one, n);
    expect(work(one, 5_000).filter((job) => job.startsWith('segment'))).toEqual([
      'segment 2.ts',
      'segment 3.ts',
      'segment 4.ts',
    ]);
  });

  test('marks a dropped segment between uploaded ones as a gap, so that numbers stay true', () => {
    const one = lane({ retries: 0 });
    for (let n = 0; n < 3; n++) {
      add(one, n);
      if (n === 1) work(one, 2_000, () => false);
      else if (n < 2) work(one, 1_000);
    }
    expect(lastPlaylist(one, 3_000)).toBe('100 0.ts G 1.ts 2.ts');
  });

  test('begins with an uploaded segment after a long cut', () => {
    const one = lane({ retries: 0 });
    add(one, 0);
    work(one, 1_000);
    for (let n = 1; n < 6; n++) {
      add(one, n);
      work(one, (n + 1) * 1_000, () => false);
    }
    add(one, 6);
    expect(lastPlaylist(one, 7_000)).toBe('106 6.ts');
  });

  test('keeps a discontinuity before its segment and counts it when it has gone', () => {
    const one = lane();
    for (let n = 0; n < 4; n++) {
      add(one, n, n === 2);
      if (n < 3) work(one, (n + 1) * 1_000);
    }
    expect(lastPlaylist(one, 4_000)).toBe('101 1.ts D 2.ts 3.ts');
    let body = '';
    for (let n = 4; n < 6; n++) {
      add(one, n);
      work(one, (n + 1) * 1_000, (job) => {
        if (job.kind === 'playlist') body = job.body;
        return true;
      });
    }
    expect(summary(body)).toBe('103 3.ts 4.ts 5.ts');
    expect(body).toContain('#EXT-X-DISCONTINUITY-SEQUENCE:8');
  });

  test('whatever fails, a playlist names only uploaded segments, each under its one number', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.boolean(), { maxLength: 6 }), { maxLength: 30 }),
        (seconds) => {
          const one = lane();
          const uploaded = new Set<string>();
          seconds.forEach((outcomes, n) => {
            add(one, n);
            outcomes.forEach((ok, i) => {
              const now = (n + 1) * 1_000 + i * 150;
              const job = one.next(now);
              if (!job) return;
              if (job.kind === 'playlist') expectTrue(job.body, uploaded);
              if (job.kind === 'segment' && ok) uploaded.add(job.name);
              if (job.kind === 'delete') uploaded.delete(job.name);
              one.done(job, ok, now);
            });
          });
        },
      ),
    );
  });
});

/** Segment n is number 100 + n, wherever the playlist begins. */
function expectTrue(body: string, uploaded: ReadonlySet<string>): void {
  const [sequence, ...lines] = summary(body).split(' ');
  let number = Number(sequence);
  lines.forEach((line, at) => {
    if (!line.endsWith('.ts')) return;
    expect(line).toBe(`${number++ - 100}.ts`);
    if (lines[at - 1] !== 'G') expect(uploaded).toContain(line);
  });
}
