// The strip of an alert in a picture: written by the stages, read by the page, with and without a
// frame clock above it.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createAlertBanner } from '../../../harness/pipeline/alertBanner.ts';
import { blackPicture, stampClock, type Size } from '../../../harness/pipeline/picture.ts';
import { decodeAlert, encodeAlert, sumText } from '../../../harness/model/alertStrip.ts';
import { readPicture, type Luma } from '../../../players/page/picture.ts';
import { createLumaReader } from '../../../players/page/planes.ts';
import { watchAlerts } from '../../../players/page/alerts.ts';

const aSign = fc.record({
  number: fc.integer({ min: 1, max: 1023 }),
  revision: fc.integer({ min: 1, max: 15 }),
  exercise: fc.boolean(),
  textSum: fc.integer({ min: 0, max: 4095 }),
});
const CLOCK = { counter: 4711, channel: 2, slate: false };
const alert = { id: 'flood', number: 3, revision: 2, exercise: true, text: 'Go', issuedEpochMs: 0 };
const sign = { number: 3, revision: 2, exercise: true, textSum: sumText('Go') };

/** Planar 4:2:0 without gaps, as the page is given it. */
function seen(bytes: Buffer, { width, height }: Size): Luma {
  const planes = [{ offset: 0, stride: width }];
  return createLumaReader()({ bytes, width, height, format: 'I420', planes, fullRange: true });
}

describe('an alert in cells', () => {
  it('is read again, and never when a cell is wrong', () => {
    fc.assert(
      fc.property(aSign, fc.nat({ max: 47 }), (one, wrong) => {
        const cells = encodeAlert(one);
        expect(decodeAlert(cells)).toEqual(one);
        cells[wrong] = 1 - cells[wrong]!;
        expect(decodeAlert(cells)).toBeUndefined();
      }),
    );
  });
});

describe.each([
  { width: 320, height: 180 },
  { width: 192, height: 108 },
  { width: 1280, height: 720 },
])('a picture of $width x $height', (size) => {
  const banner = createAlertBanner(size);

  it('carries an alert below its frame clock, and over black', () => {
    const programme = blackPicture(size);
    programme.fill(130, 0, size.width * size.height);
    stampClock(programme, size, CLOCK);
    banner.set([alert]);
    const shown = readPicture(seen(banner.over(programme, 0), size));
    expect(shown).toMatchObject({ identity: CLOCK, alert: sign, luma: 130 });
    const dark = readPicture(seen(banner.over(blackPicture(size), 0), size));
    expect(dark).toMatchObject({ identity: undefined, alert: sign, luma: 16 });
  });

  it('is left as it was, and is itself when no alert is in force', () => {
    const programme = blackPicture(size);
    banner.set([alert]);
    banner.over(programme, 0);
    expect(programme.equals(blackPicture(size))).toBe(true);
    banner.set([]);
    expect(banner.over(programme, 0)).toBe(programme);
    expect(readPicture(seen(programme, size)).alert).toBeUndefined();
  });

  it('shows several alerts in turn', () => {
    banner.set([alert, { ...alert, number: 4 }]);
    const numbers = [0, 2_000, 4_000].map(
      (atMs) => readPicture(seen(banner.over(blackPicture(size), atMs), size)).alert?.number,
    );
    expect(numbers).toEqual([3, 4, 3]);
  });
});

describe('the watch over alerts', () => {
  it('tells each once when it comes and once when it is gone', () => {
    const told: string[] = [];
    const watch = watchAlerts((event, { number, revision }, atMs) =>
      told.push(`${atMs} ${event} ${number}.${revision}`),
    );
    const shown = { ...sign, by: 'picture' as const };
    watch.shows([], 0);
    watch.shows([shown], 1);
    watch.shows([shown], 2);
    watch.shows([{ ...shown, revision: 3 }], 3);
    watch.shows([], 4);
    expect(told).toEqual(['1 alert 3.2', '3 alert-over 3.2', '3 alert 3.3', '4 alert-over 3.3']);
  });
});
