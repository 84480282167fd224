import { describe, expect, test } from 'vitest';
import { provenBy, witnessName, type Witness } from '../../../harness/witness/catalogue.ts';
import type { Seen } from '../../../harness/witness/kind.ts';
import { witnessOnLink } from '../../../harness/witness/onLink.ts';
import type { StatsRecord } from '../../../harness/model/history.ts';
import type { LinkFault } from '../../../harness/model/scenario.ts';
import { counted } from '../../support/counted.ts';
import { readDesign } from '../../support/designs.ts';

const design = readDesign('single-access');
const where = { links: ['connect-up', 'connect-down'], channels: ['one'] };
const CUT: LinkFault = { kind: 'cut', effect: 'drop', ...where };
const NARROW: LinkFault = { kind: 'bandwidth', rateKbps: 400, ...where };

function witness(link: string, fault: LinkFault = CUT) {
  const found = design.links.find(({ name }) => name === link);
  if (!found) throw new Error(`no link ${link}`);
  return witnessOnLink(fault, { link: found, channel: 'one', design });
}

/** One reading each 250 ms from 0 on. */
const readings = (stage: string, counter: 'bytesIn', values: number[]): StatsRecord[] =>
  values.map((value, i) => counted({ stage, atMs: i * 250, [counter]: value }));

const bytes = (...values: number[]) => readings('transcoder.one', 'bytesIn', values);

interface Question extends Partial<Seen> {
  readonly witness?: Witness;
}

const ask = ({ witness: asked = witness('connect-up'), ...seen }: Question) =>
  provenBy(asked, { does: 'inject', doneAtMs: 600, stats: [], answers: [], ...seen });

describe('witnessOf', () => {
  test('asks the transcoder of the channel for the bytes of the contribution', () => {
    expect(witness('connect-up')).toMatchObject({ stage: 'transcoder.one', counter: 'bytesIn' });
  });

  test('asks the origin itself on the way back, through the proxy', () => {
    expect(witness('connect-down')).toMatchObject({ kind: 'answer', stage: 'origin' });
    expect(witnessName(witness('connect-down'))).toBe('answers of origin');
  });
});

describe('a cut is', () => {
  test('proven by bytes that stand still after they flowed', () => {
    expect(ask({ stats: bytes(10, 20, 30, 30, 30, 30, 30, 30) })).toEqual({
      proven: true,
      observed: 'bytesIn of transcoder.one stood still for 1.0 s',
    });
  });

  test('not proven by bytes that go on', () => {
    expect(ask({ stats: bytes(10, 20, 30, 40, 50, 60, 70, 80) })).toMatchObject({ proven: false });
  });

  test('not proven by silence that was there before', () => {
    expect(ask({ stats: bytes(10, 10, 10, 10, 10, 10, 10, 10) })).toEqual({
      proven: false,
      observed: 'bytesIn of transcoder.one did not grow before it either',
    });
  });

  test('not proven by a stage that says nothing, or by another stage', () => {
    expect(ask({ stats: bytes(10, 20) }).observed).toMatch(/reported nothing since/);
    const other = readings('transcoder.two', 'bytesIn', [10, 20, 30, 30, 30, 30, 30, 30]);
    expect(ask({ stats: [...bytes(10, 20), ...other] }).proven).toBe(false);
  });
});

describe('answers through the proxy', () => {
  const down = (fault: LinkFault) => ({
    witness: witness('connect-down', fault),
    before: { ms: 2 },
  });
  const proven = (question: Question) => ask(question).proven;

  test('prove a cut by their absence, its end by their presence', () => {
    const silent = { ...down(CUT), answers: [{ ms: undefined }] };
    const heard = { ...down(CUT), answers: [{ ms: 3 }] };
    expect(ask(silent)).toEqual({ proven: true, observed: 'origin did not answer' });
    expect(ask(heard)).toEqual({ proven: false, observed: 'origin answered within 3 ms' });
    expect(proven({ ...silent, does: 'heal' })).toBe(false);
    expect(proven({ ...heard, does: 'heal' })).toBe(true);
    expect(proven({ ...down(CUT) })).toBe(false);
  });
});

describe('healing is', () => {
  const heal = (stats: StatsRecord[]) => ask({ does: 'heal', stats });

  test('proven by bytes that flow again', () => {
    expect(heal(bytes(30, 30, 30, 30, 31, 50))).toEqual({
      proven: true,
      observed: 'bytesIn of transcoder.one grew again within 0.5 s',
    });
  });

  test('not proven by bytes that stand still', () => {
    expect(heal(bytes(30, 30, 30, 30, 30)).proven).toBe(false);
  });
});

describe('a narrow link is', () => {
  const narrow = { witness: witness('connect-up', NARROW) };

  test('proven by a rate that fell under the limit', () => {
    const wide = Array.from({ length: 12 }, (_, i) => i * 25_000);
    const thin = Array.from({ length: 12 }, (_, i) => 275_000 + (i + 1) * 12_500);
    const proof = ask({ ...narrow, doneAtMs: 2800, stats: bytes(...wide, ...thin) });
    expect(proof).toEqual({
      proven: true,
      observed: '400 kbit/s with it, 800 before, limit 400',
    });
  });

  test('proven to be gone by a rate above the limit, whatever came just before', () => {
    const thin = Array.from({ length: 12 }, (_, i) => i * 12_500);
    const wide = Array.from({ length: 12 }, (_, i) => 137_500 + (i + 1) * 25_000);
    const heal = { ...narrow, does: 'heal' as const, doneAtMs: 3300 };
    expect(ask({ ...heal, stats: bytes(...thin, ...wide) })).toEqual({
      proven: true,
      observed: '800 kbit/s without it, limit 400',
    });
    const still = Array.from({ length: 24 }, (_, i) => i * 12_500);
    expect(ask({ ...heal, stats: bytes(...still) }).proven).toBe(false);
  });

  test('proven also where a cut has just ended', () => {
    const wide = Array.from({ length: 12 }, (_, i) => i * 25_000);
    const cut = Array.from({ length: 10 }, () => 275_000);
    const thin = Array.from({ length: 12 }, (_, i) => 275_000 + (i + 1) * 12_500);
    const stats = bytes(...wide, ...cut, ...thin);
    expect(ask({ ...narrow, doneAtMs: 5300, stats }).proven).toBe(true);
  });

  test('not proven where no more came through before', () => {
    const thin = Array.from({ length: 24 }, (_, i) => i * 12_500);
    expect(ask({ ...narrow, doneAtMs: 2800, stats: bytes(...thin) }).proven).toBe(false);
  });
});
