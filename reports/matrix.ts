// The fate of players as a Markdown table, which a terminal shows as well.

import type { Cell, Matrix } from '../harness/model/matrix.ts';
import { formatMs, formatRange } from './duration.ts';
import { markdownTable, markdownText } from './markdown.ts';

export const renderMatrixJson = (matrix: Matrix): string => `${JSON.stringify(matrix, null, 2)}\n`;

export function renderMatrix(matrix: Matrix): string {
  const { cells, players, lengthMs, onFatal, madeAt, harness, simulated } = matrix;
  const played = simulated === undefined ? `Played ${madeAt}` : 'Simulated in virtual time';
  const versions = Object.entries(players).map(([name, version]) => `${name} ${version}`);
  const moments = [...new Set(cells.map(({ moment }) => moment))];
  return [
    `${played} with ${harness}: ${versions.join(', ')}; ${formatMs(lengthMs)} of wrong answers; after a fatal error the application does: ${onFatal}.`,
    ...(simulated === undefined ? [] : [markdownText(simulated)]),
    ...moments.flatMap((moment) => [
      MOMENT_WORDS[moment],
      momentTable(
        cells.filter((cell) => cell.moment === moment),
        Object.keys(players),
      ),
    ]),
    '',
  ].join('\n\n');
}

const MOMENT_WORDS = {
  running: 'Watching when the answers went wrong:',
  joining: 'Switched on 5 s after that:',
} as const;

function momentTable(cells: readonly Cell[], players: readonly string[]): string {
  const answers = [...new Set(cells.map(({ answer }) => answer))];
  const rows = answers.map((answer) => [
    answer,
    ...players.map((player) =>
      cellText(cells.find((cell) => cell.answer === answer && cell.player === player)),
    ),
  ]);
  return markdownTable(['answer', ...players], rows, 99);
}

function cellText(cell: Cell | undefined): string {
  if (!cell) return '';
  const gaveUp =
    cell.gaveUpMs === undefined
      ? ''
      : `, gave up at ${formatMs(cell.gaveUpMs)} (${markdownText(cell.error ?? '')})`;
  return `${recoveryText(cell)}; black ${formatRange({ low: cell.blackMs, high: cell.blackMsMax })}${gaveUp}`;
}

/** A picture that nobody could see for longer than this may have been lost at the heal. */
const UNSEEN_MS_MAX = 5_000;

function recoveryText({ recovery, backMs, blackMs, blackMsMax }: Cell): string {
  switch (recovery) {
    case 'recovered':
      if (backMs !== undefined) return `back ${formatMs(backMs)} after the heal`;
      return blackMsMax - blackMs > UNSEEN_MS_MAX ? 'back, unknown when' : 'had it at the heal';
    case 'not-recovered':
      return '**not back**';
    case 'unseen':
    case 'left':
      return 'unknown';
  }
}
