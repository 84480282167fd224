// The screen of a set-top box, tick by tick: a jitter buffer, a held picture, black, an error page.

import { describe, expect, it } from 'vitest';
import { MARK } from '../../../harness/model/history.ts';
import { createBoxScreen, type BoxScreen, type Look } from '../../../players/box/screen.ts';

const TIMES = { jitterMs: 80, holdMs: 200, errorMs: 600 };
const FRAME_MS = 40;
const programme = (counter: number): Look => [MARK.programme, counter, 120];

/** A letter a tick: the counter of a picture, `.` for nothing new, `b` for black, `E` for the error page. */
function shownFrom(screen: BoxScreen, fromMs: number, ticks: number): string {
  return Array.from({ length: ticks }, (_, i) => {
    const shown = screen.tick(fromMs + i * FRAME_MS);
    if (!shown) return '.';
    if (shown.kind === 'error') return 'E';
    return shown.kind === 'black' ? 'b' : String(shown.frame[2]);
  }).join('');
}

const started = () => createBoxScreen(TIMES, 25, 0);
const feed = (screen: BoxScreen, counters: readonly number[], atMs: number) =>
  counters.forEach((counter, i) => screen.picture(programme(counter), atMs + i * FRAME_MS));

describe('the screen of a box', () => {
  it('shows pictures once they have waited as long as the jitter buffer', () => {
    const screen = started();
    screen.picture(programme(1), 0);
    screen.picture(programme(2), 40);
    expect(shownFrom(screen, 0, 5)).toBe('..12.');
  });

  it('says which alert is burnt into the picture that it shows', () => {
    const screen = started();
    const sign = { number: 3, revision: 1, exercise: false, textSum: 7 };
    screen.picture(programme(1), 0, sign);
    screen.picture(programme(2), 40);
    const shown = [80, 120].map((atMs) => screen.tick(atMs));
    expect(shown).toMatchObject([{ kind: 'picture', alert: sign }, { kind: 'picture' }]);
    expect(shown[1]).not.toHaveProperty('alert', sign);
  });

  it('holds the last picture, is black, and shows its error page once', () => {
    const screen = started();
    feed(screen, [1, 2], 0);
    expect(shownFrom(screen, 80, 20)).toBe('12....bbbbbbbbbbE...');
  });

  it('shows the stream again when it is back, after its jitter buffer', () => {
    const screen = started();
    feed(screen, [1], 0);
    expect(shownFrom(screen, 80, 17)).toBe('1....bbbbbbbbbbE.');
    feed(screen, [7, 8, 9], 800);
    expect(shownFrom(screen, 800, 6)).toBe('..789.');
  });

  it('is no black picture before its first one, and an error page all the same', () => {
    expect(shownFrom(started(), 0, 17)).toBe('...............E.');
  });

  it('keeps no more than its jitter buffer and a burst', () => {
    const screen = started();
    feed(
      screen,
      Array.from({ length: 500 }, (_, i) => i),
      0,
    );
    expect(screen.waiting).toBe(77);
  });

  it('says when a black picture was shown, and that it is no programme', () => {
    const screen = started();
    feed(screen, [1], 0);
    shownFrom(screen, 80, 5);
    expect(screen.tick(280)).toEqual({ kind: 'black', frame: [280, MARK.none, -1, 0] });
  });
});
