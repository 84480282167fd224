// The channel of alerts beside the programme: what is in force in an area, asked for or pushed.

import { EventEmitter } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { expect, it } from 'vitest';
import {
  createAlertChannel,
  type AlertChannel,
} from '../../../harness/pipeline/web/alertChannel.ts';

const alert = (number: number, areas: readonly string[] = []) => ({
  id: `alert-${number}`,
  number,
  revision: 1,
  exercise: false,
  text: 'Stay',
  issuedEpochMs: 0,
  areas,
});

/** The numbers in each line that comes for a path; undefined where the channel does not answer. */
function ask(channel: AlertChannel, url: string) {
  const lines: number[][] = [];
  const note = (text: string) =>
    lines.push((JSON.parse(text) as { number: number }[]).map(({ number }) => number));
  const response = Object.assign(new EventEmitter(), {
    writeHead: () => response,
    write: note,
    end: note,
  });
  const answered = channel.answer(
    { url } as IncomingMessage,
    response as unknown as ServerResponse,
  );
  return { lines: answered ? lines : undefined, close: () => response.emit('close') };
}

it('answers with the alerts in force in an area and everywhere, and nothing else', () => {
  const channel = createAlertChannel();
  channel.command({ alertsOnRequest: [alert(1, ['Île de Ré']), alert(2), alert(3, ['lyon'])] });
  expect(ask(channel, `/alerts/now/${encodeURIComponent('Île de Ré')}`).lines).toEqual([[1, 2]]);
  expect(ask(channel, '/alerts/now/').lines).toEqual([[2]]);
  expect(ask(channel, '/guide').lines).toBeUndefined();
});

it('pushes what is in force at once and whenever it changes, for as long as somebody listens', () => {
  const channel = createAlertChannel();
  channel.command({ alertsPushed: [alert(1)] });
  const { lines, close } = ask(channel, '/alerts/pushed/lyon');
  channel.command({ alertsOnRequest: [alert(7)] });
  channel.command({ alertsPushed: [alert(1), alert(2, ['rouen'])] });
  channel.command({ alertsPushed: [] });
  expect(lines).toEqual([[1], [1], []]);
  close();
  channel.command({ alertsPushed: [alert(3)] });
  expect(lines).toHaveLength(3);
});

it('takes an area that cannot be read for no question', () => {
  const channel = createAlertChannel();
  expect(ask(channel, '/alerts/now/%E0%A4%A').lines).toBeUndefined();
  expect(ask(channel, '/alerts/pushed/%').lines).toBeUndefined();
});
