// A portal in virtual time, as far as applications ask it for alerts: set-top boxes have no virtual form.

import type { Clock } from '../kernel/clock.ts';
import type { ToldAlert } from '../model/alert.ts';
import { alertsIn } from '../pipeline/contract.ts';
import { alertLine, askedArea } from '../pipeline/web/alertChannel.ts';
import { emptyAnswer, BROKEN } from './answers.ts';
import { reach, type Server } from './origin.ts';
import { createStageLife } from './stage.ts';

export function startPortal(clock: Clock): Server {
  let alerts: readonly ToldAlert[] = [];
  let requests = 0;
  const life = createStageLife(clock, () => (alerts = []));
  return {
    life,
    wrong: {
      command: (command) => void (alerts = alertsIn(command, 'alertsOnRequest') ?? alerts),
      answer: (_, truth) => truth(),
    },
    ask: async ({ path, signal }) => {
      if (!(await reach(life, signal))) return BROKEN;
      requests++;
      const area = askedArea(path, 'now');
      return area === undefined ? emptyAnswer(404) : { status: 200, body: alertLine(alerts, area) };
    },
    stats: () => ({ requests }),
  };
}
