// Holds the fate of virtual players against what docs/fate.md says of real ones: who comes back by
// itself, and which error a player gives up with.

import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Cell, Matrix, Moment } from '../../harness/model/matrix.ts';
import { ANSWER_NAMES, planMatrix, readMatrix } from '../../harness/rehearsal/matrix.ts';
import { simulatedPlan } from '../support/simulated.ts';

const PLAYERS = ['hls.js', 'shaka', 'video.js'] as const;
const MOMENTS: readonly Moment[] = ['running', 'joining'];
const WISHES = {
  players: PLAYERS,
  answers: ANSWER_NAMES,
  moments: MOMENTS,
  lengthMs: 40_000,
  onFatal: 'none',
} as const;

/** The tables of what was measured with real browsers, in the order of the moments. */
const measured = readFileSync('docs/fate.md', 'utf8')
  .split(/^\| answer .*\n.*\n/m)
  .slice(1)
  .map(
    (table) =>
      new Map(
        table
          .split('\n\n')[0]!
          .trim()
          .split('\n')
          .map((row) => row.split('|').map((cell) => cell.trim().replaceAll('\\', '')))
          .map(([, answer = '', ...cells]) => [answer, cells] as const),
      ),
  );

describe('players behind a wrong answer, in virtual time', () => {
  let matrix: Matrix;

  beforeAll(async () => {
    const { journal, report } = await simulatedPlan(planMatrix(WISHES));
    matrix = readMatrix({ lines: journal.trimEnd().split('\n'), report }, WISHES);
  });

  test.each(
    MOMENTS.flatMap((moment, table) =>
      ANSWER_NAMES.flatMap((answer) =>
        PLAYERS.map((player, column) => ({
          moment,
          answer,
          player,
          real: measured[table]!.get(answer)![column]!,
        })),
      ),
    ),
  )('$player $moment, $answer: as in the real browser', ({ moment, answer, player, real }) => {
    const cell = matrix.cells.find(
      (one) => one.moment === moment && one.answer === answer && one.player === player,
    );
    expect(fateOf(cell!)).toEqual(fateIn(real));
  });
});

interface Fate {
  readonly isBack: boolean;
  readonly error: string | undefined;
}

const fateOf = ({ recovery, error }: Cell): Fate => ({
  isBack: recovery === 'recovered',
  error: error?.split(' ')[0],
});

const fateIn = (cell: string): Fate => ({
  isBack: !cell.startsWith('**not back**'),
  error: /gave up at [^(]*\((\w+)/.exec(cell)?.[1],
});
