// Asks stages questions of our own, each on a connection of its own. Silence is an answer too, so that
// nothing here rejects.

import type { Answer } from '../model/answer.ts';
import type { Probe, ProbeQuestion } from '../model/world.ts';
import { askEchoes } from './echo.ts';
import { exchange } from './exchange.ts';
import { askHttp } from './httpProbe.ts';
import { askDates, askStore } from './originProbe.ts';
import { segmentsAt } from './segmentsAt.ts';

function ask(question: ProbeQuestion, token?: string): Promise<Answer> {
  const { at, withinMs, asks } = question;
  switch (asks.kind) {
    case 'exchange':
      return exchange(at, withinMs);
    case 'echo':
      return askEchoes({ at, withinMs, kbps: asks.kbps });
    case 'dates':
      return askDates({ at, withinMs }, asks.channel);
    case 'store':
      return askStore({ at, withinMs, token });
    case 'http':
      return askHttp({ at, withinMs, token, ...asks });
  }
}

/** Origins that ask for a token are asked with this one. */
export const probe = (uploadToken?: string): Probe => ({
  ask: (question) => ask(question, uploadToken),
  segmentsAt,
});
