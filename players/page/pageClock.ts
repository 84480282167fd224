// The page's own clock in the page's own picture: a recording of the display shows by it whether its
// clock and the page's are the same, and how long a change of the page takes to be on the display.

import { PAGE_CLOCK, pageClockCells } from '../../harness/model/screen.ts';

/** Often enough to tell a median, seldom enough to cost nothing. */
const DRAW_EVERY_MS = 250;

export function startPageClock(epochMs: () => number): void {
  const { cellPx, cells } = PAGE_CLOCK;
  const canvas = document.createElement('canvas');
  canvas.width = cells * cellPx;
  canvas.height = cellPx;
  canvas.id = 'page-clock';
  const context = canvas.getContext('2d', { alpha: false });
  document.body.append(canvas);
  const draw = (): void => {
    if (!context) return;
    for (const [i, cell] of pageClockCells(epochMs()).entries()) {
      context.fillStyle = cell === 1 ? '#fff' : '#000';
      context.fillRect(i * cellPx, 0, cellPx, cellPx);
    }
  };
  setInterval(() => requestAnimationFrame(draw), DRAW_EVERY_MS);
}
