// Tests what requests of our own prove about wrong answers of an origin or an edge.

import type { HttpFault } from '../../../harness/faults/http.ts';
import type { HttpAnswer } from '../../../harness/model/wrongAnswers.ts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isDamaged, readPlaylist } from '../../../harness/probe/body.ts';
import { probeTarget } from '../../../harness/probe/httpProbe.ts';
import { requestWitness } from '../../../harness/witness/onAnswers.ts';
import { provenBy } from '../../../harness/witness/catalogue.ts';
import type { Answer } from '../../../harness/model/answer.ts';
import type { StatsRecord } from '../../../harness/model/history.ts';
import { seededRandom } from '../../../harness/kernel/random.ts';
import {
  corruptPackets,
  resetSequence,
  withGaps,
  withoutDiscontinuities,
} from '../../../harness/pipeline/web/mangle.ts';
import { mediaPlaylist } from '../../../harness/pipeline/transcoder/playlist.ts';
import { counted } from '../../support/counted.ts';
import { readDesign } from '../../support/designs.ts';

const design = readDesign('single-access');

const faultOf = (answer: HttpAnswer, match: Partial<HttpFault['match']> = {}): HttpFault => ({
  kind: 'http',
  match: { of: 'any', rung: undefined, every: undefined, ratio: 1, ...match },
  answer,
  stages: ['edge'],
  channels: ['one'],
  links: [],
});

const witnessOf = (fault: HttpFault, instance = 'edge') =>
  requestWitness(fault, { instance, channel: 'one', design });

interface Heard {
  readonly answers: readonly Answer[];
  readonly stats?: readonly StatsRecord[];
  readonly before?: Answer;
}

const ask = (does: 'inject' | 'heal', fault: HttpFault, { answers, stats = [], before }: Heard) =>
  provenBy(witnessOf(fault), { does, doneAtMs: 0, stats, answers, before });

/** Writes a playlist like the transcoder: six segments from this number on. */
const truePlaylist = (sequence: number): string =>
  mediaPlaylist({
    targetMs: 2000,
    sequence,
    discontinuitySequence: 3,
    entries: Array.from({ length: 6 }, (_, i) => ({
      name: `${sequence + i}-${(sequence + i) * 50}.ts`,
      durationMs: 2000,
      dateEpochMs: (sequence + i) * 2000,
      discontinuity: i === 2,
      gap: false,
    })),
  });

const playlist = (text: string, atMs = 0): Answer => {
  const seen = readPlaylist(text);
  const damaged = isDamaged('index.m3u8', Buffer.from(text, 'latin1'));
  const told = { ms: 3, atMs, status: 200, bytes: text.length, broken: false, damaged };
  return seen ? { ...told, playlist: seen } : told;
};

const GOOD: Answer = { ms: 3, atMs: 0, status: 200, bytes: 900, broken: false, damaged: false };

describe('one answer tells', () => {
  const segment = Buffer.alloc(188 * 40, 'G');
  const noise = corruptPackets(segment, 0.1, seededRandom(7));
  const wholly = truePlaylist(120);
  const cases: [HttpAnswer, Answer, Answer][] = [
    [{ kind: 'status', status: 503 }, { ...GOOD, status: 503 }, GOOD],
    [{ kind: 'hang' }, { ms: undefined }, GOOD],
    [
      { kind: 'slow', delayMs: 400 },
      { ...GOOD, ms: 405 },
      { ...GOOD, ms: 300 },
    ],
    [{ kind: 'empty' }, { ...GOOD, bytes: 0 }, GOOD],
    [{ kind: 'truncated', share: 0.5 }, { ...GOOD, broken: true }, GOOD],
    [
      { kind: 'corrupt', share: 0.1 },
      { ...GOOD, damaged: isDamaged('/one/v0/1-2.ts', noise) },
      { ...GOOD, damaged: isDamaged('/one/v0/1-2.ts', segment) },
    ],
    [{ kind: 'gap', every: 3 }, playlist(withGaps(wholly, 3)), playlist(wholly)],
    [{ kind: 'sequenceReset' }, playlist(resetSequence(wholly, 118)), playlist(wholly)],
    [{ kind: 'noDiscontinuity' }, playlist(withoutDiscontinuities(wholly)), playlist(wholly)],
  ];

  test.each(cases)('%o from health, before and after', (answer, bad, good) => {
    const fault = faultOf(answer);
    expect(ask('inject', fault, { answers: [good, bad] }).proven).toBe(true);
    expect(ask('inject', fault, { answers: [good] }).proven).toBe(false);
    expect(ask('inject', fault, { answers: [] }).proven).toBe(false);
    expect(ask('inject', fault, { answers: [bad], before: bad }).observed).toMatch(/before it too/);
    expect(ask('heal', fault, { answers: [bad] }).proven).toBe(false);
    expect(ask('heal', fault, { answers: [bad, good] }).proven).toBe(true);
    expect(ask('heal', fault, { answers: [good, bad] }).proven).toBe(false);
  });

  test('in words', () => {
    const reset = playlist(resetSequence(wholly, 118));
    expect(ask('inject', faultOf({ kind: 'sequenceReset' }), { answers: [reset] })).toEqual({
      proven: true,
      observed: expect.stringMatching(
        /^edge gave status 200, \d+ bytes, sequence 2 for segments from 120, after 3 ms$/,
      ),
    });
  });

  test('a gap that is another than the fault makes is no proof', () => {
    const own = truePlaylist(120).replace('#EXTINF', '#EXT-X-GAP\n#EXTINF');
    expect(ask('inject', faultOf({ kind: 'gap', every: 2 }), { answers: [playlist(own)] })).toEqual(
      { proven: false, observed: expect.stringContaining('1 of 6 missing') },
    );
  });

  test('a playlist without any segment that is meant says nothing, either way', () => {
    const fault = faultOf({ kind: 'gap', every: 100 });
    expect(ask('inject', fault, { answers: [playlist(truePlaylist(101))] }).proven).toBe(false);
    expect(ask('heal', fault, { answers: [playlist(truePlaylist(101))] }).proven).toBe(false);
    expect(ask('heal', fault, { answers: [playlist(truePlaylist(98))] }).proven).toBe(true);
  });
});

describe('what every playlist of the transcoder says is right', () => {
  test('whatever its numbers', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1_000_000_000 }), (sequence) => {
        const right = playlist(truePlaylist(sequence));
        for (const kind of ['sequenceReset', 'noDiscontinuity'] as const)
          expect(ask('heal', faultOf({ kind }), { answers: [right] }).proven).toBe(true);
        expect(right.damaged).toBe(false);
      }),
    );
  });
});

describe('a stale playlist', () => {
  const fault = faultOf({ kind: 'stale' }, { of: 'playlist' });
  const { staleMs, publisher } = witnessOf(fault);
  const uploads = (...counts: number[]): StatsRecord[] =>
    counts.map((count, i) => counted({ stage: publisher, atMs: i * 1000, uploads: count }));
  const still = (forMs: number) => [0, forMs].map((atMs) => playlist(truePlaylist(40), atMs));

  test('stands still while its publisher goes on', () => {
    const stats = uploads(10, 12, 14, 16, 18, 20, 22);
    expect(ask('inject', fault, { answers: still(staleMs), stats }).proven).toBe(true);
    expect(ask('inject', fault, { answers: still(staleMs - 500), stats }).proven).toBe(false);
  });

  test('is not told from one that nothing is published for', () => {
    expect(ask('inject', fault, { answers: still(staleMs), stats: uploads(10, 10, 10) })).toEqual({
      proven: false,
      observed: expect.stringContaining('transcoder.one published nothing'),
    });
  });

  test('is over once it moves', () => {
    const moved = [...still(500), playlist(truePlaylist(41), 1000)];
    expect(ask('heal', fault, { answers: moved }).proven).toBe(true);
    expect(ask('heal', fault, { answers: still(4000) }).proven).toBe(false);
  });

  test('is waited for longer at an edge, which keeps a healthy one for a while', () => {
    expect(witnessOf(fault, 'edge').staleMs - witnessOf(fault, 'origin').staleMs).toBe(1000);
  });
});

describe('a fault of some requests', () => {
  const fault = faultOf({ kind: 'status', status: 503 }, { ratio: 0.5 });

  test('is over when so many in a row were right that chance does not explain it', () => {
    const right = (count: number) => Array.from({ length: count }, () => GOOD);
    expect(ask('heal', fault, { answers: right(6) }).proven).toBe(false);
    expect(ask('heal', fault, { answers: right(7) }).proven).toBe(true);
    const again = [...right(6), { ...GOOD, status: 503 }, ...right(6)];
    expect(ask('heal', fault, { answers: again }).proven).toBe(false);
  });

  test('is waited for long enough', () => {
    expect(witnessOf(faultOf({ kind: 'hang' }, { ratio: 0.1 })).rightMin).toBe(44);
    expect(witnessOf(faultOf({ kind: 'hang' }, { ratio: 0 })).rightMin).toBe(44);
    expect(witnessOf(faultOf({ kind: 'hang' })).rightMin).toBe(1);
  });
});

describe('a segment that no playlist names', () => {
  const nothing: Answer = { ms: undefined, unnamed: true };
  const hang = faultOf({ kind: 'hang' }, { of: 'segment' });

  test('proves nothing of segments: neither that they hang nor that they do not', () => {
    expect(ask('inject', hang, { answers: [nothing] })).toEqual({
      proven: false,
      observed: 'edge gave no playlist that names a segment to ask for',
    });
    expect(ask('heal', hang, { answers: [nothing] }).proven).toBe(false);
  });

  test('does not stand before those that are named', () => {
    const silent: Answer = { ms: undefined };
    expect(ask('inject', hang, { answers: [nothing, silent], before: nothing }).proven).toBe(true);
    expect(ask('heal', hang, { answers: [silent, GOOD, nothing] }).proven).toBe(true);
  });
});

describe('an upload of ours', () => {
  const refused = faultOf({ kind: 'status', status: 507 }, { of: 'upload' });
  const stored: Answer = { ms: 3, status: 201, bytes: 0, broken: false };

  test('that is refused proves that uploads are, one that is stored that they are not', () => {
    const full = { ...stored, status: 507 };
    expect(ask('inject', refused, { answers: [full] }).proven).toBe(true);
    expect(ask('inject', refused, { answers: [stored] }).proven).toBe(false);
    expect(ask('heal', refused, { answers: [full] }).proven).toBe(false);
    expect(ask('heal', refused, { answers: [full, stored] }).proven).toBe(true);
    expect(probeTarget(refused)).toBe('upload');
  });
});

describe('a cycle', () => {
  const fault = faultOf({
    kind: 'cycle',
    steps: [
      { forMs: 3000 },
      { forMs: 1000, answer: { kind: 'slow', delayMs: 500 } },
      { forMs: 500, answer: { kind: 'hang' } },
      { forMs: 2000 },
    ],
  });
  const at = (atMs: number, answer: Answer = GOOD) => ({ ...answer, atMs });

  test('is proven by any of its wrong answers', () => {
    expect(ask('inject', fault, { answers: [at(0), at(3000)] }).proven).toBe(false);
    expect(ask('inject', fault, { answers: [at(0), at(3100, { ms: 510 })] }).proven).toBe(true);
    expect(ask('inject', fault, { answers: [at(4100, { ms: undefined })] }).proven).toBe(true);
  });

  test('is over when all was right for longer than it ever leaves right', () => {
    const { rightForMs } = witnessOf(fault);
    expect(rightForMs).toBeGreaterThan(5000);
    expect(ask('heal', fault, { answers: [at(0), at(5000)] }).proven).toBe(false);
    expect(ask('heal', fault, { answers: [at(0), at(rightForMs)] }).proven).toBe(true);
  });

  test('is asked for long enough to come round', () => {
    expect(witnessOf(fault).withinMs).toBeGreaterThan(13_000);
    expect(witnessOf(fault).patienceMs).toBeGreaterThan(1000);
  });
});

describe('what is asked for', () => {
  test.each([
    [faultOf({ kind: 'hang' }), 'multivariant'],
    [faultOf({ kind: 'stale' }), 'playlist'],
    [faultOf({ kind: 'corrupt', share: 0.1 }), 'segment'],
    [faultOf({ kind: 'hang' }, { every: 3 }), 'segment'],
    [faultOf({ kind: 'hang' }, { rung: 1 }), 'playlist'],
    [faultOf({ kind: 'hang' }, { of: 'segment' }), 'segment'],
    [
      faultOf({ kind: 'cycle', steps: [{ forMs: 1, answer: { kind: 'gap', every: 2 } }] }),
      'playlist',
    ],
  ])('%o is shown by a %s', (fault, target) => {
    expect(probeTarget(fault)).toBe(target);
  });
});

describe('noise', () => {
  test('in a text is what nobody writes', () => {
    expect(isDamaged('/one/index.m3u8', Buffer.from(truePlaylist(3)))).toBe(false);
    const noise = corruptPackets(Buffer.from(truePlaylist(3)), 1, seededRandom(1));
    expect(isDamaged('/one/index.m3u8', noise)).toBe(true);
  });

  test('is found wherever a packet is spoilt', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 30 }), fc.nat(), (packets, at) => {
        const segment = Buffer.alloc(188 * packets, 0);
        for (let i = 0; i < packets; i++) segment[i * 188] = 0x47;
        expect(isDamaged('/one/v0/1.ts', segment)).toBe(false);
        segment[(at % packets) * 188] = 0x46;
        expect(isDamaged('/one/v0/1.ts', segment)).toBe(true);
      }),
    );
  });
});
