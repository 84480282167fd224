// Carries planned actions out at every place they concern, and has each proven there.

import { isOnStages } from '../model/scenario.ts';
import type { PlannedAction } from '../model/plan.ts';
import type { ActionPlayer } from './actions.ts';
import { linkSites, type LinkOptions } from './linkSites.ts';
import { createProver, nowMs, type Carried, type ProverOptions, type Site } from './prove.ts';
import { stageSites, type StageOptions } from './stageSites.ts';
import { turns } from './turns.ts';

export type ActionsOptions = ProverOptions & LinkOptions & StageOptions;

/** Plays actions; `askBefore` learns who answers, so that silence later tells. */
export interface Actions extends ActionPlayer {
  readonly askBefore: (actions: readonly PlannedAction[]) => Promise<void>;
}

export function createActions(options: ActionsOptions): Actions {
  const [onLinks, onStages] = [linkSites(options), stageSites(options)];
  const sitesOf = (action: PlannedAction): readonly Site[] =>
    isOnStages(action.fault) ? onStages(action, action.fault) : onLinks(action, action.fault);
  const prover = createProver(options);
  const carried = new Map<string, Carried>();
  const inTurn = turns();
  return {
    askBefore: async (actions) => {
      const [links, stages] = [false, true].map((on) =>
        actions.filter(({ fault }) => isOnStages(fault) === on).flatMap(sitesOf),
      );
      await Promise.all((links ?? []).map(prover.askBefore));
      for (const site of stages ?? []) await prover.askBefore(site);
      prover.keepSteady();
    },
    apply: async (action) => {
      const begunAtMs = nowMs(options);
      const work = sitesOf(action).map(({ target, act }) => inTurn(target, act));
      const results = await Promise.allSettled(work);
      const failed = results.find((result) => result.status === 'rejected');
      if (failed) throw failed.reason;
      carried.set(action.id, { begunAtMs, doneAtMs: nowMs(options) });
    },
    prove: async (action) => {
      if (action.prove === false) return;
      const now = nowMs(options);
      const at = carried.get(action.id) ?? { begunAtMs: now, doneAtMs: now };
      await Promise.all(sitesOf(action).map((site) => prover.prove(action, site, at)));
    },
  };
}
