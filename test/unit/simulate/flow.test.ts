// Tests who waits behind a cut of a flow, in virtual time.

import { expect, test } from 'vitest';
import { virtualClock } from '../../support/virtualClock.ts';
import { seededRandom } from '../../../harness/kernel/random.ts';
import type { LinkFault } from '../../../harness/model/scenario.ts';
import { createFlow } from '../../../harness/simulate/flow.ts';

const HOLD: LinkFault = { kind: 'cut', effect: 'hold', links: ['up'], channels: ['one'] };

function cutFlow() {
  const flow = createFlow({ id: 'up', clock: virtualClock(), random: seededRandom(1) });
  flow.inject('cut', HOLD);
  const became: string[] = [];
  const send = (name: string, signal = new AbortController().signal): Promise<unknown> =>
    flow.cross('forward', 100, signal).then(
      (end) => became.push(`${name} ${end}`),
      () => became.push(`${name} gave up`),
    );
  return { flow, became, send };
}

test('what is held crosses in order once the cut is over', async () => {
  const { flow, became, send } = cutFlow();
  const sent = [send('a'), send('b')];
  expect(flow.isFree('forward')).toBe(false);
  flow.heal('cut');
  await Promise.all(sent);
  expect(became).toEqual(['a crossed', 'b crossed']);
  expect(flow.isFree('forward')).toBe(true);
});

test('who gives up is let go while the cut lasts', async () => {
  const { flow, became, send } = cutFlow();
  const ending = new AbortController();
  const [given, kept] = [send('a', ending.signal), send('b')];
  ending.abort();
  await given;
  expect(became).toEqual(['a gave up']);
  flow.heal('cut');
  await kept;
  expect(became).toEqual(['a gave up', 'b crossed']);
});
