// Shows a run while it goes on: lanes that redraw on a terminal, one line an event elsewhere.

import { logUpdateStderr } from 'log-update';
import pc from 'picocolors';
import type { HistoryRecord } from '../model/history.ts';
import type { Plan } from '../model/plan.ts';
import { renderLive, renderLiveLine } from '../../reports/live.ts';
import { createLiveModel } from '../../reports/liveModel.ts';
import { forTerminal, say } from './terminal.ts';

export interface LiveScreen extends Disposable {
  readonly record: (record: HistoryRecord) => void;
  /** A line from outside the journal, such as what Ctrl-C does now. */
  readonly say: (text: string) => void;
}

/** Often enough to look alive, seldom enough to leave the processor to the players. */
const REDRAW_MS = 250;

export interface LiveScreenOptions {
  readonly plan: Plan;
  /** Since run start. */
  readonly nowMs: () => number;
  readonly quiet: boolean;
}

export function createLiveScreen(options: LiveScreenOptions): LiveScreen {
  if (options.quiet) return { record: () => {}, say, [Symbol.dispose]: () => {} };
  return process.stderr.isTTY ? redrawing(options) : lineByLine();
}

function redrawing({ plan, nowMs }: LiveScreenOptions): LiveScreen {
  const model = createLiveModel(plan);
  const update = logUpdateStderr;
  const draw = () => {
    const size = { columns: process.stderr.columns || 100, rows: process.stderr.rows || 40 };
    const lines = renderLive(model.view(nowMs()), { ...size, colours: pc.isColorSupported });
    update(forTerminal(lines.join('\n')));
  };
  const timer = setInterval(draw, REDRAW_MS);
  return {
    record: model.record,
    say: (text) => {
      update.clear();
      say(text);
    },
    [Symbol.dispose]: () => {
      clearInterval(timer);
      draw();
      update.done();
    },
  };
}

function lineByLine(): LiveScreen {
  return {
    record: (record) => {
      const line = renderLiveLine(record);
      if (line !== undefined) say(line);
    },
    say,
    [Symbol.dispose]: () => {},
  };
}
