// Shows a run while it goes on: lanes that redraw on a terminal, one line an event elsewhere.

import { describeViewers } from '../scenario/audience.ts';
import { logUpdateStderr } from 'log-update';
import pc from 'picocolors';
import { renderLive, renderLiveLine } from '../../reports/live.ts';
import { createLiveModel } from '../../reports/liveModel.ts';
import type { Watch } from '../rehearsal/recording.ts';
import { forTerminal, say } from './terminal.ts';

/** Often enough to look alive, seldom enough to leave the processor to the players. */
const REDRAW_MS = 250;

/** A quiet one says only what makes the figures of a run doubtful from its start. */
export function liveScreen({ quiet }: { readonly quiet: boolean }): Watch {
  if (quiet) return onlyWarnings;
  return process.stderr.isTTY ? redrawing : lineByLine;
}

const onlyWarnings: Watch = () => ({
  record: () => {},
  warn: (text) => say(`warning: ${text}`),
  [Symbol.dispose]: () => {},
});

const redrawing: Watch = ({ plan, nowMs }) => {
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
    [Symbol.dispose]: () => {
      clearInterval(timer);
      draw();
      update.done();
    },
  };
};

const lineByLine: Watch = ({ plan }) => {
  const imitated = new Set(
    describeViewers(plan.scenario).flatMap(({ id, imitates }) => (imitates ? [id] : [])),
  );
  return {
    record: (record) => {
      // Hundreds of them would hide what happens to the screens.
      if (record.type === 'viewer' && imitated.has(record.viewer)) return;
      const line = renderLiveLine(record);
      if (line !== undefined) say(line);
    },
    [Symbol.dispose]: () => {},
  };
};
